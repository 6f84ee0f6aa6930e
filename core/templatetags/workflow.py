"""What the tables say, on any page: the badge of a state, the buttons, whose step it is, the lines of a history."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context

from core.models import LogEntry
from core.workflow import Binding, Offer, State, Transition, available, binding_of, bindings, parties_of, state_of

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
    words = binding_of(obj).words
    return " / ".join(sorted(str(words[party]) for party in row.parties))


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
    known = {binding.model._meta.label_lower: binding for binding in bindings()}
    return {"entries": [line_of(entry, known.get(entry.kind)) for entry in entries]}


def line_of(entry: LogEntry, binding: Binding | None) -> Line:
    before = _state(binding, entry.from_state)
    after = _state(binding, entry.to_state)
    words = binding.words if binding else {}
    moved = f"{before.label} → {after.label}" if before and after and before is not after else ""
    return Line(
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=str(words.get(entry.on_behalf_of, entry.on_behalf_of)),
        title=entry.title,
        moved=moved,
        note=entry.note,
        tone=after.tone if after and before is not after else "neutral",
    )


def _state(binding: Binding | None, value: str) -> State | None:
    """A state that an older table knew and the present one does not has no word any more."""
    return next((s for s in binding.machine.states if s.value == value), None) if binding and value else None
