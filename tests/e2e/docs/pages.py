"""The documentation as tests see it: pages, their fenced blocks, and the shell script a page's commands become."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[3]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
READY = "Ctrl-C stops"
"""What every command that stays in the foreground prints once it can be used."""

_STAYS = re.compile(r"^sfcc-snow (serve|demo|emulate (?:sfcc|servicenow))\b")
_NOT_HERE = re.compile(r"\b(apt|apt-get|systemctl|sudo|git clone|pip install)\b")
_MARKDOWN = MarkdownIt()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block; `line` is where its text starts."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to run, and what the page shows of its output (``…`` stands for anything)."""

    where: str
    command: str
    shown: str = ""


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, those in lists and admonitions included."""
    for token in _MARKDOWN.parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.map:
            yield Block(page=page, line=token.map[0] + 2, language=token.info.strip(), text=token.content)


def steps(page: Path) -> Iterator[Step]:
    """Everything a reader of the page would run, in order."""
    for block in blocks(page):
        if block.language == "python":
            yield Step(where=block.where, command=f"python - <<'END_OF_EXAMPLE'\n{block.text}\nEND_OF_EXAMPLE")
        elif block.language == "console":
            yield from _commands(block)


def _commands(block: Block) -> Iterator[Step]:
    lines = block.text.splitlines()
    place = 0
    while place < len(lines):
        where, line = f"{block.where.rsplit(':', 1)[0]}:{block.line + place}", lines[place]
        assert line.startswith("$ "), f"{where}: a console block starts each command with '$ '"
        place += 1
        command = [line[2:]]
        ending = _here_document(line)
        while place < len(lines) and (command[-1].endswith("\\") or (ending and command[-1] != ending)):
            command.append(lines[place])
            place += 1
        start = place
        while place < len(lines) and not lines[place].startswith("$ "):
            place += 1
        yield Step(where=where, command="\n".join(command), shown="\n".join(lines[start:place]))


def _here_document(line: str) -> str | None:
    found = re.search(r"<<'?(\w+)'?", line)
    return found[1] if found else None


def script(page_steps: list[Step], ports: Mapping[str, int]) -> str:
    """A bash script that runs the steps in one shell, each one's output in ``$OUT/<number>``; it stops what it started.

    The ports a page names become free ones.
    """
    lines = ["trap 'jobs -p | xargs -r kill; wait' EXIT", 'failed() { echo "$1" >&2; cat "$2" >&2; exit 1; }']
    for number, step in enumerate(page_steps):
        assert not _NOT_HERE.search(step.command), f"{step.where}: this belongs in a text block"
        output, told = f'"$OUT/{number}"', shlex.quote(f"{step.where} failed: {step.command}")
        command = with_ports(step.command, ports)
        if step.command.startswith("make "):
            _check_target(step)
        elif _STAYS.match(step.command):
            lines += [
                f"{_on_free_port(command, ports)} >{output} 2>&1 </dev/null &",
                f"until grep -q '{READY}' {output}; do",
                f"kill -0 $! 2>/dev/null || failed {told} {output}; sleep 0.1; done",
            ]
        elif command.startswith("sfcc-snow doctor"):
            # Its exit code says how the machine is, not whether it could tell.
            lines.append(f"{command} >{output} 2>&1 </dev/null; grep -q checks {output} || failed {told} {output}")
        else:
            lines.append(f"{{ {command}\n}} >{output} 2>&1 </dev/null || failed {told} {output}")
    return "\n".join(lines) + "\n"


def _on_free_port(command: str, ports: Mapping[str, int]) -> str:
    """The command on the port that its address was replaced with; the demo picks free ones by itself."""
    defaults = {"sfcc-snow serve": "8080", "sfcc-snow emulate sfcc": "8081", "sfcc-snow emulate servicenow": "8082"}
    for start, port in defaults.items():
        if command.startswith(start) and "--port" not in command:
            return f"{command} --port {ports[port]}"
    return command


def _check_target(step: Step) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in (word for word in shlex.split(step.command)[1:] if "=" not in word):
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), f"{step.where}: no target {target}"


def with_ports(text: str, ports: Mapping[str, int]) -> str:
    for name, port in ports.items():
        text = text.replace(f"127.0.0.1:{name}", f"127.0.0.1:{port}")
    return text


def is_shown(shown: str, printed: str) -> bool:
    """Whether `printed` holds the words of `shown` in their order; spaces and line breaks do not count."""
    place, printed = 0, " ".join(printed.split())
    for piece in (" ".join(part.split()) for part in shown.split("…")):
        place = printed.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True
