"""The demo company's machines, how they depend on each other, and the log of the instance's first start.

`estate.json` describes fleets, not machines: each site has so many of each. What discovery found in one sweep carries
the same creation time, as it does on a real instance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from snow_app.emulator.query.moments import STORED

Rows = Iterator[tuple[str, dict[str, Any]]]


def rows(document: dict[str, Any]) -> Rows:
    """Every record the document stands for, as table and seed row."""
    for site in document["sites"]:
        names: dict[str, list[str]] = {}
        for place, fleet in enumerate(document["fleets"]):
            found = _machines(document, site, place)
            names[fleet["role"]] = [row["$"] for _, row in found]
            yield from found
        yield from _relations(document["relations"], names)
    yield from _log(document["log"])


def _machines(document: dict[str, Any], site: dict[str, str], place: int) -> list[tuple[str, dict[str, Any]]]:
    """One fleet of one site, found by one sweep of discovery."""
    fleet, discovery = document["fleets"][place], document["discovery"]
    sweep = document["sites"].index(site) * len(document["fleets"]) + place
    found_at = _moment(discovery["start"], minutes=sweep * discovery["minutes_between"])
    machines = []
    for number in range(1, fleet["each"] + 1):
        name = f"{site['code']}-{fleet['role']}" + (f"-{number:02}" if fleet["each"] > 1 else "")
        row = {
            "$": name,
            "name": name,
            "location": f"@{site['location']}",
            "ip_address": f"{site['network']}.{place}.{fleet['first'] + number - 1}",
            "discovery_source": discovery["source"],
            "first_discovered": found_at,
            "sys_created_on": found_at,
        }
        machines.append((fleet["class"], row | fleet["values"]))
    return machines


def _relations(relations: list[dict[str, str]], names: dict[str, list[str]]) -> Rows:
    for relation in relations:
        children = names[relation["child"]]
        for place, parent in enumerate(names[relation["parent"]]):
            child = children[place % len(children)]
            yield "cmdb_rel_ci", {"parent": f"@{parent}", "child": f"@{child}", "type": f"@{relation['type']}"}


def _log(log: dict[str, Any]) -> Rows:
    lines = log["lines"]
    for number in range(log["entries"]):
        line = lines[number % len(lines)]
        written = _moment(log["start"], seconds=number * log["seconds_between"])
        yield "syslog", line | {"message": line["message"].format(n=number + 1), "sys_created_on": written}


def _moment(start: str, **after: int) -> str:
    return (datetime.strptime(start, STORED) + timedelta(**after)).strftime(STORED)  # noqa: DTZ007 - both are UTC
