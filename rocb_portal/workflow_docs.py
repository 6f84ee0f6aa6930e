"""docs/workflow.md, written from the tables: a drawing and a list of acts for each machine."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from core.workflow import Binding, Machine, Transition, bindings

PATH = Path(settings.BASE_DIR) / "docs" / "workflow.md"

HEAD = """# Workflow

Written by `manage.py workflow_docs` from the tables in `missions/workflow.py`; do not edit. A test says when it is stale.

Who does an act stands first; in brackets who may note it for them, then named with the true actor in the history. An act
without a target leaves the state as it is. A *consequence* follows another act and has no button. Effects are jobs of the
outbox, written in the same transaction. `§` is a paragraph of the framework.
"""


def written() -> str:
    machines = sorted((binding for binding in bindings()), key=_first_step)
    return "\n".join([HEAD, *(part for binding in machines for part in _machine(binding))])


def _first_step(binding: Binding) -> tuple[int, str]:
    return min(state.step or 99 for state in binding.machine.states), binding.machine.name


def _machine(binding: Binding) -> list[str]:
    machine = binding.machine
    return [
        f"## {machine.title}",
        "",
        "```mermaid",
        *_drawing(machine),
        "```",
        "",
        "| state | word | step |",
        "|---|---|---|",
        *(f"| `{s.value}` | {s.label}{' (last)' if s.final else ''} | {s.step or '–'} |" for s in machine.states),
        "",
        "| act | from | to | who | only if | asks | effects |",
        "|---|---|---|---|---|---|---|",
        *(_row(row, binding) for row in machine.transitions),
        "",
    ]


def _drawing(machine: Machine) -> Iterable[str]:
    """Acts between the same two states share one arrow; those that stay are in the list alone."""
    yield "stateDiagram-v2"
    for state in machine.states:
        yield f"    {state.value} : {_plain(state.label)}"
    yield f"    [*] --> {machine.initial}"
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in machine.transitions:
        for source in row.sources:
            if row.target and row.target != source:
                arrows.setdefault((source, row.target), []).append(row.name)
    for (source, target), names in arrows.items():
        yield f"    {source} --> {target} : {', '.join(names)}"
    for state in machine.states:
        if state.final:
            yield f"    {state.value} --> [*]"


def _row(row: Transition, binding: Binding) -> str:
    cells = [
        f"`{row.name}`<br>{row.label}" + ("<br>*consequence*" if row.consequence else ""),
        ", ".join(f"`{source}`" for source in row.sources),
        f"`{row.target}`" if row.target else "",
        _who(row),
        "; ".join(guard.__name__.replace("_", " ") for guard in row.guards),
        "; ".join(f"{ask.label}{'' if ask.required else ' (optional)'}" for ask in row.asks),
        ", ".join(f"`{effect}`" for effect in row.effects),
    ]
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _who(row: Transition) -> str:
    if row.consequence:
        return "–"
    own, others = _names(row.parties), _names(row.on_behalf)
    return f"{own} ({others})" if others else own


def _names(parties: Iterable[Any]) -> str:
    return ", ".join(sorted(str(party.label) for party in parties))


def _plain(text: object) -> str:
    return str(text).replace("|", "/").replace("\n", " ")
