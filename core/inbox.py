"""The inbox: what needs this party now, read from the workflow tables and from what the apps register besides."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.clock import today
from core.dated_policy import read_once
from core.workflow import Transition, binding_of, bindings, blocked, in_reach, parties_of, transition_url


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that waits: the sentence, since when, until when, and the one click that does it."""

    sentence: str
    since: dt.datetime
    url: str
    button: str
    due: dt.date | None = None
    detail: str = ""
    mine: bool = True
    who: str = ""
    object_id: Any = None

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < today()


# Of each kind, so many that have waited longest are looked at; a desk with more needs the lists.
MOST = 50


class Inbox(list[InboxItem]):
    """What waits; `is_cut` says that there is more of a kind than was looked at."""

    is_cut = False


Provider = Callable[[Any, str], Iterable[InboxItem]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(user, party)` yields what waits besides the workflow tables."""
    _providers.append(provider)


@read_once()
def inbox(user: Any, party: str) -> Inbox:
    """What waits for `user` as `party`, or on others, oldest due first; a fixed number of queries a table."""
    items = Inbox(item for provider in _providers for item in provider(user, party))
    for binding in bindings():
        if not binding.hats.get(party):
            continue
        waiting = {state for row in binding.machine.transitions if row.inbox for state in row.sources}
        rows = list(binding.prepare(user).filter(state__in=waiting).order_by("state_since", "pk")[: MOST + 1])
        items.is_cut |= len(rows) > MOST
        for obj in rows[:MOST]:
            items += items_of(obj, user, party)
    far = dt.date.max
    items.sort(key=lambda item: (item.due or far, item.since))
    return items


def items_of(obj: Any, user: Any, party: str) -> Iterable[InboxItem]:
    """What waits about one object for `user` as `party`, or on others."""
    binding = binding_of(obj)
    who = parties_of(user, obj) & binding.hats.get(party, frozenset())
    if not who:
        return
    for row in binding.machine.transitions:
        if not row.inbox or not in_reach(obj, row) or (row.inbox_if and not row.inbox_if(obj)) or blocked(obj, row):
            continue
        if who & row.parties:
            yield _item(obj, row, mine=True)
        elif who & row.on_behalf or not row.private:
            yield _item(obj, row, mine=False)


def _item(obj: Any, row: Transition, *, mine: bool) -> InboxItem:
    sentence = str(row.inbox).format(**obj.inbox_words)
    return InboxItem(
        sentence=sentence,
        since=obj.state_since,
        due=getattr(obj, row.due) if row.due else None,
        url=transition_url(obj, row) if mine and not row.read_first else obj.get_absolute_url(),
        button=str(row.inbox_button or row.button or row.label) if mine else _("Open"),
        mine=mine,
        who=", ".join(str(binding_of(obj).words[p]) for p in sorted(row.parties)),
        object_id=obj.pk,
    )
