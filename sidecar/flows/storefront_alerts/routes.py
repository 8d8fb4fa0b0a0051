"""The evidence the router weighs. 3 and more: names the part that broke · 2: usual for this team · 1: a hint.

Sources: the service naming of LINK cartridges (``int_…``, ``adyen.…``), SCAPI's API families, the platform's own error
texts, Cloudflare's status codes 520 to 527 behind eCDN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Team = Literal["storefront", "payments", "integrations", "operations", "network", "platform"]

_PSP = (
    r"adyen|stripe|paypal|braintree|klarna|worldpay|cybersource|checkout\.?com|affirm|afterpay|clearpay|mollie|"
    r"amazon.?pay|apple.?pay|google.?pay|authorize\.?net|verifone|wirecard|computop|payone|payu|ingenico|nuvei|"
    r"ratepay|sezzle|zip.?pay|forter|riskified|signifyd|3ds|\bpsp\b|payments?\b|giftcard.?balance"
)
_BACK_OFFICE = (
    r"\boms\b|oms[._]|\berp\b|\bsap\b|\bwms\b|\bpim\b|\bcrm\b|avalara|vertex|taxjar|\btax\b|bazaarvoice|yotpo|"
    r"powerreviews|turnto|shipping|carrier|fedex|\bups\b|\bdhl\b|easypost|shippo|narvar|loqate|qas\b|experian|"
    r"address.?(verif|valid)|inventory|loyalty|klaviyo|emarsys|exacttarget|marketing.?cloud|sendgrid|twilio|algolia|"
    r"coveo|constructor|mulesoft|boomi|order.?export|middleware|warehouse|google.?maps|store.?locator"
)
_NET = r"\bdns\b|\btls\b|\bssl\b|certificate|\bwaf\b|firewall|edge|origin|cdn|cloudflare|\b52[0-7]\b|proxy|bot.?fight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`pattern` on one clue, case ignored; only for `signals` when they are named."""

    id: str
    clue: str
    pattern: str
    team: Team
    weight: float
    signals: tuple[str, ...] = ()


RULES: Final = (
    # The signal itself says where most of its causes are.
    Rule(id="signal-payment", clue="signal", pattern="^payment_failures$", team="payments", weight=2),
    Rule(id="signal-job", clue="signal", pattern="^job_failed$", team="operations", weight=2),
    Rule(id="signal-replication", clue="signal", pattern="^replication_failed$", team="operations", weight=3),
    Rule(id="signal-quota", clue="signal", pattern="^quota$", team="operations", weight=1),
    Rule(id="signal-cdn", clue="signal", pattern="^cdn$", team="network", weight=4),
    Rule(id="signal-shedding", clue="signal", pattern="^load_shedding$", team="platform", weight=4),
    Rule(id="signal-slas", clue="signal", pattern="^slas_rate$", team="platform", weight=2),
    Rule(id="signal-pages", clue="signal", pattern="^page_slow$", team="storefront", weight=2),
    Rule(id="signal-errors", clue="signal", pattern="^error_rate$", team="storefront", weight=0.5),
    # Which third party, by the name of its service.
    Rule(id="service-psp", clue="service", pattern=_PSP, team="payments", weight=4),
    Rule(id="service-back-office", clue="service", pattern=_BACK_OFFICE, team="integrations", weight=4),
    Rule(id="service-any", clue="service", pattern=r".", team="integrations", weight=1),
    # Whose code.
    Rule(id="cartridge-psp", clue="cartridge", pattern=_PSP, team="payments", weight=4),
    Rule(id="cartridge-integration", clue="cartridge", pattern=r"\b(int|bc|bm)_", team="integrations", weight=2.5),
    Rule(
        id="cartridge-storefront", clue="cartridge", pattern=r"\b(app|plugin)_|storefront", team="storefront", weight=3
    ),
)
