"""Content's HTML loses what can act and keeps what can be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcc_client.emulator.storefront.markup import sanitized


@pytest.mark.parametrize(
    ("source", "safe"),
    [
        ("<p>One <b>two</b></p>", "<p>One <b>two</b></p>"),
        ("<p class=x style='y' onclick=z>One</p>", "<p>One</p>"),
        ("<h1>Big</h1><font>plain</font>", "Bigplain"),
        ("a<script>b</script>c<style>d</style>e", "ace"),
        ("a<svg><script>b</script></svg>c", "ac"),
        ("<script>never closed", ""),
        ("<ul><li>One<li>Two</ul>rest", "<ul><li>One<li>Two</li></li></ul>rest"),
        ("<b>open", "<b>open</b>"),
        ("shut</b>", "shut"),
        ("1 < 2 &amp; &lt;b&gt;", "1 &lt; 2 &amp; &lt;b&gt;"),
        ("<a href='https://example.com/?a=1&b=2'>x</a>",
         '<a href="https://example.com/?a=1&amp;b=2" rel="noopener nofollow">x</a>'),
        ("<a href='/help'>x</a>", '<a href="/help" rel="noopener nofollow">x</a>'),
        ("<a href='//evil.example.com'>x</a>", "<a>x</a>"),
        ("<a href='java\tscript:x'>x</a><a href=' JavaScript:x'>y</a>", "<a>x</a><a>y</a>"),
        ("<a href='data:x'>z</a>", "<a>z</a>"),
        ("<img src=x onerror=y><!-- c --><br/>", "<br>"),
    ],
)  # fmt: skip
def test_only_what_is_known_stays(source: str, safe: str) -> None:
    assert sanitized(source) == safe


TAG = re.compile(r'</?(?:a|b|p|li)>|<a href="[^"<>]*" rel="noopener nofollow">|<br>')


@given(st.lists(st.sampled_from(
    ["<", ">", '"', "'", "<a href=", "<script", "</script>", "<p onload=", "<b>", "</p>", "<svg>", "</svg>", "<!--",
     "-->", "javascript:", "https://x", "<br/>", "<li>", "&lt;", "&#60;", "x", " ", "/", "<![CDATA[", "]]>"]
), max_size=25).map("".join))  # fmt: skip
def test_whatever_is_sent_no_other_tag_comes_back(source: str) -> None:
    assert "<" not in TAG.sub("", sanitized(source))
