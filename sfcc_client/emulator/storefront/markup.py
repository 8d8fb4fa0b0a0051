"""HTML of content assets made safe to show: known tags and addresses stay, everything else becomes text or nothing."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_KEPT = frozenset(
    {
        *("a", "b", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p"),
        *("pre", "s", "small", "span", "strong", "sub", "sup", "u", "ul"),
        *("table", "tbody", "td", "th", "thead", "tr"),
    }
)
_EMPTY = frozenset({"br", "hr"})
# What is between these tags is no text for readers.
_DROPPED = frozenset(
    {"script", "style", "template", "iframe", "object", "noscript", "svg", "math", "title", "textarea"}
)
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)[^\s\\]*", re.IGNORECASE)


def sanitized(source: str) -> str:
    """The markup without scripts, styles, handlers and foreign addresses; every tag that is opened is closed."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.text()


def safe_address(address: str) -> str | None:
    """An address a link may lead to: of the web, mail, telephone or this site; None for any other."""
    return address.strip() if _ADDRESS.fullmatch(address.strip()) else None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []
        self._dropping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropping.append(tag)
        if self._dropping or tag not in _KEPT:
            return
        address = safe_address(dict(attrs).get("href") or "") if tag == "a" else None
        self._parts.append(f'<a href="{escape(address)}" rel="noopener nofollow">' if address else f"<{tag}>")
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """``<br/>`` and the like; what is closed at once drops nothing behind it."""
        if tag in _EMPTY:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._dropping:
            while self._dropping.pop() != tag:
                pass
        elif not self._dropping and tag in self._open:
            while True:
                closed = self._open.pop()
                self._parts.append(f"</{closed}>")
                if closed == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self._parts.append(escape(data))

    def text(self) -> str:
        return "".join(self._parts) + "".join(f"</{tag}>" for tag in reversed(self._open))
