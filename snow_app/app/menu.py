"""The menu of the app in the navigator."""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.facts import Facts
from snow_app.app.feedback import cluster_table, link_table
from snow_app.app.order_issues import is_issue
from snow_app.app.scope import AppParameters
from snow_app.app.tables import access_log
from snow_app.records.record import Declaration, Link, Value


def records(parameters: AppParameters, facts: Facts) -> Iterator[Declaration]:
    agent, auditor, admin, operator, feedback = (
        parameters.own(suffix) for suffix in ("agent", "auditor", "admin", "operator", "feedback")
    )
    yield Declaration(
        table="sys_app_application",
        name=parameters.menu,
        values={
            "name": parameters.prefixed("menu"),
            "title": parameters.menu,
            "hint": "Who the shopper of a case is",
            "active": True,
            "order": 300,
            "device_type": "browser",
            "roles": ",".join((agent, auditor, admin, operator, feedback)),
        },
    )
    columns = f"{parameters.prefixed('customer_no')}ISNOTEMPTY^OR{parameters.prefixed('order_no')}ISNOTEMPTY"
    modules = (
        ("Cases of shoppers", "LIST", facts.case_table, f"{columns}^ORDERBYDESCsys_updated_on", agent),
        ("Order issues", "LIST", facts.case_table, f"{is_issue(parameters)}^ORDERBYDESCsys_updated_on", agent),
        ("Feedback clusters", "LIST", cluster_table(parameters), "merged_intoISEMPTY^ORDERBYDESCcount", feedback),
        ("Feedback to decide", "LIST", link_table(parameters), "suggestedISNOTEMPTY^decisionISEMPTY", feedback),
        ("Who looked at whom", "LIST", access_log(parameters), "ORDERBYDESCat", auditor),
        ("Settings", "LIST", "sys_properties", f"nameSTARTSWITH{parameters.scope}.", admin),
        ("Connection to the sidecar", "LIST", "sys_rest_message", f"name={parameters.own('sidecar')}", admin),
    )
    for order, (title, kind, table, filters, roles) in enumerate(modules):
        values: dict[str, Value] = {
            "application": Link(table="sys_app_application", name=parameters.menu),
            "title": title,
            "link_type": kind,
            "name": table,
            "filter": filters,
            "roles": roles,
            "order": (order + 1) * 100,
            "active": True,
        }
        yield Declaration(table="sys_app_module", name=title, values=values)
    yield Declaration(
        table="sys_app_module",
        name="Recurring feedback",
        values={
            "application": Link(table="sys_app_application", name=parameters.menu),
            "title": "Recurring feedback",
            "link_type": "DIRECT",
            "query": f"{parameters.prefixed('feedback_page')}.do",
            "roles": feedback,
            "order": 150,
            "active": True,
        },
    )
