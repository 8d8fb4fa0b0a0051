"""What the tour looks like on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from sidecar.demo.tour import SCENES, Act, toured
from sidecar.demo.world import DemoWorld

_COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")


def played(world: DemoWorld, console: Console) -> bool:
    """Play every flow and print the table; whether all of them happened."""
    colours = {scene.flow: _COLOURS[place % len(_COLOURS)] for place, scene in enumerate(SCENES)}
    acts: list[Act] = []
    failures: list[tuple[str, str]] = []
    console.print(Rule("[bold]The tour[/]"))
    with console.status("Playing…") as status, world.stage() as stage:

        def told(act: Act) -> None:
            acts.append(act)
            status.update(f"{act.flow}: {act.happened}")

        good = toured(stage, told, lambda flow, reason: failures.append((flow, reason)))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("flow", "what happened", "record"):
        table.add_column(heading)
    for act in acts:
        colour = colours[act.flow]
        record = f"[link={act.url}]{escape(act.number)}[/]"
        table.add_row(f"[{colour}]{act.flow}[/]", escape(act.happened), f"[bold]{record}[/]")
    for flow, reason in failures:
        table.add_row(f"[{colours[flow]}]{flow}[/]", f"[red]{escape(reason)}[/]", "[red]failed[/]")
    console.print(table)
    console.print()
    for number, url in {act.number: act.url for act in acts}.items():
        console.print(f"[bold]{escape(number):<12}[/][cyan link={url}]{url}[/]", soft_wrap=True, highlight=False)
    return good
