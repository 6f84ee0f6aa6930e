"""Accreditation workshops: added, announced, nominees put forward and invited, the outcomes of a whole cohort (T3, §5.3)."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.enums import NomineeState
from candidates.models import WorkshopNominee
from candidates.queries import NOBODY_NOW, has_said_nobody, takes_nominees, why_not_announced
from core import history, outbox
from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.locks import lock_row, lock_rows
from core.workflow import perform, start
from experts.models import AccreditationWorkshop, Area, Category, Expert
from experts.queries import ALIVE
from experts.services import add_person, give_first_step, lock_experts, take_back_first_step
from members.models import Administration

OUTCOMES = (NomineeState.PASSED, NomineeState.TO_REPEAT, NomineeState.NOT_PASSED, NomineeState.ABSENT)


# The workshop itself


@transaction.atomic
def add_workshop(
    *,
    by: Any,
    title: str,
    category: Category,
    area: Area | None,
    first_day: dt.date,
    last_day: dt.date,
    place: str = "",
    places: int | None = None,
    nominate_by: dt.date | None = None,
    text: str = "",
    source: str = "",
) -> AccreditationWorkshop:
    """Keep a workshop that is planned or was held; nobody is told before it is announced. InvalidAnswers for days out of order, an
    area that does not fit the category, and a workshop of this title in this month that is known already."""
    workshop = AccreditationWorkshop(
        title=title.strip(), category=category, area=area, first_day=first_day, last_day=last_day, month=first_day.replace(day=1),
        place=place.strip(), places=places, nominate_by=nominate_by, text=text.strip(), source=source.strip(),
    )  # fmt: skip
    _check(workshop)
    workshop.save(force_insert=True)
    history.record(workshop, "added", _("Workshop entered"), by=by)
    return workshop


@transaction.atomic
def edit_workshop(
    workshop: AccreditationWorkshop, *, by: Any, version: int, tell: bool = False, **fields: Any
) -> AccreditationWorkshop:
    """Put a workshop right; its category and area stay as they are once somebody has passed it.

    With `tell` the administrations get the announcement once more, if it has been announced.
    """
    fresh = lock_row(workshop)
    if fresh.version != version:
        raise SomebodyWasFaster
    changed = [name for name, value in fields.items() if getattr(fresh, name) != value]
    if {"category", "area"} & set(changed) and fresh.accreditations.exists():
        raise InvalidAnswers({"area": _("Somebody has passed this workshop; its category and area stay as they are.")})
    for name in changed:
        setattr(fresh, name, fields[name])
    if "first_day" in changed and fresh.first_day:
        fresh.month = fresh.first_day.replace(day=1)
    _check(fresh)
    fresh.version += 1
    fresh.save(update_fields=[*changed, "month", "version"])
    entry = history.record(fresh, "edit", _("Workshop changed"), by=by)
    if tell and fresh.announced_at:
        outbox.enqueue("workshop_announced", about=fresh, object_id=fresh.pk, entry_id=entry.pk, again=True)
    return fresh


def _check(workshop: AccreditationWorkshop) -> None:
    first, last = workshop.first_day, workshop.last_day
    wrong: dict[str, str] = {}
    if first and last and last < first:
        wrong["last_day"] = _("The last day is before the first.")
    if workshop.nominate_by and first and workshop.nominate_by >= first:
        wrong["nominate_by"] = _("Nominees are put forward before the workshop begins.")
    if workshop.category.has_areas and workshop.area is None:
        wrong["area"] = _("Experts of this category are accredited in an area: please choose it.")
    if not workshop.category.has_areas and workshop.area is not None:
        wrong["area"] = _("This category is not divided by area.")
    same = AccreditationWorkshop.objects.filter(title__iexact=workshop.title, month=workshop.month)
    if same.exclude(pk=workshop.pk).exists():
        wrong["title"] = _("A workshop of this title in this month is known already.")
    if wrong:
        raise InvalidAnswers(wrong)


@transaction.atomic
def announce_workshop(workshop: AccreditationWorkshop, *, by: Any, version: int) -> AccreditationWorkshop:
    """Tell every member administration, once: an e-mail to its focal points, and a place in its inbox until nominees are due."""
    fresh = lock_row(workshop)
    if fresh.version != version:
        raise SomebodyWasFaster
    if reason := why_not_announced(fresh):
        raise TransitionRefused(reason)
    fresh.announced_at, fresh.version = timezone.now(), fresh.version + 1
    fresh.save(update_fields=["announced_at", "version"])
    entry = history.record(fresh, "announced", _("Announced to all member administrations"), by=by)
    outbox.enqueue("workshop_announced", about=fresh, object_id=fresh.pk, entry_id=entry.pk)
    return fresh


# Nominees


@transaction.atomic
def put_forward(
    workshop: AccreditationWorkshop,
    *,
    by: Any,
    expert: Expert | None = None,
    person: dict[str, Any] | None = None,
    note: str = "",
) -> WorkshopNominee:
    """Put a known official forward, or a new one (`person` as `add_person` takes it).

    An administration its own people, while it is not too late; the offices anybody, for whoever wrote or telephoned. InvalidAnswers
    for somebody who has left, is accredited or on the way to it there, or is a nominee already.
    """
    known = lock_experts(expert)[0] if expert else None
    fresh = lock_row(workshop)
    home = known.administration if known else (person or {})["administration"]
    if not by.is_office:
        if home.pk not in by.administration_ids():
            raise NotAllowed(_("An administration puts its own officials forward."))
        if not takes_nominees(fresh):
            raise TransitionRefused(_("Nominees are no longer, or not yet, put forward for this workshop."))
    somebody = known or add_person(**(person or {}), by=by)
    _check_nominee(fresh, somebody)
    nominee: WorkshopNominee = start(
        WorkshopNominee(workshop=fresh, expert=somebody, put_forward_by=by, note=note.strip()),
        by=by,
        note=note.strip(),
        title=_("Put forward for the workshop"),
    )
    return nominee


def _check_nominee(workshop: AccreditationWorkshop, expert: Expert) -> None:
    where = {"name": expert, "area": workshop.area or workshop.category}
    if expert.left_on is not None:
        raise InvalidAnswers({"expert": _("%(name)s has left.") % where})
    held = expert.accreditations.filter(category=workshop.category, area=workshop.area)
    if any(row.stage_on(today()) in ALIVE for row in held):
        raise InvalidAnswers({"expert": _("%(name)s is accredited in %(area)s, or on the way to it.") % where})
    known = WorkshopNominee.objects.filter(workshop=workshop, expert=expert).first()
    if known:
        raise InvalidAnswers({"expert": _("%(name)s has been put forward for this workshop already.") % where})


@transaction.atomic
def nobody_to_put_forward(workshop: AccreditationWorkshop, *, administration: Administration, by: Any) -> None:
    """An administration says that it has nobody for this workshop; it can still change its mind. Said twice, it is said once."""
    lock_row(workshop)
    if administration.pk not in by.administration_ids() and not by.is_office:
        raise NotAllowed
    if not has_said_nobody(workshop, administration):
        history.record(
            workshop, NOBODY_NOW, _("Nobody to put forward: %(home)s") % {"home": administration}, by=by,
            answers={"administration": str(administration.pk)}, private=True,
        )  # fmt: skip


@transaction.atomic
def invite_nominees(nominees: Iterable[WorkshopNominee], *, by: Any) -> int:
    """Invite several at once; each administration and each person is told. Returns how many."""
    rows = lock_rows(WorkshopNominee.objects.filter(pk__in=[row.pk for row in nominees]))
    for row in rows:
        perform(row, "invite", by=by)
    return len(rows)


# Outcomes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one nominee: one of `OUTCOMES`, and a remark for the administration and the person."""

    value: str
    note: str = ""


@transaction.atomic
def enter_outcomes(
    workshop: AccreditationWorkshop, *, by: Any, on: dt.date, outcomes: Mapping[WorkshopNominee, Outcome]
) -> int:
    """Enter the outcomes of a cohort in one transaction: all of them, or none.

    Whoever has passed gets the first step, from the day `on`; the administrations and the people are told. InvalidAnswers under the
    key of the nominee (`outcome-<key>`) for one that is refused; TransitionRefused for a workshop that is not over.
    """
    people = {row.expert_id: row.expert for row in outcomes}
    lock_experts(*people.values())
    fresh = lock_row(workshop)
    if on > today() or on < fresh.month:
        raise InvalidAnswers({"on": _("The outcomes have the day on which the workshop ended; this one does not fit.")})
    if fresh.begins > today():
        raise TransitionRefused(_("The workshop has not begun."))
    source = _("Outcome of the workshop “%(workshop)s”") % {"workshop": fresh}
    for row, outcome in outcomes.items():
        try:
            _enter(row, outcome, on=on, source=source, by=by)
        except InvalidAnswers as error:
            raise InvalidAnswers({f"outcome-{row.pk}": str(error)}) from error
    fresh.outcomes_at, fresh.version = timezone.now(), fresh.version + 1
    fresh.save(update_fields=["outcomes_at", "version"])
    title = _("Outcomes entered: %(n)d") % {"n": len(outcomes)}
    history.record(fresh, "outcomes", title, by=by)
    return len(outcomes)


def _enter(row: WorkshopNominee, outcome: Outcome, *, on: dt.date, source: str, by: Any) -> None:
    answers: dict[str, Any] = {"outcome_note": outcome.note.strip()}
    if outcome.value == NomineeState.PASSED:
        answers["accreditation"] = give_first_step(
            row.expert, category=row.workshop.category, area=row.workshop.area, on=on, workshop=row.workshop, source=source, by=by
        )  # fmt: skip
    perform(row, outcome.value, by=by, **answers)


@transaction.atomic
def correct_outcome(nominee: WorkshopNominee, *, by: Any, note: str = "", **answers: Any) -> WorkshopNominee:
    """Take an outcome back that was entered by mistake, and with it the first step that it gave. TransitionRefused if the person has
    gone further: a field mission is recorded, or ACE has more to say."""
    lock_experts(nominee.expert)
    given = nominee.accreditation
    if given is not None and given.field_missions.exists():
        raise TransitionRefused(
            _("A field mission of %(name)s is recorded already; the first step is not taken back.")
            % {"name": nominee.expert}
        )
    perform(nominee, "correct", by=by, note=note, accreditation=None, decided_at=None, **answers)
    others = WorkshopNominee.objects.filter(accreditation=given).exclude(pk=nominee.pk)
    if given is not None and given.workshop_id == nominee.workshop_id and not others.exists():
        take_back_first_step(given, by=by, note=note)
    nominee.refresh_from_db()
    return nominee


NOMINEE_ACTIONS: dict[str, Callable[..., Any]] = {"correct": correct_outcome}
