"""Writing down what the services would have written, without a query a step: for missions that are long over.

The tables of the workflow are read all the same: a step that they do not know, or not from that state or for that party, is refused.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from core.models import LogEntry, plain
from core.workflow import binding_of
from members.models import User
from rocb_portal.demo.rows import keep


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does a step, and as which party."""

    user: User
    party: str


@dataclass
class Book:
    rows: list[Any] = field(default_factory=list)

    def add(self, obj: Any, at: dt.datetime) -> Any:
        obj.created_at = at
        self.rows.append(obj)
        return obj

    def start(self, obj: Any, *, by: Actor, at: dt.datetime, title: str, note: str = "") -> Any:
        """As `core.workflow.start`."""
        obj.state, obj.state_since = binding_of(obj).machine.initial, at
        self.add(obj, at)
        self.note(obj, "start", title, by=by, at=at, note=note, to_state=obj.state)
        return obj

    def move(self, obj: Any, name: str, *, by: Actor, at: dt.datetime, note: str = "", **answers: Any) -> None:
        """As `core.workflow.perform`."""
        row = binding_of(obj).machine.transition(name)
        if obj.state not in row.sources or by.party not in row.all_parties:
            raise ValueError(f"{name} of {obj} is not for {by.party} at {obj.state}.")
        for key, value in answers.items():
            setattr(obj, key, value)
        if row.stamps:
            setattr(obj, row.stamps, at)
        before, after = obj.state, row.target or obj.state
        obj.state, obj.version = after, obj.version + 1
        if after != before:
            obj.state_since = at
        own = by.party in row.parties
        self.note(
            obj, name, str(row.label), by=by, at=at, note=note, answers=plain(answers), from_state=before, to_state=after,
            party=by.party, on_behalf_of="" if own else min(row.parties), private=row.private,
        )  # fmt: skip

    def note(self, obj: Any, name: str, title: str, *, by: Actor, at: dt.datetime, **fields: Any) -> None:
        """As `core.history.record`."""
        self.add(
            LogEntry(
                kind=obj._meta.label_lower,
                object_id=obj.pk,
                parent_id=getattr(obj, "history_parent_id", None),
                name=name,
                title=title,
                by=by.user,
                actor=str(by.user),
                at=at,
                **fields,
            ),
            at,
        )

    def close(self) -> None:
        """Insert everything at once. Keys point both ways, and the database checks them when the transaction ends."""
        keep(self.rows)
        self.rows.clear()
