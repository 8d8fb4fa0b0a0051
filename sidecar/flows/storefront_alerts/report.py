"""What a message says when it is read as what it is: a log, a stack trace, an answer.

Where an alert leaves a member empty, its message often names the part; and much of a log is noise that would mislead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sidecar.flows.storefront_alerts.events import Alert
from sidecar.flows.storefront_alerts.outside import REMOTE
from sidecar.flows.storefront_alerts.patterns import CODING
from sidecar.flows.storefront_alerts.vendors import FRAUD, OTHERS, PAYMENTS

_DUMP = re.compile(
    r"^\s*(system|request) information\s*$|^\s*request (parameters|headers)\b.*$", re.IGNORECASE | re.MULTILINE
)
_PREFIX = re.compile(r"\[\d{4}-\d\d-\d\d [\d:.,]+ ?\w*\] (?=[A-Z]+ )")
_THREAD = re.compile(r"\b(ERROR|WARN|INFO|FATAL|DEBUG) (PipelineCall\w*|SystemJobThread|ShopRequest\w*|\w+Thread)\|\S*")
_CONTAINER = re.compile(
    r"^\s*at (org\.apache\.(catalina|coyote|tomcat)|javax?\.servlet|java\.base|sun\.|jdk\.|"
    r"com\.demandware\.(beehive|core\.servlet))\S*$|^\s*\.\.\. \d+ more$",
    re.MULTILINE,
)
_CLAUSE = re.compile(r"(?:[;|\n–—]|, |\. | - | but | while | aber | mais | though |、|。)", re.IGNORECASE)
_GOOD = re.compile(
    r"\b(fine|normal\w*|healthy|ok|okay|green|unaffected|unchanged|succe(ed|ss)\w*|intact|works|passe[sd]|"
    r"up and running|"
    r"in ordnung|unauffällig|gesund|erfolgreich|nominale?|réussi\w*|sans incident)\b|\b[12]xx\b|正常|問題なし|"
    r"影響なし|(?<!\d)0件|"
    r"\b(was|were|is|are)? ?(not|never) (called|reached|involved|contacted|touched|affected|asked)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(not|no longer|never|nicht|kein\w*|pas|above|than|vs|versus|over|fail\w*|error\w*|below|until|[45]\d\d|"
    r"[45]xx)\b(?! (called|"
    r"reached|involved|contacted|touched|affected|asked))",
    re.IGNORECASE,
)
_SHOPPER = re.compile(
    r"\bplease\b|\byour (card|bank|payment|order|basket|cart|request|browser|details)|we('re| are) sorry|try again|"
    r"\boops\b|\bbitte\b|\bsie es\b|"
    r"\bihre (karte|bank|zahlung|bestellung)|veuillez|réessay|votre (carte|banque|commande|paiement)|désolé|申し訳|"
    r"お試し|お客様|ください",
    re.IGNORECASE,
)
"""What shoppers are told says nothing about the cause."""
_MONITOR = re.compile(r"\bmonitor(ing)?:? ([\"'“„«「]).*?[\"'”“»」]", re.IGNORECASE)
_FILE = r"(?!\S*\.(?:js|ds|isml|xml|xsd|csv|json|properties|zip|txt|html?|jpe?g|png|log|css|svg|tsv|gz|wsdl)\b)"
_SERVICE = (
    re.compile(r"\bcustom\.service\.([a-z][\w-]*(?:\.[\w-]+)*)", re.IGNORECASE),
    re.compile(r"\bservice.?(?:id|name)?[\"']?\s?[=:]\s?[\"']?([a-z][\w-]*(?:\.[\w-]+)+)", re.IGNORECASE),
    re.compile(r"\bdw\.svc[. ]([a-z][\w-]*(?:\.[\w-]+)+)", re.IGNORECASE),
    re.compile(r"\b(?:service|dienst|サービス) [\"'„«]?([a-z][\w-]*(?:\.[\w-]+)+)", re.IGNORECASE),
    re.compile(
        rf"(?<![\w./@-])(?!(?:dw|app|com|org|net|java|javax|sun|www|shop|m|store|quota|custom|api|object|system|"
        rf"status|cf|http|edge|request|response|ip|ssl|tls|err)\.){_FILE}"
        r"([a-z][a-z0-9_-]+(?:\.[a-z][a-z0-9_-]+){1,3})"
        r"(?![\w-])(?<!\.com)(?<!\.example)(?<!\.net)(?<!\.org)(?<!\.[a-z]{2})(?![\w.-]*\.(?:com|net|org|"
        r"example)\b)(?=[^\n;/@.]{0,40}?(?:time[ds]?.?-?out|\b[45]\d\d\b|unavailable|unreachable|refus|fail|\berr|"
        r"declin|reject|"
        r"nicht erreichbar|indisponible|délai|エラー|タイムアウト))",
    ),
)
_FRAME = re.compile(r"(?<![\w-])([\w-]{1,80}/cartridge/[\w./-]+\.(?:js|ds|isml))", re.IGNORECASE)
_EXCEPTION = re.compile(r"(?<![\w.$])((?:[a-z][\w$]*\.)*[A-Z]\w*(?:Exception|Error|Fault))\b")
_REQUEST = re.compile(r"[A-Z]\w+-[A-Z]\w+")
_JOB = re.compile(r"\bSystemJobThread\|\d+\|([^|\s]+)")
_HOOK = re.compile(r"\b((?:dw|app)\.(?:order|ocapi|customer|payment|basket|shop|checkout|extensions)\.[\w.]+)")

_FAMILY = re.compile(r"\bshopper-[a-z]+\b", re.IGNORECASE)
_TOKEN = re.compile(r"[\w.-]+", re.ASCII)
_HOST = re.compile(
    r"(?!(www|shop|m|store|com|org|java|dw|custom)\.).*\.(com|net|io|eu|org|example|co|cloud|app|[a-z]{2})",
    re.IGNORECASE,
)
_FILES = re.compile(r".*\.(js|ds|gz|md|py|sh|ts)", re.IGNORECASE)
MANY = 3
"""Of this many API families that fail together none is the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`complaint` is the message without noise and without what it says is well; the others are empty if not named."""

    complaint: str
    service: str = ""
    frame: str = ""
    exception: str = ""
    job: str = ""
    hook: str = ""
    families: str = ""
    hosts: str = ""


def report(message: str) -> Report:
    complaint = complaint_of(message)
    return Report(
        complaint=complaint,
        service=next((found[1] for pattern in _SERVICE if (found := pattern.search(complaint))), ""),
        frame=_first(_FRAME, complaint),
        exception=_first(_EXCEPTION, complaint),
        job=_first(_JOB, message),
        hook=_first(_HOOK, complaint),
        hosts=" ".join(hosts_in(complaint)),
        families=" ".join(families) if len(families := {*_FAMILY.findall(complaint)}) >= MANY else "",
    )


def hosts_in(text: str) -> list[str]:
    """Names of hosts that are not the shop's own."""
    found = (token.strip(".-") for token in _TOKEN.findall(text) if "." in token)
    return [host for host in found if host.count(".") > 1 and _HOST.fullmatch(host) and not _FILES.fullmatch(host)]


def complaint_of(message: str) -> str:
    """Without the dump of the request, the frames of the web server, log prefixes, and clauses that clear somebody."""
    dump = _DUMP.search(message)
    text = message[: dump.start()] if dump else message
    for noise in (_PREFIX, _THREAD, _CONTAINER, _MONITOR):
        text = noise.sub("", text)
    parts = [part for part in re.split(f"({_CLAUSE.pattern})", text, flags=re.IGNORECASE) if part]
    parts = [part for part in parts if not _SHOPPER.search(part)]
    return "".join(part for part in parts if not cleared(part)).strip() or "".join(parts)


def cleared(clause: str) -> bool:
    return bool(_GOOD.search(clause)) and not _BAD.search(clause)


def remote(exception: str, said: Report) -> str:
    """The complaint, when a call to another house failed and its service, or the code that called, is named."""
    text = f"{exception} {said.complaint}"
    if not re.search(REMOTE, text, re.IGNORECASE):
        return ""
    named = (
        said.service or said.frame or re.search(rf"soap ?fault|jsch|{OTHERS}|{PAYMENTS}|{FRAUD}", text, re.IGNORECASE)
    )
    return text if named else ""


def request_on_top(alert: Alert) -> str:
    """The process that used most, when it is a request of the storefront (`Search-Show`) and no job."""
    top = alert.top_process
    return top if top and not alert.job and (top == alert.node or _REQUEST.fullmatch(top)) else ""


def told(alert: Alert, said: Report) -> str:
    """The complaint, when own code logs it without having failed itself: no exception, no fault of coding."""
    frame = alert.cartridge_path or said.frame
    fault = alert.exception or said.exception or re.search(CODING, said.complaint, re.IGNORECASE)
    logged = alert.logger.startswith("custom") or re.search(r"\bcustom\.(?!service)\w+", said.complaint)
    return said.complaint if frame and logged and not fault and not alert.quota and not alert.service else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
