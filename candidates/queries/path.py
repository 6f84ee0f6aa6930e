"""The path to accreditation as it is read: workshops with their nominees, who owes a field mission and since when, one person's way."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.enums import Assessment, NomineeState
from candidates.models import FieldMission, Listing, WorkshopNominee
from candidates.workflow import NOMINEE_OF_WORKSHOP
from core import history
from core.clock import begin_of, day_words, months_after, today
from core.dated_policy import policy
from core.inbox import MOST, InboxItem
from core.models import LogEntry
from core.workflow import state_of
from experts.enums import Stage
from experts.models import Accreditation, AccreditationWorkshop, Area, Category, Expert
from experts.queries import ALIVE, accreditations_on
from members.enums import Party
from members.models import Administration

NOBODY_NOW = "nobody_put_forward"
PEOPLE_SHOWN = 40
OPEN = [state.value for state in NOMINEE_OF_WORKSHOP.states if not state.final]


# Workshops


def takes_nominees(workshop: AccreditationWorkshop) -> bool:
    """Whether administrations may put people forward: from the announcement until it begins; a late one counts too."""
    return workshop.announced_at is not None and workshop.begins > today() and workshop.outcomes_at is None


def why_not_announced(workshop: AccreditationWorkshop) -> str:
    """What stands against an announcement, or nothing."""
    if workshop.announced_at:
        return _("It has been announced already.")
    if workshop.nominate_by is None:
        return _("The day until which nominees are put forward is missing.")
    if workshop.nominate_by < today():
        return _("The day until which nominees are put forward lies behind; choose a later one.")
    return ""


def has_said_nobody(workshop: AccreditationWorkshop, administration: Administration) -> bool:
    said = history.history_of(workshop.pk).filter(name=NOBODY_NOW, answers__administration=str(administration.pk))
    return bool(said.exists())


def with_nominees(rows: Any, user: Any) -> Any:
    """Workshops with the number of nominees that the reader may know of: all, still open, passed."""
    seen = Q(nominees__in=WorkshopNominee.objects.visible_to(user))
    return rows.annotate(
        nominee_count=Count("nominees", filter=seen & ~Q(nominees__state=NomineeState.WITHDRAWN), distinct=True),
        open_count=Count("nominees", filter=seen & Q(nominees__state__in=OPEN), distinct=True),
        passed_count=Count("nominees", filter=seen & Q(nominees__state=NomineeState.PASSED), distinct=True),
        first_steps=Count("accreditations", distinct=True),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a workshop stands, as a word with its tone."""

    label: str
    tone: str


def standing_of(workshop: AccreditationWorkshop, day: dt.date) -> Standing:
    last = workshop.last_day or months_after(workshop.month, 1) - dt.timedelta(days=1)
    if workshop.outcomes_at:
        return Standing(_("outcomes entered"), "good")
    if workshop.begins > day:
        return Standing(_("announced"), "info") if workshop.announced_at else Standing(_("in preparation"), "neutral")
    return Standing(_("held"), "neutral") if last < day else Standing(_("under way"), "info")


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody who can be put forward; a listed candidate of the area stands first, with since when."""

    expert: Expert
    listed_on: dt.date | None


def people_to_put_forward(user: Any, workshop: AccreditationWorkshop, words: str = "") -> list[Offered]:
    """Listed candidates of the area, then others of whom every word fits: the own people of an administration, all for the offices.

    Nobody who has left, is accredited there or on the way to it, or is a nominee already. Without words the offices are offered
    the listed candidates alone.
    """
    day = today()
    people = Expert.objects.visible_to(user).active(day)
    if not user.is_office:
        people = people.filter(administration__in=user.administration_ids())
    there = accreditations_on(day).filter(category=workshop.category, area=workshop.area)
    people = people.exclude(pk__in=there.values("expert")).exclude(pk__in=workshop.nominees.values("expert"))
    lines = Listing.objects.open(day).filter(left_on__isnull=True, area=workshop.area, expert=OuterRef("pk"))
    people = people.annotate(is_listed=Exists(lines))
    typed = words.split()
    for word in typed:
        people = people.filter(
            Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(administration__name__icontains=word)
        )
    if user.is_office and not typed:
        people = people.filter(is_listed=True)
    found = list(
        people.select_related("administration").order_by("-is_listed", "family_name", "given_name", "pk")[:PEOPLE_SHOWN]
    )
    since = dict(
        Listing.objects.open(day)
        .filter(left_on__isnull=True, area=workshop.area, expert__in=found)
        .values_list("expert", "listed_on")
    )
    return [Offered(person, since.get(person.pk)) for person in found]


def nominees_of(workshop: AccreditationWorkshop, user: Any) -> QuerySet[WorkshopNominee]:
    """Those whom the reader may know of, with their people."""
    seen = WorkshopNominee.objects.visible_to(user).filter(workshop=workshop)
    return seen.select_related("expert__administration", "workshop", "accreditation", "put_forward_by")


def nominees_before(workshop: AccreditationWorkshop, user: Any, step: str) -> QuerySet[WorkshopNominee]:
    """Those with whom a row of the table can be done."""
    return nominees_of(workshop, user).filter(state__in=NOMINEE_OF_WORKSHOP.transition(step).sources)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The nominees whom the reader may know of, and what is still to do about them."""

    nominees: list[WorkshopNominee]
    undecided: int
    unfinished: int
    invited: int
    has_put: bool


NEVER_INVITED = frozenset({NomineeState.PUT_FORWARD, NomineeState.NOT_INVITED, NomineeState.WITHDRAWN})


def cohort_of(workshop: AccreditationWorkshop, user: Any) -> Cohort:
    nominees = list(nominees_of(workshop, user))
    own = user.administration_ids()
    return Cohort(
        nominees=nominees,
        undecided=sum(row.state == NomineeState.PUT_FORWARD for row in nominees),
        unfinished=sum(row.state in OPEN for row in nominees),
        invited=sum(row.state not in NEVER_INVITED for row in nominees),
        has_put=any(row.expert.administration_id in own for row in nominees),
    )


# Who owes a field mission


@dataclass(frozen=True, slots=True)
class Owed:
    """A first step that waits for its field mission; `by` is the day until which the house hopes for it, nothing ends with it."""

    accreditation: Accreditation
    since: dt.date
    by: dt.date
    missions: list[FieldMission]
    day: dt.date
    is_late: bool

    @property
    def months(self) -> int:
        """How many full months it has waited."""
        whole = (self.day.year - self.since.year) * 12 + self.day.month - self.since.month
        return max(whole - (self.day.day < self.since.day), 0)

    @property
    def waits(self) -> str:
        years, months = divmod(self.months, 12)
        said = [ngettext("%(n)d year", "%(n)d years", years) % {"n": years}] if years else []
        if months or not years:
            said.append(ngettext("%(n)d month", "%(n)d months", months) % {"n": months})
        return " ".join(said)

    @property
    def last(self) -> FieldMission | None:
        return self.missions[0] if self.missions else None

    @property
    def passed(self) -> FieldMission | None:
        return next((row for row in self.missions if row.assessment == Assessment.PASSED), None)

    @property
    def words(self) -> str:
        """What is still to do."""
        if self.passed:
            return _("passed; to be confirmed")
        if self.last is None:
            return _("no mission yet")
        return _("another mission needed") if self.last.assessment else _("done; no word yet")

    @property
    def tone(self) -> str:
        return "good" if self.passed else "info" if self.last and not self.last.assessment else ""


def owing(user: Any, day: dt.date) -> Any:
    """First steps whose field mission is not confirmed yet: the offices all, an administration its own people."""
    rows = accreditations_on(day).filter(stage=Stage.FIRST_STEP)
    if not user.is_office:
        rows = rows.filter(expert__administration__in=user.administration_ids())
    return with_missions(rows)


def with_missions(rows: Any) -> Any:
    """First steps with people and missions, and whether one was passed."""
    passed = FieldMission.objects.filter(accreditation=OuterRef("pk"), assessment=Assessment.PASSED)
    return (
        rows.annotate(has_passed=Exists(passed))
        .select_related("expert__administration", "area", "category", "workshop")
        .prefetch_related(Prefetch("field_missions", FieldMission.objects.select_related("assessor")))
    )


def due_by(first_step_on: dt.date) -> dt.date:
    """Until when a field mission is hoped for (house setting)."""
    return months_after(first_step_on, int(policy("field_mission.months", first_step_on)))


def owed(rows: Iterable[Any], day: dt.date) -> list[Owed]:
    late = late_before(day)
    return [
        Owed(
            row,
            row.first_step_on,
            due_by(row.first_step_on),
            list(row.field_missions.all()),
            day,
            row.first_step_on < late,
        )
        for row in rows
    ]


def late_before(day: dt.date) -> dt.date:
    """First steps before this day have waited longer than the house hopes for."""
    return months_after(day, -int(policy("field_mission.months", day)))


def assessors_for(accreditation: Accreditation, day: dt.date, also: uuid.UUID | None = None) -> QuerySet[Expert]:
    """Fully accredited people of the same category and area, but the person; `also` is who has assessed already."""
    full = accreditations_on(day).filter(
        stage=Stage.FULL, category=accreditation.category_id, area=accreditation.area_id
    )
    people = Expert.objects.filter(Q(pk__in=full.values("expert")) | Q(pk=also)).exclude(pk=accreditation.expert_id)
    return people.select_related("administration").order_by("family_name", "given_name")


# One person's way


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of a way, as `components/stepper.html` draws it."""

    n: int
    title: str
    status: str
    note: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One person's way in one area: the four steps, the sentence that says what is left, and by when."""

    category: Category | None
    area: Area | None
    steps: list[Milestone]
    left: str
    by: dt.date | None
    stage: Stage
    accreditation: Accreditation | None
    nominee: WorkshopNominee | None
    listing: Listing | None
    missions: list[FieldMission]

    @property
    def label(self) -> str:
        return str(self.area or self.category or "")

    @property
    def is_over(self) -> bool:
        return self.stage in {Stage.FULL, Stage.ENDED}

    @property
    def owes_mission(self) -> bool:
        passed = any(mission.assessment == Assessment.PASSED for mission in self.missions)
        return self.stage == Stage.FIRST_STEP and not passed

    @property
    def waits_for_word(self) -> bool:
        """Whether the Secretariat could confirm it."""
        return self.stage in {Stage.FIRST_STEP, Stage.ENTRY_PENDING}


Key = tuple[uuid.UUID | None, uuid.UUID | None]


def ways_of(expert: Expert, day: dt.date) -> list[Way]:
    """The ways of a person, those that still go on first: wherever there is an accreditation, a workshop or a line on the list."""
    held = {
        (row.category_id, row.area_id): row
        for row in expert.accreditations.select_related("category", "area", "workshop").prefetch_related(
            Prefetch("field_missions", FieldMission.objects.select_related("assessor"))
        )
    }
    nominees: dict[Key, WorkshopNominee] = {}
    for row in (
        WorkshopNominee.objects.filter(expert=expert)
        .exclude(state=NomineeState.WITHDRAWN)
        .select_related("workshop__category", "workshop__area")
        .order_by("workshop__month", "created_at")
    ):
        nominees[row.workshop.category_id, row.workshop.area_id] = row
    lines = {
        line.area_id: line
        for line in Listing.objects.filter(expert=expert).select_related("area").order_by("listed_on")
    }
    keys: list[Key] = [*held, *(key for key in nominees if key not in held)]
    known = {area for _category, area in keys}
    keys += [(None, area) for area, line in lines.items() if area not in known and line.is_open(day)]
    ways = [
        _way(held.get(key), nominees.get(key), lines.get(key[1]) if key[1] else None, day)  # type: ignore[arg-type]
        for key in keys
    ]
    return sorted(ways, key=lambda way: (way.is_over, way.label))


def _way(row: Accreditation | None, nominee: WorkshopNominee | None, line: Listing | None, day: dt.date) -> Way:
    stage = row.stage_on(day) if row else Stage.NONE
    missions = list(row.field_missions.all()) if row else []
    left, by = _what_is_left(row, stage, nominee, missions)
    return Way(
        category=row.category if row else nominee.workshop.category if nominee else None,
        area=row.area if row else nominee.workshop.area if nominee else line.area if line else None,
        steps=_steps(row, stage, nominee, line, missions),
        left=left,
        by=by,
        stage=stage,
        accreditation=row,
        nominee=nominee,
        listing=line,
        missions=missions,
    )


def _steps(
    row: Accreditation | None,
    stage: Stage,
    nominee: WorkshopNominee | None,
    line: Listing | None,
    missions: list[FieldMission],
) -> list[Milestone]:
    stepped = stage in ALIVE or stage == Stage.ENDED
    further = stage in {Stage.FULL, Stage.ENTRY_PENDING, Stage.ENDED}
    passed = next((m for m in missions if m.assessment == Assessment.PASSED), None)
    listed = "done" if line else "not_needed"
    workshop = nominee.workshop if nominee else row.workshop if row else None
    second = "done" if stepped else "current"
    note = "" if stepped else str(state_of(nominee).label) if nominee else _("an accreditation workshop in this area")
    mission_note = _(", ").join(m.place for m in missions if m.assessment) if missions else ""
    third = "done" if passed or further else "current" if stepped else "todo"
    if further and not missions:
        mission_note = _("before this portal, or elsewhere")
    fourth = "done" if stage in {Stage.FULL, Stage.ENDED} else "current" if passed or further else "todo"
    return [
        Milestone(1, _("Candidate list"), listed, "", line.listed_on if line else None),
        Milestone(
            2,
            _("Workshop: first step (today: pre-accredited)"),
            second,
            note or (workshop.title if workshop else ""),
            row.first_step_on if row else None,
        ),
        Milestone(3, _("Field mission"), third, mission_note, passed.last_day if passed else None),
        Milestone(
            4,
            _("Fully accredited, entered in ACE"),
            fourth,
            _("ended") if stage == Stage.ENDED else _("entry in ACE pending") if stage == Stage.ENTRY_PENDING else "",
            row.full_from if row and stage == Stage.FULL else row.ended_on if row and stage == Stage.ENDED else None,
        ),
    ]


def _what_is_left(
    row: Accreditation | None, stage: Stage, nominee: WorkshopNominee | None, missions: list[FieldMission]
) -> tuple[str, dt.date | None]:
    """The sentence, and the day until which it is hoped for."""
    if row is not None and stage == Stage.FULL:
        since = day_words(row.full_from) if row.full_from else ""
        return _("Nothing is left: fully accredited since %(day)s.") % {"day": since}, None
    if row is not None and stage == Stage.ENDED:
        return _("This accreditation has ended."), None
    if stage == Stage.ENTRY_PENDING:
        return _("Accredited; the WCO Secretariat still has to enter it in ACE."), None
    if row is not None and stage == Stage.FIRST_STEP and row.first_step_on:
        by = due_by(row.first_step_on)
        if any(m.assessment == Assessment.PASSED for m in missions):
            return _(
                "The field mission is passed. The WCO Secretariat confirms the full accreditation and enters it in ACE."
            ), None
        if missions and not missions[0].assessment:
            return _("The field mission is done; the word of the assessor is still to come."), by
        if missions:
            return _("Another field mission is needed, beside a fully accredited expert."), by
        return _("One field mission is left, beside a fully accredited expert who assesses it."), by
    if nominee is not None:
        return _words_of_nominee(nominee), None
    return _(
        "On the candidate list. An accreditation workshop in this area would come next; ROCB tells of it in time."
    ), None


def _words_of_nominee(nominee: WorkshopNominee) -> str:
    workshop = nominee.workshop
    days = day_words(workshop.begins) if workshop.first_day else date_format(workshop.begins, "F Y")
    words = {
        NomineeState.PUT_FORWARD: _(
            "Put forward for the workshop “%(title)s”, %(days)s. The two offices say who is invited."
        ),
        NomineeState.INVITED: _("Invited to the workshop “%(title)s”, %(days)s. Passing it gives the first step."),
        NomineeState.TO_REPEAT: _(
            "Asked to repeat the workshop; the home administration can put the person forward again."
        ),
        NomineeState.NOT_PASSED: _("The workshop “%(title)s” was not passed."),
        NomineeState.ABSENT: _("Did not come to the workshop “%(title)s”."),
        NomineeState.NOT_INVITED: _("Not invited to the workshop “%(title)s”."),
    }
    return words.get(NomineeState(nominee.state), "") % {"title": workshop.title, "days": days}


# What waits


def workshops_waiting(user: Any, party: str) -> Iterable[InboxItem]:
    """Administrations: put people forward. Offices: prepare and announce, say who is invited, enter the outcomes. A person who is
    invited sees it until the workshop begins."""
    if party == Party.ADMINISTRATION:
        yield from _to_put_forward(user)
    elif party in Party.offices() and user.is_office:
        yield from _for_offices(user)
    elif party == Party.EXPERT:
        yield from _for_the_invited(user)


def _for_the_invited(user: Any) -> Iterable[InboxItem]:
    """Only the own nominations: whoever is a focal point too reads those of others as an administration."""
    rows = WorkshopNominee.objects.filter(expert__user=user, state=NomineeState.INVITED).select_related("workshop")
    for row in rows:
        if row.workshop.begins > today():
            yield InboxItem(
                sentence=_("You are invited to the accreditation workshop “%(title)s”: keep the days free")
                % {"title": row.workshop.title},
                since=row.state_since,
                due=row.workshop.begins,
                url=row.get_absolute_url(),
                button=_("Read about it"),
                object_id=row.pk,
            )


def _to_put_forward(user: Any) -> Iterable[InboxItem]:
    day = today()
    own = user.administration_ids()
    rows = list(
        AccreditationWorkshop.objects.filter(
            announced_at__isnull=False, outcomes_at__isnull=True, nominate_by__gte=day, first_day__gt=day
        ).select_related("area")
    )
    if not rows or not own:
        return
    put = set(
        WorkshopNominee.objects.filter(workshop__in=rows, expert__administration__in=own).values_list(
            "workshop", flat=True
        )
    )
    said = set(
        LogEntry.objects.filter(
            object_id__in=[row.pk for row in rows],
            name=NOBODY_NOW,
            answers__administration__in=[str(key) for key in own],
        ).values_list("object_id", flat=True)
    )
    for row in rows:
        if row.pk not in put | said:
            yield InboxItem(
                sentence=_("Put people forward for the accreditation workshop “%(title)s”, or say that there is nobody")
                % {"title": row.title},
                since=row.announced_at or begin_of(day),
                due=row.nominate_by,
                url=row.get_absolute_url(),
                button=_("Read and answer"),
                object_id=row.pk,
            )


def _for_offices(user: Any) -> Iterable[InboxItem]:
    day = today()
    rows = AccreditationWorkshop.objects.filter(nominees__state__in=OPEN).annotate(
        undecided=Count("nominees", filter=Q(nominees__state=NomineeState.PUT_FORWARD), distinct=True),
        unfinished=Count("nominees", filter=Q(nominees__state__in=OPEN), distinct=True),
    )
    for row in rows:
        last = row.last_day or months_after(row.month, 1) - dt.timedelta(days=1)
        if last < day:
            yield InboxItem(
                sentence=_("Enter the outcomes of the workshop “%(title)s” (%(n)d people)")
                % {"title": row.title, "n": row.unfinished},
                since=begin_of(last),
                url=reverse("candidates:workshop-outcomes", args=[row.pk]),
                button=_("Enter the outcomes"),
                object_id=row.pk,
            )
        elif row.undecided:
            yield InboxItem(
                sentence=ngettext(
                    "Say whether %(n)d nominee is invited to the workshop “%(title)s”",
                    "Say which of %(n)d nominees are invited to the workshop “%(title)s”",
                    row.undecided,
                )
                % {"title": row.title, "n": row.undecided},
                since=row.announced_at or row.created_at,
                due=row.begins,
                url=reverse("candidates:workshop-invite", args=[row.pk]),
                button=_("Invite"),
                object_id=row.pk,
            )


def accreditations_waiting(user: Any, party: str) -> Iterable[InboxItem]:
    """The Secretariat confirms whoever has passed the field mission; ROCB waits for it. Both see who waits too long for a mission."""
    if party not in Party.offices() or not user.is_office:
        return
    day = today()
    rows = owing(user, day)
    for row in owed(rows.filter(has_passed=True).order_by("first_step_on", "pk")[:MOST], day):
        if row.passed:
            yield InboxItem(
                sentence=_("Confirm the full accreditation of %(name)s in %(area)s: the field mission is passed")
                % {"name": row.accreditation.expert, "area": row.accreditation.area or row.accreditation.category},
                since=begin_of(row.passed.last_day),
                url=reverse("candidates:path-confirm", args=[row.accreditation.pk])
                if party == Party.SECRETARIAT
                else reverse("candidates:path-of", args=[row.accreditation.expert_id]),
                button=_("Confirm") if party == Party.SECRETARIAT else _("Open"),
                mine=party == Party.SECRETARIAT,
                who=str(Party.SECRETARIAT.label),
                object_id=row.accreditation.pk,
            )
    late = rows.filter(has_passed=False, first_step_on__lt=late_before(day)).order_by()
    found = late.aggregate(n=Count("pk"), first=Min("first_step_on"))
    if found["n"]:
        yield InboxItem(
            sentence=ngettext(
                "%(n)d person has waited too long for a field mission",
                "%(n)d people have waited too long for a field mission",
                found["n"],
            )
            % {"n": found["n"]},
            since=begin_of(due_by(found["first"])),
            url=f"{reverse('candidates:path')}?waits=late",
            button=_("Look for missions"),
        )
