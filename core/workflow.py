"""The workflow engine: one literal table per machine, read by pages, buttons, badges, progress bar, inbox, history, admin and docs.

A machine is a tuple of frozen records. `bind` ties it to its model; `available` says what a person can do now and why not;
`perform` is the only writer of `state`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, outbox
from core.decisions import YES, Decision, no
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.locks import lock_row

Guard = Callable[[Any], str | None]
M = TypeVar("M", bound=models.Model)

STAYS = ""  # the target of a row that leaves the state as it is


@dataclass(frozen=True, slots=True)
class State:
    """Where a thing stands: its word, its tone, the step it belongs to, and whether anything can still follow."""

    value: str
    label: Any
    tone: str = "neutral"
    step: int = 0
    final: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What a transition asks for. `kind`: text, long, date, yes_no, choice, email or file; filled into the field of that name, if any.

    `check(obj, answer)` says what cannot be right about what was typed; what is `told` stands on the line of history too.
    """

    name: str
    label: Any
    kind: str = "long"
    required: bool = True
    help: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    options: Callable[[Any], list[tuple[str, str]]] | None = None
    check: Callable[[Any, Any], str | None] | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table.

    `label` is what one does, `done` what has then happened, for the history and the message afterwards (the label if left out).
    `parties` do it in their own name, `on_behalf` are those who may note it for them; `guards` say why it is blocked;
    `stamps` is the date field it fills, and with `once` it is offered only while that is empty. `inbox` is the sentence
    under which it waits in the inbox of `parties` (while `inbox_if` holds), `due` names the attribute that says until
    when, `inbox_button` is its words there, and with `read_first` it leads to the object's own page; `page` is the page
    where it is done, if not the general one, and `button` its words there; `hidden` rows have no button of their own; a
    `consequence` is performed by a service that follows another row, in the name of whoever did that one, and by nobody
    directly; `private` lines of history are for the offices and the person who acted.
    """

    name: str
    label: Any
    sources: tuple[str, ...]
    target: str
    parties: frozenset[str]
    step: int = 0
    on_behalf: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    asks: tuple[Ask, ...] = ()
    stamps: str = ""
    once: bool = False
    effects: tuple[str, ...] = ()
    tone: str = "secondary"
    inbox: Any = ""
    inbox_if: Callable[[Any], bool] | None = None
    due: str = ""
    inbox_button: Any = ""
    read_first: bool = False
    button: Any = ""
    explains: Any = ""
    page: str = ""
    hidden: bool = False
    consequence: bool = False
    private: bool = False
    done: Any = ""

    @property
    def all_parties(self) -> frozenset[str]:
        return self.parties | self.on_behalf


@dataclass(frozen=True, slots=True)
class Machine:
    name: str
    title: Any
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def state(self, value: str) -> State:
        return next(s for s in self.states if s.value == value)

    def transition(self, name: str) -> Transition:
        """LookupError for a name that is not in the table."""
        for candidate in self.transitions:
            if candidate.name == name:
                return candidate
        raise LookupError(name)

    def values(self, **having: Any) -> list[str]:
        """The states for which every given attribute has the given value, in the order of the table."""
        return [s.value for s in self.states if all(getattr(s, k) == v for k, v in having.items())]


@dataclass(frozen=True, slots=True)
class Binding:
    """A machine on its model. `parties(user, obj)` says who the person is to the object, without a query per row; `hats` which of
    these a person can be who acts as one of the portal's parties; `words` what they are called."""

    machine: Machine
    model: type[models.Model]
    parties: Callable[[Any, Any], frozenset[str]]
    url_name: str
    prepare: Callable[[Any], models.QuerySet[Any]]
    hats: Mapping[str, frozenset[str]]
    words: Mapping[str, Any]
    actions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkActor:
    """Somebody who came by a signed link, and the party the link speaks for."""

    label: str
    parties: frozenset[str]

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: what can be done, whether it is possible now, and the sentence if not."""

    transition: Transition
    decision: Decision
    url: str


_bindings: dict[type[models.Model], Binding] = {}


def bind(binding: Binding) -> None:
    _bindings[binding.model] = binding


def binding_of(obj: Any) -> Binding:
    return _bindings[obj if isinstance(obj, type) else type(obj)]


def bindings() -> Iterable[Binding]:
    return _bindings.values()


def parties_of(user: Any, obj: Any) -> frozenset[str]:
    """Who `user` is to `obj`; a link speaks for the parties it was made for."""
    return user.parties if isinstance(user, LinkActor) else binding_of(obj).parties(user, obj)


def state_of(obj: Any) -> State:
    return binding_of(obj).machine.state(obj.state)


def blocked(obj: Any, transition: Transition) -> str:
    """The first guard's reason, or an empty string."""
    return next((reason for guard in transition.guards if (reason := guard(obj))), "")


def in_reach(obj: Any, transition: Transition) -> bool:
    """Whether the transition starts where the object stands and, if it is done once, is still to do."""
    done = transition.once and getattr(obj, transition.stamps) is not None
    return obj.state in transition.sources and not done


def decide(obj: Any, user: Any, name: str) -> Decision:
    """Whether `user` may do `name` to `obj` now, with the reason if not."""
    row = binding_of(obj).machine.transition(name)
    if row.consequence or not parties_of(user, obj) & row.all_parties:
        return no(_("This is for somebody else to do."))
    if not in_reach(obj, row):
        return no(_("This step is not open: it now stands at “%(state)s”.") % {"state": state_of(obj).label})
    reason = blocked(obj, row)
    return no(reason) if reason else YES


def transition_url(obj: Any, row: Transition) -> str:
    binding = binding_of(obj)
    return reverse(row.page, args=[obj.page_key]) if row.page else reverse(binding.url_name, args=[obj.pk, row.name])


def available(obj: Any, user: Any) -> list[Offer]:
    """Every transition `user` has a part in and that starts here, possible or blocked with its reason."""
    who = parties_of(user, obj)
    return [
        Offer(row, no(reason) if (reason := blocked(obj, row)) else YES, transition_url(obj, row))
        for row in binding_of(obj).machine.transitions
        if not row.hidden and not row.consequence and who & row.all_parties and in_reach(obj, row)
    ]


def start(obj: Any, *, by: Any, note: str = "", title: object = "", private: bool = False) -> Any:
    """Save a new object in the first state of its table, with the first line of its history."""
    machine = binding_of(obj).machine
    obj.state = machine.initial
    obj.save(force_insert=True)
    history.record(obj, "start", title or machine.title, by=by, note=note, to_state=obj.state, private=private)
    return obj


@transaction.atomic
def perform(obj: M, name: str, *, by: Any, note: str = "", **answers: Any) -> M:
    """Move `obj` by one row of its table and return it fresh.

    Under a lock on the row: state, party and guards are checked again; then the answers and the stamp are filled in, the state
    is written, one line of history and one outbox job for every effect. NotAllowed for a stranger to the step,
    SomebodyWasFaster when the state has changed, TransitionRefused with a guard's reason, InvalidAnswers for a missing answer.
    """
    row = binding_of(obj).machine.transition(name)
    fresh: Any = lock_row(obj)
    who = parties_of(by, fresh)
    if not row.consequence and not who & row.all_parties:
        raise NotAllowed
    if not in_reach(fresh, row):
        raise SomebodyWasFaster
    if reason := blocked(fresh, row):
        raise TransitionRefused(reason)
    given = {**answers, "note": note}
    missing = {
        ask.name: _("Please answer this.") for ask in row.asks if ask.required and given.get(ask.name) in (None, "")
    }
    if missing:
        raise InvalidAnswers(missing)
    known = {f.name for f in fresh._meta.get_fields() if f.concrete}
    changed = [key for key in answers if key in known]
    for key in changed:
        setattr(fresh, key, answers[key])
    if row.stamps:
        setattr(fresh, row.stamps, timezone.now())
    before, after = fresh.state, row.target or fresh.state
    fresh.state = after
    if before != after:
        fresh.state_since = timezone.now()
    fresh.version += 1
    fresh.save(
        update_fields=sorted({*changed, "state", "state_since", "version", *([row.stamps] if row.stamps else [])})
    )
    own = who & row.parties
    told = [str(answers[ask.name]) for ask in row.asks if ask.told and answers.get(ask.name)]
    entry = history.record(
        fresh,
        name,
        row.done or row.label,
        by=by,
        party=min(own or who & row.on_behalf or {""}),
        on_behalf_of="" if own or row.consequence else min(row.parties),
        note="\n\n".join(text for text in (note, *told) if text),
        answers=answers,
        from_state=before,
        to_state=after,
        private=row.private,
    )
    for effect in row.effects:
        outbox.enqueue(effect, about=fresh, object_id=fresh.pk, entry_id=entry.pk)
    obj.refresh_from_db()
    return obj


def act(obj: Any, name: str, *, by: Any, **answers: Any) -> Any:
    """The road that pages and the shell take: the named service if the table's row needs more than a state change, else `perform`."""
    service = binding_of(obj).actions.get(name)
    return service(obj, by=by, **answers) if service else perform(obj, name, by=by, **answers)
