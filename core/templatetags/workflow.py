"""What the tables say, on any page: the badge of a state, the buttons, whose step it is, the lines of a history."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context

from core.models import LogEntry
from core.workflow import Machine, Offer, State, Transition, available, bindings, parties_of, state_of

register = template.Library()


@register.inclusion_tag("workflow/_state_badge.html")
def state_badge(obj: Any) -> dict[str, State]:
    """The word for where the thing stands."""
    return {"state": state_of(obj)}


@dataclass(frozen=True, slots=True)
class Button:
    url: str
    words: Any
    tone: str
    reason: str


@register.inclusion_tag("workflow/_actions.html", takes_context=True)
def actions(context: Context, obj: Any, *, without: str = "", small: bool = False) -> dict[str, Any]:
    """What the person of this page can do to `obj`, and why not what is blocked.

    The page of several rows is offered once; `without` names an address that is already on the page.
    """
    request = context["request"]
    found = [b for b in buttons(obj, request.user, back=request.get_full_path()) if b.url.partition("?")[0] != without]
    return {"buttons": found, "small": small}


def buttons(obj: Any, user: Any, *, back: str = "") -> list[Button]:
    """The offers of the table, one for each address; a possible one goes before one that is blocked."""
    by_address: dict[str, Offer] = {}
    for offer in available(obj, user):
        held = by_address.get(offer.url)
        if held is None or (offer.decision and not held.decision):
            by_address[offer.url] = offer
    return [
        Button(
            _with_return(offer, back), offer.transition.button or offer.transition.label, offer.transition.tone,
            offer.decision.reason,
        )
        for offer in by_address.values()
    ]  # fmt: skip


def _with_return(offer: Offer, back: str) -> str:
    """The general page leads back to where it was opened from; pages of their own know where they go."""
    if not back or offer.transition.page:
        return offer.url
    return f"{offer.url}?{urlencode({'next': back})}"


@register.simple_tag(takes_context=True)
def on_behalf(context: Context, obj: Any, row: Transition) -> str:
    """For whom the person of this page would note the step; empty when it is the own one."""
    if parties_of(context["request"].user, obj) & row.parties:
        return ""
    return " / ".join(sorted(party_label(party) for party in row.parties))


def party_label(party: Any) -> str:
    """The word for a party: tables hold the members of an enumeration, histories their values."""
    if hasattr(party, "label"):
        return str(party.label)
    for binding in bindings():
        for row in binding.machine.transitions:
            for known in row.all_parties:
                if known == party and hasattr(known, "label"):
                    return str(known.label)
    return str(party)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history as `components/timeline.html` shows it."""

    at: Any
    actor: str
    on_behalf_of: str
    title: str
    moved: str
    note: str
    tone: str


@register.inclusion_tag("components/timeline.html")
def history(entries: Iterable[LogEntry]) -> dict[str, list[Line]]:
    """The lines with the words of the tables: from which state to which, and on whose behalf."""
    machines = {binding.model._meta.label_lower: binding.machine for binding in bindings()}
    return {"entries": [line_of(entry, machines.get(entry.kind)) for entry in entries]}


def line_of(entry: LogEntry, machine: Machine | None) -> Line:
    before = _state(machine, entry.from_state)
    after = _state(machine, entry.to_state)
    moved = f"{before.label} → {after.label}" if before and after and before is not after else ""
    return Line(
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=party_label(entry.on_behalf_of) if entry.on_behalf_of else "",
        title=entry.title,
        moved=moved,
        note=entry.note,
        tone=after.tone if after and before is not after else "neutral",
    )


def _state(machine: Machine | None, value: str) -> State | None:
    """A state that an older table knew and the present one does not has no word any more."""
    return next((s for s in machine.states if s.value == value), None) if machine and value else None
