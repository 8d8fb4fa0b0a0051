"""The evidence the router weighs, team by team.

6 and more: says who, whatever else is there · 4: names the part that broke · 2 to 3: usual for this team · 1: a hint.
What an alert is *about* (its signal, a word like "payment") is a hint; *where it failed* (the third party it names, the
code it names, the edge, the database, the setting somebody changed) decides. The words are in `patterns`, `upkeep` and
`outside`, the names in `vendors`. Sources: cartridge naming of SFRA and LINK, SCAPI's families, the platform's error
texts, Cloudflare's 52x codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sidecar.flows.storefront_alerts import outside as o
from sidecar.flows.storefront_alerts import patterns as p
from sidecar.flows.storefront_alerts import upkeep as u
from sidecar.flows.storefront_alerts.vendors import FRAUD, OTHERS, PAYMENTS

Team = Literal["storefront", "payments", "integrations", "operations", "network", "platform"]
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`pattern` on one clue, case ignored; only for `signals` when named, not when the alert has a clue of `unless`."""

    id: str
    clue: str
    pattern: str
    team: Team
    weight: float
    signals: Names = ()
    unless: Names = ()


def _rules(
    team: Team, *rows: tuple[str, str, str, float] | tuple[str, str, str, float, dict[str, Names]]
) -> tuple[Rule, ...]:
    """Rows of id, clue, pattern, weight and, where a rule is not for all alerts, for which."""
    return tuple(
        Rule(id=row[0], clue=row[1], pattern=row[2], team=team, weight=row[3], **(row[4] if len(row) == 5 else {}))
        for row in rows
    )


_API = ("api_errors", "api_timeout", "slas_rate", "load_shedding")
_BUSY: Names = ("page_slow", "load_shedding", "api_timeout", "api_errors", "order_rate_drop", "checkout_failures")
_NOT_CODE: dict[str, Names] = {"unless": ("cartridge",)}
_NOT_SERVICE: dict[str, Names] = {"unless": ("service",)}
_ALONE: dict[str, Names] = {"unless": ("service", "cartridge", "hook", "cdn")}

_PLATFORM = _rules(
    "platform",
    ("database", "message", p.DATABASE, 9),
    ("database-exception", "exception", p.DATABASE, 6),
    ("instance", "message", p.INSTANCE, 9),
    ("core-exception", "exception", r"com\.demandware\.(core|component|beehive)|outofmemory|clusterlock|stalestate", 4),
    ("core-thrown", "thrown", p.CORE_THROWN, 7.5),
    ("families", "families", r".+", 3, {"signals": _API, **_ALONE}),
    ("salesforce", "message", r"(?<![./])\bsalesforce(?!\.com| (marketing|order|service) )", 4),
    ("salesforce-own", "service", r"einstein|cquotient|slas\b|sfdc", 7),
    ("everywhere", "message", p.SLOW_EVERYWHERE, 2.5, {"unless": ("service", "cartridge", "cdn")}),
    ("salesforce-service", "api", r"einstein|\bcdn/|mrt", 4),
    ("core-logger", "logger", r"^system\.", 1),
    ("shedding", "signal", "^load_shedding$", 5),
    ("gateway", "message", p.GATEWAY, 3, {"signals": _API, "unless": ("service", "cartridge", "cdn")}),
    # An API's own fault only where no hook can stand behind it; elsewhere the status alone says nobody's.
    ("api-fault", "status", r"^5\d\d$", 1.5, {"signals": _API, **_ALONE}),
    ("api-without-hooks", "api", p.HOOKLESS, 2.5,
     {"signals": ("api_timeout", "api_errors"), **_ALONE}),
    # Families that only read seldom carry hooks.
    ("api-read-only", "api", p.READ_ONLY, 2.5,
     {"signals": ("api_timeout",), **_ALONE}),
    ("replication-service", "message", p.REPLICATION_SERVICE, 5, {"signals": ("replication_failed",)}),
    ("login-fault", "status", r"^5\d\d$", 3, {"signals": ("slas_rate",), **_ALONE}),
    ("login-service", "signal", "^slas_rate$", 1.5),
)  # fmt: skip

_STOREFRONT = _rules(
    "storefront",
    ("own-fault", "everything", p.FAULT_HERE, 7),
    ("custom-api", "api", r"^/?custom/", 4),
    ("cartridge-storefront", "cartridge", p.OWN, 5),
    ("cartridge-own", "cartridge", r"^(?!.*\b(int|bc|bm|modules)[_/])", 3),
    ("code-named", "message", p.OWN, 4, {"unless": ("service", "replication", "remote")}),
    ("script-line", "message", r"\.(js|ds)[:#]\d+|cartridge/(scripts|controllers|models|forms|templates)/", 2.5,
     {"unless": ("service", "cartridge")}),
    ("coding-fault", "message", p.CODING, 4, {"unless": ("service", "vendor-code")}),
    ("coding-exception", "exception", p.CODING, 3, {"unless": ("service", "vendor-code")}),
    ("template", "message", p.TEMPLATE, 4),
    ("front-end", "message", p.FRONT_END, 3),
    ("page-parts", "message", p.PAGE_PARTS, 2.5, {"unless": ("service",)}),
    ("since-release", "message", p.SINCE_RELEASE, 2.5,
     {"unless": ("service", "replication")}),
    ("api-quota", "quota", r"^api\.", 2.5),
    ("calls-too-often", "message", p.PER_CALL, 5, {"signals": _API}),
    ("api-bad-request", "status", r"^(400|405|409|415|422)$", 2, {"signals": ("api_errors",), **_ALONE}),
    ("own-hook", "hook", r".+", 2, {"unless": ("service",)}),
)  # fmt: skip

_PAYMENTS = _rules(
    "payments",
    ("cartridge-payment", "cartridge",
     rf"int_\w*({PAYMENTS}|pay|card|bank|credit|money|wallet|3ds)|int_({PAYMENTS})", 5),
    ("service-payment", "service", o.PAY_ID, 5),
    ("service-of-payment", "service", r".+", 4.5, {"signals": ("payment_failures",)}),
    ("service-verb", "service", o.PAY_VERB, 4.5),
    ("payment-named", "message", PAYMENTS, 2),
    ("payment-fails", "message", rf"({PAYMENTS})\w*{o.FAILS}|{o.FAILED_AT}({PAYMENTS})", 4, _NOT_CODE),
    ("payment-host", "hosts", o.PAY_HOST, 5, _NOT_CODE),
    ("payment-provider", "message", o.PROVIDER, 2.5),
    ("payment-party", "sentence", o.PAYMENT_PARTY, 4.5, _NOT_CODE),
    ("payment-answer", "message", o.PROVIDER_ANSWER, 7),
    ("payment-remote", "remote", rf"{o.PAY_ID}|{o.PROVIDER_ANSWER}", 8.5),
    ("payment-hook", "hook", r"payment\.", 3),
    ("payment-job", "job", rf"settle|capture|refund|{PAYMENTS}|pay|chargeback|payout", 2.5),
    ("about-payment", "signal", "^payment_failures$", 1),
)  # fmt: skip

_INTEGRATIONS = _rules(
    "integrations",
    ("cartridge-integration", "cartridge", r"\b(int|bc)_", 4),
    ("service-fraud", "service", o.FRAUD_ID, 6),
    ("service-other", "service", o.OTHER_ID, 5),
    ("service", "service", r".+", 3.5),
    ("other-named", "message", rf"{OTHERS}|{FRAUD}", 2),
    ("other-fails", "message", rf"({OTHERS}|{FRAUD}|vertex)\w*{o.FAILS}|{o.FAILED_AT}({OTHERS}|{FRAUD})", 4, _NOT_CODE),
    ("other-everyday", "message", o.EVERYDAY, 4, _NOT_CODE),
    ("remote-fault", "remote", o.REMOTE, 7),
    ("fraud-remote", "remote", FRAUD, 9),
    ("third-party", "message", o.THIRD_PARTY, 2),
    ("third-party-fails", "message", rf"({o.THIRD_PARTY})\w*{o.FAILS}|{o.FAILED_AT}({o.THIRD_PARTY})", 3.5, _NOT_CODE),
    ("tax-hook", "hook", r"tax|shipping", 2),
    ("foreign-host", "hosts", r"\S+", 3, {"signals": ("cdn", "job_failed")}),
    ("foreign-script", "hosts", r"\S+", 4, {"signals": ("page_slow",)}),
)  # fmt: skip

_NETWORK = _rules(
    "network",
    ("edge-event", "cdn", u.EDGE_EVENT, 9),
    ("not-our-edge", "cdn", r"sub.?resource|third.?party", -6),
    ("edge-origin", "cdn", r"origin|5xx|down|unhealthy|healthcheck", 1.5),
    ("edge-status", "status", r"^52[0-7]$", 4),
    ("edge-sure", "message", u.EDGE_SURE, 8),
    ("edge-word", "message", u.EDGE_WORD, 3.5, {"unless": ("service", "cartridge", "cdn")}),
    ("edge-named", "message", u.EDGE, 4, {"unless": ("service", "cartridge")}),
    ("own-host-tls", "message", u.OWN_HOST_TLS, 10),
    ("tls", "message", u.TLS, 3, _NOT_SERVICE),
    ("html-not-json", "message", u.HTML, 2, _NOT_SERVICE),
    ("edge-quota", "quota", r"ecdn|edge|waf|zone|certificate", 5),
)  # fmt: skip

_OPERATIONS = _rules(
    "operations",
    ("job", "job", r".+", 2.5),
    ("replication", "signal", "^replication_failed$", 3),
    ("data-quota", "quota", r"^object\.|^(?!api\.|ecdn)", 4),
    ("job-on-top", "process", r"^(?!.*(\.js|[/.]))", 4,
     {"signals": _BUSY, "unless": ("request",)}),
    ("job-at-fault", "message", u.JOB_AT_FAULT, 3, _NOT_CODE),
    ("data-volume", "message", u.VOLUME, 2, {"signals": ("quota",), "unless": ("quota", "service", "cartridge")}),
    ("changed-sure", "message", u.CHANGED_SURE, 8),
    ("set", "message", u.SET, 2, _NOT_CODE),
    ("told-by-code", "told", rf"{u.CHANGED}|{u.DATA}", 7),
    ("changed", "message", u.CHANGED, 3, _NOT_CODE),
    ("data", "message", u.DATA, 2.5, _NOT_CODE),
    ("api-client", "message", u.CLIENT, 4, _NOT_SERVICE),
    ("api-refuses-client", "status", r"^40[13]$", 2, {"signals": ("api_errors", "slas_rate"), **_ALONE}),
)  # fmt: skip

RULES: Final = _PLATFORM + _STOREFRONT + _PAYMENTS + _INTEGRATIONS + _NETWORK + _OPERATIONS
