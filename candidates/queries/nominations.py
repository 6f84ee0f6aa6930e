"""Where a nomination stands, who has reviewed it and what this reader may know of that, whom one can nominate, what waits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.enums import Origin, Requirement, Verdict
from candidates.models import Evidence, Judgement, Listing, Nomination, Review
from candidates.queries.listings import covered_areas
from candidates.workflow import NOMINATION
from core import history
from core.clock import day_of, today
from core.inbox import InboxItem, items_of
from core.models import LogEntry
from core.workflow import blocked, in_reach, state_of
from experts.models import Area, Expert
from experts.queries import ALIVE
from members.enums import Party
from members.models import Administration

PEOPLE_SHOWN = 12
OF_THE_HOME = ("agree", "object", "lift_objection")


# Whom, and in which areas


def people_to_nominate(user: Any, origin: str, words: str = "") -> list[Expert]:
    """Known people of whom every word fits the name or the administration: the own ones for an administration; whom one sees else,
    for a centre those of its host first (§2.3)."""
    people = Expert.objects.visible_to(user).active(today())
    if origin == Origin.ADMINISTRATION:
        people = people.filter(administration__in=user.administration_ids())
    for word in words.split():
        people = people.filter(
            Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(administration__name__icontains=word)
        )
    hosts = user.administration_ids(Party.CENTRE) if origin == Origin.CENTRE else set()
    elsewhere = Case(When(administration__in=hosts, then=0), default=1)
    found = people.select_related("administration").order_by(elsewhere, "family_name", "given_name", "pk")
    return list(found[:PEOPLE_SHOWN])


def known_as(given_name: str, family_name: str, home: Administration | None) -> Expert | None:
    """The record of exactly this name at home."""
    names = {"given_name__iexact": given_name.strip(), "family_name__iexact": family_name.strip()}
    return Expert.objects.filter(administration=home, **names).first() if home else None


def namesakes(user: Any, given_name: str, family_name: str, home: Administration) -> list[Expert]:
    """People at home with these names in either order whom the user may see, to be offered before a second record is opened."""
    given, family = given_name.strip(), family_name.strip()
    either = Q(given_name__iexact=given, family_name__iexact=family)
    either |= Q(given_name__iexact=family, family_name__iexact=given)
    seen = Expert.objects.visible_to(user).filter(either, administration=home)
    return list(seen.select_related("administration"))


@dataclass(frozen=True, slots=True)
class AreaGroup:
    label: str
    areas: list[Area]


def areas_by_need(day: dt.date) -> list[AreaGroup]:
    """Every active area, those that nobody is accredited in yet first: they go before, the others are not excluded (§2.2(2))."""
    covered = covered_areas(day)
    areas = list(Area.objects.active())
    return [
        AreaGroup(_("Nobody is accredited yet; wanted first"), [a for a in areas if a.pk not in covered]),
        AreaGroup(_("Somebody is accredited already"), [a for a in areas if a.pk in covered]),
    ]


def areas_to_list(nomination: Nomination) -> tuple[list[Area], list[str]]:
    """The areas of the nomination in which there is something to list, and a sentence for each in which there is not."""
    expert, day = nomination.expert, today()
    if expert is None:
        return list(nomination.areas.all()), []
    steps = {row.area_id: row.stage_on(day) for row in expert.accreditations.all()}
    listed = set(Listing.objects.filter(expert=expert, left_on__isnull=True).values_list("area", flat=True))
    wanted, passed_over = [], []
    for area in nomination.areas.all():
        if steps.get(area.pk) in ALIVE:
            words = _("%(name)s is accredited in %(area)s, or on the way to it; the list is for others.")
        elif area.pk in listed and nomination.renews_id is None:
            words = _("%(name)s is on the list in %(area)s already.")
        else:
            wanted.append(area)
            continue
        passed_over.append(words % {"name": expert, "area": area})
    return wanted, passed_over


# Requirements and reviews


def all_four_met(nomination: Nomination) -> bool:
    """Whether every review given in this round finds every requirement met; the four hold together (pitfall P12)."""
    given = [review for review in nomination.reviews_now() if review.given_at]
    met = [{j.requirement for j in review.judgements.all() if j.verdict == Verdict.MET} for review in given]
    return bool(met) and all(found == set(Requirement.values) for found in met)


@dataclass(frozen=True, slots=True)
class Cell:
    """One reviewer on one requirement."""

    review: Review
    judgement: Judgement | None

    @property
    def tone(self) -> str:
        if self.judgement is None:
            return "neutral"
        return {Verdict.MET: "good", Verdict.NOT_MET: "bad"}.get(Verdict(self.judgement.verdict), "warn")


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One requirement with what was said about it, and the judgements that the reader may know of, in the order of reviewers."""

    value: int
    label: str
    evidence: Evidence | None
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class ReviewRound:
    """The reviews of one round as the reader may know them; `waiting` names who was asked and has not spoken."""

    number: int
    is_now: bool
    reviews: list[Review]
    rows: list[RequirementRow]
    waiting: list[str]
    closed: list[str]


def requirement_rows(nomination: Nomination, reviews: Iterable[Review] = ()) -> list[RequirementRow]:
    evidence = {row.requirement: row for row in nomination.evidence.all()}
    judged = [(review, {j.requirement: j for j in review.judgements.all()}) for review in reviews]
    return [
        RequirementRow(
            value=value,
            label=str(label),
            evidence=evidence.get(value),
            cells=[Cell(review, found.get(value)) for review, found in judged],
        )
        for value, label in Requirement.choices
    ]


def own_review(user: Any, nomination: Nomination) -> Review | None:
    return next((review for review in nomination.reviews_now() if review.reviewer_id == user.pk), None)


def reviews_for(user: Any, nomination: Nomination, *, deciding: bool = False) -> list[ReviewRound]:
    """The rounds of review, the newest first, for the offices.

    While a round goes on, the words of others open to a reviewer with the own review given, and to whoever decides (`deciding`)
    once everybody asked has spoken (row B40). Earlier rounds, and those of a nomination that is decided, are open.
    """
    if not user.is_office:
        return []
    going_on = in_reach(nomination, NOMINATION.transition("review"))
    numbers = sorted({review.round for review in nomination.reviews.all()}, reverse=True)
    return [_round(user, nomination, n, going_on and n == nomination.round, deciding) for n in numbers]


def _round(user: Any, nomination: Nomination, number: int, going_on: bool, deciding: bool) -> ReviewRound:
    here = [review for review in nomination.reviews.all() if review.round == number]
    given = [review for review in here if review.given_at]
    waiting = [str(review.reviewer) for review in here if not review.given_at] if going_on else []
    own_given = any(review.reviewer_id == user.pk for review in given)
    is_open = not going_on or own_given or (deciding and not waiting)
    shown = given if is_open else [review for review in given if review.reviewer_id == user.pk]
    return ReviewRound(
        number=number,
        is_now=number == nomination.round,
        reviews=shown,
        rows=requirement_rows(nomination, shown) if shown else [],
        waiting=waiting,
        closed=[str(review.reviewer) for review in given if review not in shown],
    )


# Where it stands


def takes_words_of_nominee(nomination: Nomination) -> bool:
    """From the sending until ROCB has decided; the consent itself is given once."""
    return nomination.state in NOMINATION.transition("complete_part").sources


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way, as `components/stepper.html` draws it."""

    n: int
    title: str
    status: str
    note: str = ""
    date: dt.date | None = None


def stages_of(nomination: Nomination) -> list[Stage]:
    """Written, completed by the nominee, seen by the home administration, reviewed, decided. Several go on side by side."""
    state = state_of(nomination)
    over = state.final
    sent = nomination.submitted_at is not None and not in_reach(nomination, NOMINATION.transition("submit"))
    given = [review for review in nomination.reviews_now() if review.given_at]
    waiting = [review for review in nomination.reviews_now() if not review.given_at]

    def status(is_done: bool, is_open: bool) -> str:
        if is_done:
            return "done"
        return "current" if is_open and not over else "todo"

    reviewed = bool(given) and not waiting
    return [
        Stage(1, _("Nomination"), status(sent or over, True), "", _day(nomination.submitted_at) if sent else None),
        Stage(
            2,
            _("Nominee's part"),
            status(nomination.consented_at is not None, nomination.submitted_at is not None),
            "",
            _day(nomination.consented_at),
        ),
        _home_stage(nomination, over),
        Stage(
            4,
            _("Review"),
            status(reviewed, sent),
            _("%(n)d of %(all)d given") % {"n": len(given), "all": len(given) + len(waiting)} if waiting else "",
            max((day_of(review.given_at) for review in given if review.given_at), default=None) if reviewed else None,
        ),
        Stage(
            5,
            _("Decision"),
            status(over, sent and reviewed),
            str(state.label) if over else "",
            _day(nomination.decided_at or nomination.state_since) if over else None,
        ),
    ]


def _home_stage(nomination: Nomination, over: bool) -> Stage:
    title = _("Home administration")
    if not nomination.is_from_outside:
        return Stage(3, title, "done" if nomination.submitted_at else "todo", _("nominates"))
    until = nomination.object_by
    if state_of(nomination).tone == "bad":
        return Stage(3, title, "blocked", _("objects"), _day(nomination.objected_at))
    if nomination.home_agreed_at:
        return Stage(3, title, "done", _("no objection"), _day(nomination.home_agreed_at))
    if until is None:
        return Stage(3, title, "todo")
    if until < today():
        return Stage(3, title, "done", _("no word in time"), until)
    return Stage(3, title, "todo" if over else "current", _("may object until then"), until)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return day_of(moment) if moment else None


def waits_about(user: Any, nomination: Nomination) -> list[InboxItem]:
    """What waits about one nomination, the reader's own steps first, each once."""
    found: dict[str, InboxItem] = {}
    for party in sorted(user.parties):
        besides = [*reviews_waiting(user, party), *unfinished_nominations(user, party)]
        for item in [*items_of(nomination, user, party), *(i for i in besides if i.object_id == nomination.pk)]:
            if item.mine or item.sentence not in found:
                found[item.sentence] = item
    return sorted(found.values(), key=lambda item: not item.mine)


def nominations_waiting_for(user: Any) -> set[Any]:
    """The nominations with something to do for the user."""
    states = {state for row in NOMINATION.transitions if row.inbox for state in row.sources}
    found = set()
    rows = Nomination.objects.visible_to(user).with_standing().filter(state__in=states)
    for party in user.parties:
        found |= {one.pk for one in rows if any(item.mine for item in items_of(one, user, party))}
        found |= {item.object_id for item in (*reviews_waiting(user, party), *unfinished_nominations(user, party))}
    return found


def unfinished_nominations(user: Any, party: str) -> Iterable[InboxItem]:
    """Drafts in which something is still missing, for whoever nominates; complete ones wait by the table."""
    own = {
        Party.ADMINISTRATION: Q(origin=Origin.ADMINISTRATION, home__in=user.administration_ids()),
        Party.CENTRE: Q(origin=Origin.CENTRE, centre_host__in=user.administration_ids(Party.CENTRE)),
        Party.ROCB: Q(origin=Origin.ROCB),
    }
    if party not in own or party not in user.parties:
        return
    row = NOMINATION.transition("submit")
    for one in Nomination.objects.filter(own[Party(party)], state__in=row.sources).with_standing():
        if blocked(one, row):
            yield InboxItem(
                sentence=str(row.inbox).format(**one.inbox_words),
                since=one.state_since,
                url=reverse("candidates:nomination-edit", args=[one.pk]),
                button=str(row.inbox_button),
                object_id=one.pk,
            )


def reviews_waiting(user: Any, party: str) -> Iterable[InboxItem]:
    """Reviews that somebody was asked for, or has begun, and not given."""
    if party not in Party.offices() or not user.is_office:
        return
    open_ones = Review.objects.filter(reviewer=user, given_at__isnull=True, round=F("nomination__round"))
    for review in open_ones.select_related("nomination__home"):
        nomination = review.nomination
        if in_reach(nomination, NOMINATION.transition("review")):
            yield InboxItem(
                sentence=_("Give your review of the nomination of %(name)s, %(home)s")
                % {"name": nomination, "home": nomination.home},
                since=review.created_at,
                url=reverse("candidates:nomination-review", args=[nomination.pk]),
                button=_("Review it"),
                object_id=nomination.pk,
            )


def history_for(user: Any, nomination: Nomination) -> QuerySet[LogEntry]:
    """The offices read every line; others none that is private; what the home administration says is between it and the offices."""
    lines = history.history_of(nomination.pk).select_related("by")
    if user.is_office:
        return lines
    lines = lines.filter(Q(private=False) | Q(by=user))
    if nomination.home_id in user.administration_ids():
        return lines
    return lines.exclude(name__in=OF_THE_HOME)
