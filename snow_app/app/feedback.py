"""Flow `feedback`: clusters of what shoppers say, the links to them, and what a problem shows of them.

Tables of ours hold ids, words of ours and numbers; what a shopper wrote stands in the case only. People decide in two
places: on a link (does it belong there?) and on a problem (what does the shop do about it?). A problem that was closed
before the complaints stopped is taken up again by an asynchronous rule, because on tables of the platform a scope may
neither refuse a change nor run before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.facts import Facts
from snow_app.app.scope import AppParameters
from snow_app.app.sources import script
from snow_app.records.record import Declaration, Link, Value
from snow_app.records.schema import choices, column, table

PROBLEM = "problem"
DECISIONS = {"confirmed": "Confirmed", "dismissed": "Dismissed"}
ACTIONS = {
    "notice": "Notice on the storefront",
    "product_flag": "Notice on the product",
    "content_fix": "Correct a content page",
}
ACTION_STATES = {"published": "Published", "withdrawn": "Withdrawn", "refused": "Not possible"}
RECURRENCE = {
    "watching": "Watching whether it stops",
    "stopped": "Stopped: may be closed",
    "recurred": "Recurred",
    "unclear": "Unclear: a person decides",
}
RUNGS = {
    "error": "Error id",
    "product": "Product and reason",
    "page": "Page and reason",
    "reason": "Reason",
    "text": "Similar words",
}
_UNCATEGORIZED = "c97d83137f4432005f58108c3ffa917a"
"""The platform's own category for notifications without one; every instance has it."""
_LAYOUT = (
    "number",
    "short_description",
    "state",
    "assignment_group",
    "known_error",
    "workaround",
    "+cluster",
    "+count",
    "+customers",
    "+cause",
    "+why",
    "+decision",
    "+action",
    "+action_target",
    "+action_text",
    "+publish",
    "+action_state",
    "+action_at",
    "+action_note",
    "+recurrence",
    "+recurrence_note",
    "resolution_code",
    "work_notes",
)
"""The form of a problem in the view of this flow; ``+`` marks columns of ours."""


def cluster_table(parameters: AppParameters) -> str:
    return parameters.prefixed("feedback_cluster")


def link_table(parameters: AppParameters) -> str:
    return parameters.prefixed("feedback")


def on_problem(parameters: AppParameters, name: str) -> str:
    return parameters.prefixed(f"feedback_{name}")


def records(parameters: AppParameters, facts: Facts) -> Iterator[Declaration]:
    del facts  # problems are there with and without Customer Service Management
    yield from _clusters(parameters)
    yield from _links(parameters)
    yield from _problem(parameters)
    yield from _rules(parameters)
    yield from _view(parameters)
    yield _notification(parameters)
    yield from _page(parameters)


def _clusters(parameters: AppParameters) -> Iterator[Declaration]:
    name = cluster_table(parameters)
    yield table(name, "Feedback cluster")
    yield column(name, "label", "Cluster", length=160, display=True, read_only=True)
    yield column(name, "cluster", "Id", length=16, read_only=True)
    yield column(name, "correlation_id", "Correlation ID", length=100, read_only=True, unique=True)
    yield column(name, "site_id", "Site", length=32, read_only=True)
    yield column(name, "rung", "Known by", length=20, choice=1, read_only=True)
    yield from choices(name, "rung", RUNGS)
    yield column(name, "subject", "Product, page or error", length=120, read_only=True)
    yield column(name, "reason", "Reason", length=40, read_only=True)
    yield column(name, "count", "Feedback in the window", "integer", read_only=True)
    yield column(name, "customers", "Customers in the window", "integer", read_only=True)
    yield column(name, "total", "Feedback in all", "integer", read_only=True)
    yield column(name, "first_at", "First", "glide_date_time", read_only=True)
    yield column(name, "last_at", "Last", "glide_date_time", read_only=True)
    yield column(name, "cause", "Likely cause", length=255, read_only=True)
    yield column(name, "problem", "Problem", "reference", 32, reference=PROBLEM, read_only=True)
    yield column(
        name,
        "merged_into",
        "Merged into",
        "reference",
        32,
        reference=name,
        comments="The cluster that this one is the same as. Emptied again, the two are split.",
    )


def _links(parameters: AppParameters) -> Iterator[Declaration]:
    name, clusters = link_table(parameters), cluster_table(parameters)
    yield table(name, "Feedback")
    yield column(name, "reference", "Reference", length=20, display=True, read_only=True)
    yield column(name, "correlation_id", "Correlation ID", length=100, read_only=True, unique=True)
    yield column(name, "cluster", "Cluster", "reference", 32, reference=clusters, read_only=True)
    yield column(name, "suggested", "Suggested cluster", "reference", 32, reference=clusters, read_only=True)
    yield column(name, "rung", "Known by", length=20, choice=1, read_only=True)
    yield from choices(name, "rung", RUNGS)
    yield column(name, "score", "Score (0 to 100)", "integer", read_only=True)
    yield column(
        name,
        "decision",
        "Decision",
        length=20,
        choice=1,
        comments="Confirmed: it belongs to the suggested cluster, or where it is. Dismissed: it does not.",
    )
    yield from choices(name, "decision", DECISIONS)
    yield column(name, "reason", "Reason", length=40, read_only=True)
    yield column(name, "language", "Language", length=5, read_only=True)
    yield column(name, "category", "Category", length=20, read_only=True)
    yield column(name, "site_id", "Site", length=32, read_only=True)
    yield column(name, "rating", "Rating (1 to 5)", "integer", read_only=True)
    yield column(name, "nps", "Would recommend (0 to 10)", "integer", read_only=True)
    yield column(name, "submitted_at", "Given", "glide_date_time", read_only=True)
    yield column(name, "task", "Case", "reference", 32, reference="task", read_only=True)


def _problem(parameters: AppParameters) -> Iterator[Declaration]:
    def own(name: str, label: str, kind: str = "string", length: int | None = None, **more: Value) -> Declaration:
        return column(PROBLEM, on_problem(parameters, name), label, kind, length, **more)

    yield own("cluster", "Feedback cluster", "reference", 32, reference=cluster_table(parameters), read_only=True)
    yield own("count", "Feedback in the window", "integer", read_only=True)
    yield own("customers", "Customers in the window", "integer", read_only=True)
    yield own("cause", "Likely cause", length=255, read_only=True)
    yield own("why", "Why", length=4000, read_only=True)
    yield own("decision", "A real pattern?", length=20, choice=1)
    yield own("action", "Corrective action", length=20, choice=1)
    yield own("action_target", "Product or content asset", length=256, comments="Empty: what the cluster is about.")
    yield own(
        "action_text",
        "Text for shoppers",
        length=4000,
        comments="Shown to shoppers. [de], [fr] or [ja] at the start of a line begins that language's text.",
    )
    yield own("publish", "Publish the action", "boolean", default_value="false")
    yield own("action_state", "Action", length=20, choice=1, read_only=True)
    yield own("action_at", "Action since", "glide_date_time", read_only=True)
    yield own("action_note", "How shoppers see it", length=1000, read_only=True)
    yield own("recurrence", "Recurrence", length=20, choice=1, read_only=True)
    yield own("recurrence_note", "Recurrence in numbers", length=1000, read_only=True)
    yield own("reopen", "To be taken up again", "boolean", default_value="false", read_only=True)
    listed = {
        "decision": DECISIONS,
        "action": ACTIONS,
        "action_state": ACTION_STATES,
        "recurrence": RECURRENCE,
    }
    for name, labels in listed.items():
        yield from choices(PROBLEM, on_problem(parameters, name), labels)


def _rules(parameters: AppParameters) -> Iterator[Declaration]:
    """What people decide rings at the sidecar (problems: by the rule of all flows); closed too early is reopened."""
    decided = {
        link_table(parameters): "decisionCHANGES",
        cluster_table(parameters): "merged_intoCHANGES",
    }
    for owner, condition in decided.items():
        yield _async(parameters, f"Tell the sidecar {owner}", owner, condition, "ring_sidecar.js")
    reopen = on_problem(parameters, "reopen")
    yield _async(parameters, "Take up again", PROBLEM, f"{reopen}=true^{reopen}CHANGES", "feedback_reopen.js")


def _async(parameters: AppParameters, name: str, owner: str, condition: str, source: str) -> Declaration:
    return Declaration(
        table="sys_script",
        name=name,
        values={
            "name": name,
            "collection": owner,
            "when": "async",
            "action_insert": False,
            "action_update": True,
            "action_delete": False,
            "advanced": True,
            "order": 1000,
            "priority": 100,
            "access": "package_private",
            "filter_condition": condition,
            "script": script(source, parameters.scope),
        },
    )


def _view(parameters: AppParameters) -> Iterator[Declaration]:
    """A view of our own on problems: forms of other applications may get new views and no changes."""
    name = parameters.prefixed("feedback")
    view = Link(table="sys_ui_view", name=name)
    yield Declaration(table="sys_ui_view", name=name, values={"name": name, "title": "Feedback"})
    yield Declaration(
        table="sys_ui_section",
        name=f"{PROBLEM} {name}",
        values={"name": PROBLEM, "caption": "", "view": view, "header": False, "title": True},
    )
    section = Link(table="sys_ui_section", name=f"{PROBLEM} {name}")
    yield Declaration(table="sys_ui_form", name=f"{PROBLEM} {name}", values={"name": PROBLEM, "view": view})
    yield Declaration(
        table="sys_ui_form_section",
        name=f"{PROBLEM} {name}",
        values={
            "sys_ui_form": Link(table="sys_ui_form", name=f"{PROBLEM} {name}"),
            "sys_ui_section": section,
            "position": 0,
        },
    )
    for position, element in enumerate(_LAYOUT):
        shown = on_problem(parameters, element[1:]) if element.startswith("+") else element
        yield Declaration(
            table="sys_ui_element",
            name=f"{PROBLEM} {name} {shown}",
            values={"sys_ui_section": section, "element": shown, "type": "element", "position": position},
        )


def _notification(parameters: AppParameters) -> Declaration:
    """To the group of a problem that was opened from feedback."""
    name = "Recurring feedback became a problem"
    return Declaration(
        table="sysevent_email_action",
        name=name,
        values={
            "name": name,
            "collection": PROBLEM,
            "generation_type": "engine",
            "category": _UNCATEGORIZED,
            "action_insert": True,
            "action_update": False,
            "condition": f"{on_problem(parameters, 'cluster')}ISNOTEMPTY^assignment_groupISNOTEMPTY",
            "recipient_fields": "assignment_group",
            "content_type": "text/html",
            "type": "email",
            "sys_version": "2",
        },
        initial={
            "active": True,
            "subject": "${number}: ${short_description}",
            "message_html": f"<p>${{URI_REF}}</p><p>${{{on_problem(parameters, 'why')}}}</p>",
        },
    )


def _page(parameters: AppParameters) -> Iterator[Declaration]:
    name = parameters.own("FeedbackPage")
    yield Declaration(
        table="sys_script_include",
        name=name,
        values={
            "name": "FeedbackPage",
            "api_name": name,
            "description": "What the page of recurring feedback shows. No personal data.",
            "script": script("FeedbackPage.js", parameters.scope),
            "client_callable": False,
            "access": "public",
            "active": True,
        },
    )
    page = parameters.prefixed("feedback_page")
    yield Declaration(
        table="sys_ui_page",
        name=page,
        values={
            "name": page,
            "description": "Recurring feedback",
            "category": "general",
            "direct": False,
            "html": script("feedback_page.xml", parameters.scope),
        },
    )
