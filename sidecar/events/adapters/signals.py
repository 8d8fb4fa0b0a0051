"""Which signal a text is about, where its source does not say. The first row that fits wins."""

from __future__ import annotations

import re
from typing import Any, Final

_ROWS: Final = tuple(
    (signal, re.compile(pattern, re.IGNORECASE))
    for signal, pattern in (
        ("quota", r"\bquota\b"),
        ("hook_circuit_open", r"circuit ?breaker|hook[^\n]{0,40}(?:disabled|suspended)"),
        ("load_shedding", r"load ?shed|(?:status|http|code)\W{0,3}503\b|service overload"),
        ("slas_rate", r"\bslas\b[^\n]{0,80}(?:429|rate|limit|too many)|(?:429|too many)[^\n]{0,80}\bslas\b"),
        ("replication_failed", r"\breplication\b"),
        ("job_failed", r"JobThread|\bjob\b[^\n]{0,60}(?:fail|abort|error)|dw\.system\.job"),
        ("order_rate_drop", r"(?:order rate|orders per|no orders|fewer orders|orders? drop)"),
        ("page_slow", r"\b(?:LCP|INP|CLS|TTFB)\b|page (?:load|speed)|slow page"),
        (
            "payment_failures",
            r"SubmitPayment|payment[^\n]{0,60}(?:fail|declin|error|refus|timed? ?out)|authori[sz]ation at",
        ),
        ("checkout_failures", r"CheckoutServices-|COPlaceOrder|PlaceOrder|checkout[^\n]{0,40}(?:fail|error)"),
        ("api_timeout", r"time[- ]?out|timed out|SocketTimeout|read timed"),
        ("cdn", r"\becdn\b|\bcdn\b|cloudflare|\bwaf\b"),
        ("api_errors", r"HTTPClient|dw\.svc|service[^\n]{0,40}(?:error|fail)|\bscapi\b|\bocapi\b|\bHTTP [45]\d\d\b"),
    )
)
_LIMITS: Final = {
    "limit": r"\blimit\b\W{0,3}(\d{1,15})",
    "warn": r"\bwarn(?:ing)?(?: threshold)?\b\W{0,3}(\d{1,15})",
    "maxActual": r"max(?:imum)? actual(?: was)?\W{0,3}(\d{1,15})",
    "exceededTimes": r"exceeded\W{0,3}(\d{1,7}) times?",
}
_QUOTA_ID = re.compile(
    r"\b((?:api|object|cust?om)\.[\w.()]{1,180}(?:@\w+)?)|\bquota\W{1,3}([\w.()@-]{3,200})", re.IGNORECASE
)


def signal_of(text: str) -> str:
    """The signal a text is about; ``error_rate`` when it says nothing more."""
    return next((signal for signal, pattern in _ROWS if pattern.search(text)), "error_rate")


def quota_of(text: str) -> dict[str, Any]:
    """The members of a quota alert that the text names; empty without an id."""
    found = _QUOTA_ID.search(text)
    if found is None:
        return {}
    numbers = {name: re.search(pattern, text, re.IGNORECASE) for name, pattern in _LIMITS.items()}
    return {"id": found[1] or found[2]} | {name: int(number[1]) for name, number in numbers.items() if number}
