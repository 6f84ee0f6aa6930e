"""What the tables say, on any page: the badge of a state, the buttons, whose step it is, the lines of a history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from core.models import LogEntry
from core.workflow import Binding, Offer, State, Transition, available, binding_of, bindings, parties_of, state_of

register = template.Library()


@register.inclusion_tag("workflow/_state_badge.html")
def state_badge(obj: Any) -> dict[str, State]:
    """The word for where the thing stands."""
    return {"state": state_of(obj)}


@register.simple_tag(name="state_of")
def state_of_tag(obj: Any) -> State:
    """Where the thing stands, for components that want the word and the tone."""
    return state_of(obj)


@dataclass(frozen=True, slots=True)
class Button:
    url: str
    words: Any
    tone: str
    reason: str


@register.inclusion_tag("workflow/_actions.html", takes_context=True)
def actions(
    context: Context, obj: Any, *, without: str = "", small: bool = False, quiet: bool = False
) -> dict[str, Any]:
    """What the person of this page can do to `obj`, and why not what is blocked.

    The page of several rows is offered once; `without` names an address that is already on the page; `quiet` leaves the one loud
    button to the page.
    """
    request = context["request"]
    found = [b for b in buttons(obj, request.user, back=request.get_full_path()) if b.url.partition("?")[0] != without]
    return {"buttons": found, "small": small, "quiet": quiet}


def buttons(obj: Any, user: Any, *, back: str = "") -> list[Button]:
    """The offers of the table, one for each address; a possible one goes before one that is blocked."""
    by_address: dict[str, Offer] = {}
    for offer in available(obj, user):
        held = by_address.get(offer.url)
        if held is None or (offer.decision and not held.decision):
            by_address[offer.url] = offer
    return [_button(obj, user, offer, back) for offer in by_address.values()]


def _button(obj: Any, user: Any, offer: Offer, back: str) -> Button:
    row = offer.transition
    words, tone = row.button or row.label, row.tone
    if other := whose(obj, user, row):
        words, tone = _("%(what)s, on behalf of the %(who)s") % {"what": words, "who": other}, "secondary"
    return Button(_with_return(offer, back), words, tone, offer.decision.reason)


def whose(obj: Any, user: Any, row: Transition) -> str:
    """For whom `user` would note the step; empty when it is the own one."""
    if parties_of(user, obj) & row.parties:
        return ""
    words = binding_of(obj).words
    return " / ".join(sorted(str(words[party]) for party in row.parties))


def _with_return(offer: Offer, back: str) -> str:
    """The general page leads back to where it was opened from; pages of their own know where they go."""
    if not back or offer.transition.page:
        return offer.url
    return f"{offer.url}?{urlencode({'next': back})}"


@register.simple_tag(takes_context=True)
def on_behalf(context: Context, obj: Any, row: Transition) -> str:
    """For whom the person of this page would note the step; empty when it is the own one."""
    return whose(obj, context["request"].user, row)


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
def history(
    entries: Iterable[LogEntry], *, subjects: Mapping[Any, str] | None = None, discreet: bool = False
) -> dict[str, list[Line]]:
    """The lines with the words of the tables: from which state to which, and on whose behalf.

    `subjects` names by their keys the things of a history that holds several; `discreet` leaves out where a thing stood before:
    the step before may not be the reader's to know.
    """
    known = {binding.model._meta.label_lower: binding for binding in bindings()}
    named = subjects or {}
    return {"entries": [line_of(e, known.get(e.kind), named.get(e.object_id, ""), discreet=discreet) for e in entries]}


def line_of(entry: LogEntry, binding: Binding | None, subject: str = "", *, discreet: bool = False) -> Line:
    before = _state(binding, entry.from_state)
    after = _state(binding, entry.to_state)
    words = binding.words if binding else {}
    moved = ""
    if before and after and before is not after:
        moved = str(after.label) if discreet else f"{before.label} → {after.label}"
    return Line(
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=str(words.get(entry.on_behalf_of, entry.on_behalf_of)),
        title=f"{entry.title}: {subject}" if subject else entry.title,
        moved=moved,
        note=entry.note,
        tone=after.tone if after and before is not after else "neutral",
    )


def _state(binding: Binding | None, value: str) -> State | None:
    """A state that an older table knew and the present one does not has no word any more."""
    return next((s for s in binding.machine.states if s.value == value), None) if binding and value else None
