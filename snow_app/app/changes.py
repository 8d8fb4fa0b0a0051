"""Doorbell of all flows: when a record that a flow made changes, the sidecar is told which one, and reads it itself.

Asynchronous rules, because on tables of other applications a scope may have no others (scoped-app limits), and because
nobody's save must wait for the sidecar. A bell that nobody hears is made good by the sidecar's sweep.
"""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.facts import CASE, INCIDENT, Facts
from snow_app.app.scope import AppParameters
from snow_app.app.sources import script
from snow_app.records.record import Declaration

FLOWS = ("order_issues", "storefront_alerts", "feedback")
PROBLEM = "problem"


def records(parameters: AppParameters, facts: Facts) -> Iterator[Declaration]:
    for owner in watched_tables(facts):
        yield Declaration(
            table="sys_script",
            name=f"ring the sidecar {owner}",
            values={
                "name": "Ring the sidecar",
                "collection": owner,
                "when": "async",
                "action_insert": False,
                "action_update": True,
                "action_delete": True,
                "advanced": True,
                "order": 1000,
                "priority": 100,
                "access": "package_private",
                "filter_condition": "^OR".join(f"correlation_idSTARTSWITH{flow}:" for flow in FLOWS),
                "script": script("ring_sidecar.js", parameters.scope),
                "description": "Tells the sidecar that a record of one of its flows changed. Sends ids, no content.",
            },
        )


def watched_tables(facts: Facts) -> tuple[str, ...]:
    return (CASE, INCIDENT, PROBLEM) if facts.csm else (INCIDENT, PROBLEM)
