"""Every state the panel can be in says what its fixture expects, and nothing it must not say."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_state(stage, state_of, words, state_name):
    found = state_of(state_name)
    page = stage.open(state_name)
    panel = page.locator("sfcc-c360 .panel")
    for sentence in found.expect:
        expect(panel).to_contain_text(sentence, use_inner_text=True)
    seen = words(page)
    assert [sentence for sentence in found.absent if sentence in seen] == []
    assert page.evaluate("window.hacked") is None
