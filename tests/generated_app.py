"""An app of any size, made of the kinds of records a real one has; and its installation in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count, islice

from snow_app import SnowClient, SnowSettings
from snow_app.app import App, AppParameters, Facts
from snow_app.install import applied
from snow_app.records import Declaration, Link, Registry
from snow_app.records.schema import choices, column, table


def generated(rows: int, *, word: str = "first") -> App:
    """An app of exactly `rows` records; those with a text of their own hold `word`."""

    def app(parameters: AppParameters, _: Facts) -> Registry:
        return Registry(parameters.scope, islice(_records(parameters, word), rows))

    return app


def _records(parameters: AppParameters, word: str) -> Iterator[Declaration]:
    """Without end, 40 for each table; what a record links to comes before it."""
    for number in count(1):
        role = parameters.own(f"role{number}")
        yield Declaration(
            table="sys_user_role",
            name=role,
            values={"name": role, "suffix": f"role{number}", "description": word, "grantable": True},
        )
        if number > 1:
            inner = Link(table="sys_user_role", name=parameters.own(f"role{number - 1}"))
            outer = Link(table="sys_user_role", name=role)
            yield Declaration(table="sys_user_role_contains", name=role, values={"role": outer, "contains": inner})
        owner = parameters.prefixed(f"t{number}")
        yield table(owner, f"Table {number}")
        yield column(owner, "state", "State", length=40, choice=3)
        yield from choices(owner, "state", {"open": "Open", "paid": "Paid", "sent": "Sent", "done": "Done"})
        for place in range(12):
            yield column(owner, f"c{place}", f"Column {place}", length=100)
        for place in range(12):
            name = parameters.own(f"setting{number}.{place}")
            values = {"name": name, "suffix": f"setting{number}.{place}", "type": "string", "value": word}
            yield Declaration(table="sys_properties", name=name, values=values)
        yield from _message(parameters, number, word)


def _message(parameters: AppParameters, number: int, word: str) -> Iterator[Declaration]:
    include, message = f"Made{number}", parameters.own(f"m{number}")
    yield Declaration(
        table="sys_script_include",
        name=include,
        values={
            "name": include,
            "api_name": parameters.own(include),
            "script": f"var {include} = Class.create(); // {word}\n" * 20,
            "access": "package_private",
            "active": True,
        },
    )
    yield Declaration(
        table="sys_rest_message",
        name=message,
        values={"name": message, "description": word, "rest_endpoint": "https://example.com", "access": "public"},
    )
    for function in ("read", "write", "list", "drop"):
        yield Declaration(
            table="sys_rest_message_fn",
            name=f"{message} {function}",
            values={
                "rest_message": Link(table="sys_rest_message", name=message),
                "function_name": function,
                "http_method": "post",
                "rest_endpoint": f"https://example.com/{function}",
            },
        )


def main(url: str, scope: str, rows: str, word: str) -> None:
    """Install so many records on the local ServiceNow at `url`."""
    settings = SnowSettings(url=url, username="admin", password="admin", allow_http=True)
    with SnowClient(settings) as client:
        applied(client, AppParameters(scope=scope), generated(int(rows), word=word))


if __name__ == "__main__":
    main(*sys.argv[1:])
