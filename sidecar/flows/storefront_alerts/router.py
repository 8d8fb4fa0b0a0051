"""Which team an alert belongs to, by weighted evidence; without enough of it: nobody's, which is a queue of its own.

Each piece of evidence speaks for one team with a weight. The team with the most wins, when it has `ENOUGH` and leads by
`LEAD`. The reason is the strongest piece of the winner, by the id of its rule and the clue it matched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sidecar.flows.storefront_alerts.events import Alert
from sidecar.flows.storefront_alerts.report import Report, remote, report, request_on_top, told
from sidecar.flows.storefront_alerts.routes import RULES, Rule, Team

Layer = Literal["application", "infrastructure", "unrouted"]
LAYERS: Final[dict[str, Layer]] = {
    "storefront": "application",
    "payments": "application",
    "integrations": "application",
    "operations": "infrastructure",
    "network": "infrastructure",
    "platform": "infrastructure",
    "unrouted": "unrouted",
}
UNROUTED: Final = "unrouted"
ENOUGH: Final = 2.0
LEAD: Final = 0.5
CORROBORATION: Final = 0.25
FEW: Final = 3


SEEN: Final[Mapping[str, Callable[[Alert, Report], str]]] = {
    "signal": lambda alert, _: alert.signal,
    "service": lambda alert, said: alert.service or said.service,
    "cartridge": lambda alert, said: alert.cartridge_path or said.frame,
    "vendor-code": lambda alert, said: _matched(r"\b(int|bc)_\w+", alert.cartridge_path or said.frame),
    "exception": lambda alert, said: alert.exception or said.exception,
    "api": lambda alert, _: alert.api,
    "status": lambda alert, _: str(alert.http_status or ""),
    "hook": lambda alert, said: alert.hook or said.hook,
    "job": lambda alert, said: alert.job or said.job,
    "replication": lambda alert, _: alert.replication or _matched("replication", alert.signal),
    "quota": lambda alert, _: alert.quota.id if alert.quota else "",
    "cdn": lambda alert, _: " ".join((alert.cdn.zone, alert.cdn.rule, alert.cdn.kind)) if alert.cdn else "",
    "page": lambda alert, _: f"{alert.page.type} {alert.page.metric}" if alert.page else "",
    "logger": lambda alert, _: alert.logger,
    "node": lambda alert, _: alert.node,
    "monitor": lambda alert, _: alert.monitor,
    "process": lambda alert, _: alert.top_process,
    "request": lambda alert, _: request_on_top(alert),
    "message": lambda _, said: said.complaint,
    "sentence": lambda _, said: " ".join(said.complaint.split()),
    "hosts": lambda _, said: said.hosts,
    "thrown": lambda _, said: said.exception,
    "families": lambda _, said: said.families,
    "told": told,
    "remote": lambda alert, said: "" if alert.service else remote(alert.exception, said),
    "everything": lambda alert, said: " ".join((alert.cartridge_path, alert.exception, *said.complaint.split())),
}
"""What a rule may look at. Where a member is empty, what the message names stands in."""


_STRANGE = re.compile(r"[^\w.:/-]+")
"""What no id and no word of a rule holds, and what a query or a page could take for its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """`rule` is the id of the strongest rule that spoke for the team, `clue` what it looked at, `matched` what it found
    there. Of a message that is a word of the rule's own pattern."""

    team: str
    rule: str = ""
    clue: str = ""
    matched: str = ""

    @property
    def reason(self) -> str:
        if not self.rule:
            return "no evidence speaks clearly for a team"
        return f"by rule {self.rule}: {self.clue} has {self.matched}" if self.matched else f"by rule {self.rule}"


def routing(alert: Alert) -> Routing:
    said = report(alert.message)
    seen = {name: see(alert, said) for name, see in SEEN.items()}
    matched = [(rule, found) for rule in RULES if (found := _found(rule, alert.signal, seen)) is not None]
    weights: dict[Team, dict[str, float]] = defaultdict(dict)
    for rule, _ in matched:
        clues = weights[rule.team]
        clues[rule.clue] = max(rule.weight, clues.get(rule.clue, rule.weight))
    points = {team: _points(tuple(found.values())) for team, found in weights.items()}
    ranked = sorted(points.items(), key=lambda one: (-one[1], one[0]))
    if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < LEAD):
        return Routing(team=UNROUTED)
    team = ranked[0][0]
    rule, found = max((one for one in matched if one[0].team == team), key=lambda one: one[0].weight)
    return Routing(team=team, rule=rule.id, clue=rule.clue, matched=found)


def _points(weights: Sequence[float]) -> float:
    """The strongest clue counts, the others corroborate: three hints are no proof. Each clue counts once."""
    strongest = max(weights)
    against = sum(weight for weight in weights if weight < 0)
    return strongest + CORROBORATION * (sum(weight for weight in weights if weight > 0) - max(strongest, 0)) + against


def _found(rule: Rule, signal: str, seen: Mapping[str, str]) -> str | None:
    """What the pattern of a rule found."""
    if (rule.signals and signal not in rule.signals) or any(seen[clue] for clue in rule.unless):
        return None
    value = seen[rule.clue]
    found = re.search(rule.pattern, value, re.IGNORECASE) if value else None
    return _brief(found[0]) if found else None


def _brief(found: str) -> str:
    """The ends of what was found: they are the rule's own words, what stands between them is the message's.
    Of an id that is no id only its words."""
    words = _STRANGE.sub(" ", found.casefold()).split()
    return (" ".join(words) if len(words) < FEW else f"{words[0]} … {words[-1]}")[:40]


def _matched(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.IGNORECASE)
    return found[0] if found else ""
