"""The parts of the pages that are read from the code: ``python docs/generated.py`` writes them, a test says when to.

A part stands between ``<!-- begin: name -->`` and ``<!-- end: name -->``; what is around it is written by hand.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

import sfcc_client.errors
import sidecar.errors
import snow_app.errors
from sfcc_client import AttributeNames, CommerceSettings, Site
from sidecar.api.problems import KINDS
from sidecar.api.tokens import SCOPES
from sidecar.app import create_app
from sidecar.cli import main
from sidecar.context.insights import RULES
from sidecar.context.permissions import INTEGRATION, ROLES, Grant
from sidecar.context.policy import ContextPolicy
from sidecar.context.request import SECTIONS
from sidecar.flows.feedback import FeedbackPolicy
from sidecar.flows.feedback.quality import Labelled, clustered, labelled, scores
from sidecar.flows.feedback.reasons import reasons
from sidecar.flows.storefront_alerts.events import AlertSchema
from sidecar.flows.storefront_alerts.router import LAYERS, routing
from sidecar.flows.storefront_alerts.routes import RULES as ROUTES
from sidecar.observe import Metrics
from sidecar.services import services_of
from sidecar.settings import Secret, SidecarSettings, SnowSettings, reference
from snow_app.app import storefront_alerts
from snow_app.app.access import records as access_rules
from snow_app.app.roles import ROLES as APP_ROLES
from snow_app.app.scope import AppParameters

DOCS = Path(__file__).parent
_PART = re.compile(r"<!-- begin: (?P<name>[a-z -]+) -->\n.*?<!-- end: (?P=name) -->", re.DOTALL)
_METHODS = ("get", "post", "put", "patch", "delete")


def pages() -> Iterator[tuple[Path, str, str]]:
    """Every page with generated parts: where it is, what it holds, what it should hold."""
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if _PART.search(text):
            yield path, text, _PART.sub(_part, text)


def _part(found: re.Match[str]) -> str:
    name = found["name"]
    return f"<!-- begin: {name} -->\n\n{PARTS[name]().strip()}\n\n<!-- end: {name} -->"


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _settings(prefix: str) -> str:
    rows = [
        (
            f"`{row.name}`",
            row.type.replace(" | ", ", "),
            "**needed**" if row.default is None else f"`{row.default}`" if row.default else "",
            _escaped(row.meaning),
        )
        for row in reference()
        if row.name.startswith(prefix)
    ]
    return _table(("variable", "type", "default", "meaning"), rows)


def _escaped(text: str) -> str:
    """Words in braces and JSON as code, so that Markdown leaves them alone."""
    return re.sub(r"(https?:)?(//)?\{[^}]*\}[^ ;,]*", lambda found: f"`{found[0].rstrip('.')}`", text)


def _attributes() -> str:
    names = AttributeNames()
    return _table(
        ("key", "attribute when not set"), ((f"`{key}`", f"`{getattr(names, key)}`") for key in _slots(names))
    )


def _feedback_items() -> Sequence[Labelled]:
    return labelled(DOCS.parent / "tests" / "labelled" / "feedback.jsonl")


def _feedback_scores() -> str:
    items, rows = _feedback_items(), []
    for split in ("dev", "held-out", "whole"):
        some = [item for item in items if split in ("whole", item.split)]
        for name, suggestions in (("exact rungs only", False), ("with suggestions", True)):
            found = clustered(some, FeedbackPolicy(), suggestions=suggestions)
            of = scores([item.cluster for item in some], [found[item.id] for item in some])
            figures = (f"{value:.3f}" for value in (of.precision, of.recall, of.f1, of.index))
            rows.append((split, name, of.items, *figures))
    return _table(("part", "ladder", "texts", "precision", "recall", "pairwise F1", "adjusted Rand index"), rows)


def _feedback_confusion() -> str:
    """For each label: where most of its texts are, and what else is there."""
    items = _feedback_items()
    found = clustered(items, FeedbackPolicy())
    rows = []
    for label in sorted({item.cluster for item in items if item.cluster is not None}):
        own = Counter(found[item.id] for item in items if item.cluster == label)
        cluster, together = min(own.items(), key=lambda one: (-one[1], one[0]))
        others = Counter(
            item.cluster or "one-off" for item in items if found[item.id] == cluster and item.cluster != label
        )
        mixed = ", ".join(
            f"{name} {number}" for name, number in sorted(others.items(), key=lambda one: (-one[1], one[0]))
        )
        rows.append((label, sum(own.values()), f"`{cluster}`", together, len(own) - 1, mixed))
    return _table(("label", "texts", "largest cluster", "of them there", "other clusters", "others there"), rows)


def _feedback_reasons() -> str:
    rows = (
        (f"`{one.name}`", one.label, one.subject, one.category, one.phrases["en"][0], one.phrases["de"][0])
        for one in reasons().values()
    )
    return _table(("reason", "label", "about", "category", "such as", "zum Beispiel"), rows)


def _slots(record: Any) -> tuple[str, ...]:
    return tuple(type(record).__dataclass_fields__)


def _cli() -> str:
    return "\n\n".join(_commands(click.Context(main, info_name="sfcc-snow", terminal_width=96)))


def _commands(ctx: click.Context) -> Iterator[str]:
    level = "##" + "#" * min(1, ctx.command_path.count(" ") - 1) if ctx.parent else "##"
    yield f"{level} {ctx.command_path}\n\n```text\n{ctx.get_help().strip()}\n```"
    if isinstance(ctx.command, click.Group):
        for name in ctx.command.list_commands(ctx):
            command = ctx.command.get_command(ctx, name)
            if command is not None:
                yield from _commands(click.Context(command, info_name=name, parent=ctx))


def _openapi() -> Mapping[str, Any]:
    """The description the sidecar serves, from an application that reaches nothing."""
    host = "https://tenant.example.com"
    commerce = CommerceSettings(
        scapi_url=host,
        account_manager_url=host,
        instance_url=host,
        organization_id="f_ecom_zzrf_001",
        client_id="id",
        client_secret="none",  # noqa: S106 - no secret
        slas_client_id="id",
        slas_client_secret="none",  # noqa: S106
        sites=(Site(site_id="S", customer_list_id="S"),),
    )
    with TemporaryDirectory() as folder:
        snow = SnowSettings(url="https://acme.example.com", username="flow", password=Secret("p"))
        services = services_of(commerce, SidecarSettings(data_dir=Path(folder), access_log=False), snow)
        try:
            document: Mapping[str, Any] = create_app(services).test_client().get("/openapi.json").get_json()
        finally:
            services.close()
    return document


def _http_api() -> str:
    document = _openapi()
    schemas = document["components"]["schemas"]
    operations = [
        _operation(method, path, found[method], schemas)
        for path, found in document["paths"].items()
        for method in _METHODS
        if method in found
    ]
    return "\n\n".join(operations)


def _operation(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    parts = [f"### {method.upper()} {path}", f"{operation['summary']}. {operation.get('description', '')}".strip()]
    query = [one for one in operation.get("parameters", ()) if one["in"] != "path"]
    if query:
        parts.append(_table(("parameter", "in"), ((f"`{one['name']}`", one["in"]) for one in query)))
    body = operation.get("requestBody")
    if body:
        fields = _fields("", _named(body["content"]["application/json"]["schema"], schemas), schemas)
        parts.append(_table(("body field", "type", "needed"), fields))
    answers = [
        (code, answer["description"].replace("; ", "<br>"))
        for code, answer in sorted(operation["responses"].items())
        if code.isdigit()
    ]
    parts.append(_table(("status", "when"), answers))
    return "\n\n".join(parts)


def _named(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    reference_of = schema.get("$ref") or next((one["$ref"] for one in schema.get("anyOf", ()) if "$ref" in one), None)
    reference_of = reference_of or next((one["$ref"] for one in schema.get("allOf", ()) if "$ref" in one), None)
    return schemas[reference_of.rsplit("/", 1)[1]] if reference_of else schema


def _fields(path: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, given in schema.get("properties", {}).items():
        inner, place = _named(given, schemas), f"{path}{name}"
        yield f"`{place}`", _type(given, inner), "yes" if name in schema.get("required", ()) else ""
        yield from _fields(f"{place}.", inner, schemas)


def _type(given: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    kind = given.get("type") or inner.get("type", "object")
    words = " or ".join(str(one) for one in kind if one != "null") if isinstance(kind, list) else str(kind)
    choices = given.get("enum") or given.get("items", {}).get("enum")
    most = given.get("maxLength")
    told = ": " + ", ".join(f"`{one}`" for one in choices if one) if choices else f", at most {most}" if most else ""
    return words + told


def _tree(module: Any) -> str:
    """The tree as its module draws it."""
    drawn = (module.__doc__ or "").split("::\n", 1)[1]
    lines = drawn.splitlines()[1:]
    end = next(place for place, line in enumerate(lines) if line and not line.startswith("    "))
    kept = "\n".join(line[4:] for line in lines[:end]).rstrip()
    return f"```text\n{kept}\n```"


def _problems() -> str:
    return _table(
        ("code", "status", "title"), ((f"`{code}`", kind.status, kind.title) for code, kind in sorted(KINDS.items()))
    )


def _roles() -> str:
    grants: Mapping[str, Grant] = {**ROLES, "integration": INTEGRATION}
    rows = [
        (
            f"`{name}`",
            "all" if grant.sections == frozenset(SECTIONS) else _listed(grant.sections),
            _listed(grant.reveal),
            *(("yes" if allowed else "no") for allowed in (grant.note, grant.refresh, grant.fraud_care)),
        )
        for name, grant in grants.items()
    ]
    return _table(("role", "sections", "may reveal", "work note", "refresh", "fraud care"), rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _insights() -> str:
    rows = [(f"`{rule.name}@{rule.version}`", _listed(rule.needs), rule.section, rule.why) for rule in RULES]
    return _table(("rule", "needs", "points to", "fires when"), rows)


def _freshness() -> str:
    policy = ContextPolicy()
    rows = [
        (
            name,
            *(f"{value:g} s" for value in (section.fresh_s, section.stale_after_s, section.keep_s, section.deadline_s)),
        )
        for name, section in policy.sections.items()
    ]
    return _table(("section", "fresh", "a saved copy after", "kept for failures", "deadline"), rows)


def _times() -> str:
    policy, own = ContextPolicy(), SidecarSettings()
    rows = (
        ("a whole live read", f"{own.deadline_s:g} s", "`SIDECAR_DEADLINE_S`"),
        ("patience while an older copy is at hand", f"{policy.patience_s:g} s", ""),
        ("one load from Commerce, which may outlive its reader", f"{policy.load_s:g} s", ""),
        ("who the shopper is stays known", f"{policy.identity_fresh_s:g} s", ""),
        ("“there is none” stays known", f"{policy.negative_s:g} s", ""),
        ("a finished answer is repeated byte by byte, at most", f"{policy.memo_s:g} s", ""),
        ("failures in a row that open a circuit", str(policy.breaker_failures), ""),
        ("a circuit stays open", f"{policy.breaker_open_s:g} s", ""),
        ("memory of the cache", f"{own.cache_mb} MB", "`SIDECAR_CACHE_MB`"),
        ("shoppers loaded at full speed at once", str(own.cold_readers), "`SIDECAR_COLD_READERS`"),
        ("orders loaded / shown at a time", f"{policy.orders_loaded} / {policy.limits.orders}", ""),
        ("largest answer", f"{policy.limits.answer_bytes // 1024} KB", ""),
    )
    return _table(("what", "value", "setting"), rows)


def _scopes() -> str:
    return _table(("scope", "allows"), ((f"`{name}`", meaning) for name, meaning in SCOPES.items()))


def _metrics() -> str:
    rows = [
        (f"`{family.name}`", family.type, family.documentation)
        for family in sorted(Metrics().registry.collect(), key=lambda one: one.name)
    ]
    return _table(("metric", "kind", "meaning"), rows)


def _app_roles() -> str:
    return _table(("role", "for"), ((f"`x_acme_sfcc.{name}`", meaning) for name, meaning in APP_ROLES.items()))


def _access_rules() -> str:
    parameters = AppParameters()
    records = [*access_rules(parameters), *storefront_alerts.records(parameters)]
    declared = [rule.values for rule in records if rule.table == "sys_security_acl"]
    rows = [(f"`{rule['name']}`", rule["type"], rule["operation"]) for rule in declared]
    return _table(("name", "type", "operation"), rows)


def _alert_routing() -> str:
    tables = []
    for title, splits in (("held-out", ("held-out",)), ("dev", ("dev",)), ("both", ("dev", "held-out"))):
        found = Counter((wanted, said) for split, wanted, said in labelled_routes() if split in splits)
        right, all_ = sum(number for (wanted, said), number in found.items() if wanted == said), sum(found.values())
        rows = [(f"**{wanted}**", *(found[wanted, said] or "" for said in LAYERS)) for wanted in LAYERS]
        tables.append(f"## {title}: {right} of {all_} right, {right / all_:.3f}")
        tables.append(_table(("label", *LAYERS), rows))
    return "\n\n".join(tables)


def labelled_routes() -> Iterator[tuple[str, str, str]]:
    """(split, label, what the router says) of every labelled alert."""
    schema = AlertSchema()
    for line in (DOCS.parent / "tests" / "labelled" / "alerts.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        yield one["split"], one["expected"]["team"], routing(schema.load(one["data"])).team


def _alert_evidence() -> str:
    rows = [(f"`{rule.id}`", rule.clue, rule.team, f"{rule.weight:g}") for rule in ROUTES]
    return _table(("rule", "looks at", "speaks for", "weight"), rows)


PARTS: Mapping[str, Callable[[], str]] = {
    "settings sfcc": lambda: _settings("SFCC_"),
    "settings snow": lambda: _settings("SNOW_"),
    "settings sidecar": lambda: _settings("SIDECAR_"),
    "attributes": _attributes,
    "cli": _cli,
    "http api": _http_api,
    "errors commerce": lambda: _tree(sfcc_client.errors),
    "errors servicenow": lambda: _tree(snow_app.errors),
    "errors sidecar": lambda: _tree(sidecar.errors),
    "problems": _problems,
    "roles": _roles,
    "insights": _insights,
    "freshness": _freshness,
    "times": _times,
    "scopes": _scopes,
    "metrics": _metrics,
    "app roles": _app_roles,
    "access rules": _access_rules,
    "alert routing": _alert_routing,
    "alert evidence": _alert_evidence,
    "feedback scores": _feedback_scores,
    "feedback confusion": _feedback_confusion,
    "feedback reasons": _feedback_reasons,
}


if __name__ == "__main__":
    stale = [(page, wanted) for page, now, wanted in pages() if now != wanted]
    checking = "--check" in sys.argv
    for page, wanted in stale:
        sys.stdout.write(f"{'stale' if checking else 'wrote'} {page.relative_to(DOCS)}\n")
        if not checking:
            page.write_text(wanted, encoding="utf-8")
    sys.exit(1 if stale and checking else 0)
