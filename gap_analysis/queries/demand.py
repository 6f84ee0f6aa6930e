"""Demand from three mouths, merged: the survey, requests with the annual plan, and the future needs of reports (§3.5, §5.2)."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from core.clock import begin_of, day_of
from gap_analysis.enums import DemandOrigin, NeedLevel, ResponseState
from gap_analysis.models import AreaAnswer
from gap_analysis.queries.supply import months_ahead
from missions.enums import InvitationState, MissionState, ReportState, RequestState
from missions.models import CapacityRequest, FutureNeed, Mission
from missions.queries import plan_span
from missions.services import plan_year_of

Key = uuid.UUID
DAYS_A_WEEK = 7
WITH_DAYS = frozenset(
    {InvitationState.LETTER_SENT, InvitationState.CONDITIONS, InvitationState.APPROVED, InvitationState.SERVED}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One mouth: where a demand was stated, in which words, how many expert-weeks (None: not said), and the row behind it."""

    origin: DemandOrigin
    words: str
    weeks: float | None
    object_id: Key


@dataclass
class Demand:
    """What one member wants in one area in one plan year, however often it was said.

    The largest statement counts, never the sum; weeks for which a letter is out or an expert approved are served already.
    """

    area: Key
    member: Key
    year: int
    statements: list[Statement] = field(default_factory=list)
    served_days: int = 0

    @property
    def weeks(self) -> float | None:
        """The expert-weeks still wanted; None while nobody has said how many."""
        said = [s.weeks for s in self.statements if s.weeks is not None]
        return max(0.0, round(max(said) - self.served_days / DAYS_A_WEEK, 1)) if said else None


@dataclass(frozen=True, slots=True)
class AreaDemand:
    lines: tuple[Demand, ...]

    @property
    def members(self) -> int:
        return len({line.member for line in self.lines})

    @property
    def weeks(self) -> float | None:
        said = [line.weeks for line in self.lines if line.weeks is not None]
        return round(sum(said), 1) if said else None


class _Merged(dict[tuple[Key, Key, int], Demand]):
    def line(self, area: Key, member: Key, year: int) -> Demand:
        return self.setdefault((area, member, year), Demand(area, member, year))


def demand_on(day: dt.date) -> dict[Key, AreaDemand]:
    """For every area that somebody wants something in: the merged lines of the plan years that the next 12 months touch.

    Only what had been said by the day. A fixed number of queries.
    """
    years = {plan_year_of(d) for d in months_ahead(day)}
    merged = _Merged()
    _from_survey(merged, day, years)
    _from_requests(merged, day, years)
    _from_missions(merged, day, years)
    _from_reports(merged, day, years)
    areas: dict[Key, list[Demand]] = defaultdict(list)
    for line in merged.values():
        areas[line.area].append(line)
    return {area: AreaDemand(tuple(lines)) for area, lines in areas.items()}


def _from_survey(merged: _Merged, day: dt.date, years: set[int]) -> None:
    answers = (
        submitted_answers(day)
        .filter(response__survey__year__in=years, need__in=[NeedLevel.LOW, NeedLevel.MEDIUM, NeedLevel.HIGH])
        .select_related("response__survey")
    )
    for answer in answers:
        survey = answer.response.survey
        words = f"{survey.title}: {answer.get_need_display()}"
        weeks = float(answer.weeks) if answer.weeks is not None else None
        line = merged.line(answer.area_id, answer.response.administration_id, survey.year)
        line.statements.append(Statement(DemandOrigin.SURVEY, words, weeks, answer.response_id))


def submitted_answers(day: dt.date) -> Any:
    """What members had told by the end of a day; a response that is open again says nothing until it is sent again."""
    return AreaAnswer.objects.filter(
        response__state=ResponseState.SUBMITTED, response__submitted_at__lt=begin_of(day + dt.timedelta(days=1))
    )


def _from_requests(merged: _Merged, day: dt.date, years: set[int]) -> None:
    """Requests that were sent and have not become a mission yet."""
    stated = CapacityRequest.objects.filter(
        state__in=[RequestState.FILED, RequestState.RETURNED, RequestState.CHECKED, RequestState.IN_PLAN],
        filed_at__lt=begin_of(day + dt.timedelta(days=1)),
        last_day__gte=day,
    ).filter(Q(mission__isnull=True) | Q(mission__created_at__gte=begin_of(day + dt.timedelta(days=1))))
    for request in stated:
        area, first, last = request.area_id, request.first_day, request.last_day
        if area and first and last and plan_year_of(first) in years:  # a draft may lack them
            weeks = round(((last - first).days + 1) / DAYS_A_WEEK, 1)
            line = merged.line(area, request.beneficiary_id, plan_year_of(first))
            line.statements.append(Statement(DemandOrigin.REQUEST, str(request), weeks, request.pk))


def _from_missions(merged: _Merged, day: dt.date, years: set[int]) -> None:
    """Missions of the plan that are still to come: their seats' days, and how many of these are served."""
    planned = (
        Mission.objects.filter(
            plan_year__in=years, last_day__gte=day, created_at__lt=begin_of(day + dt.timedelta(days=1))
        )
        .exclude(state=MissionState.CANCELLED)
        .prefetch_related("seats__invitations")
    )
    totals: dict[tuple[Key, Key, int], float] = defaultdict(float)
    for mission in planned:
        seats = [seat for seat in mission.seats.all() if not seat.is_dropped]
        line = merged.line(mission.area_id, mission.beneficiary_id, mission.plan_year)
        totals[line.area, line.member, line.year] += sum(seat.release_days for seat in seats) / DAYS_A_WEEK
        line.served_days += sum(
            seat.release_days for seat in seats if any(i.state in WITH_DAYS for i in seat.invitations.all())
        )
        line.statements.append(
            Statement(
                DemandOrigin.MISSION, str(mission), round(totals[line.area, line.member, line.year], 1), mission.pk
            )
        )


def _from_reports(merged: _Merged, day: dt.date, years: set[int]) -> None:
    """Future needs of accepted reports, wanted in the plan year in which the report was accepted; how many weeks is not said."""
    needs = FutureNeed.objects.filter(
        report__state=ReportState.ACCEPTED,
        report__accepted_at__gte=begin_of(plan_span(min(years))[0]),
        report__accepted_at__lt=begin_of(day + dt.timedelta(days=1)),
    ).select_related("report__mission")
    for need in needs:
        accepted = need.report.accepted_at
        if need.area_id and accepted:
            year = plan_year_of(day_of(accepted))
            line = merged.line(need.area_id, need.report.mission.beneficiary_id, year)
            line.statements.append(Statement(DemandOrigin.REPORT, need.what, None, need.report.mission_id))


def needs_stated(day: dt.date) -> list[tuple[Key, Key, str]]:
    """What members answered about the need of each area, the newest round last: area, member, need."""
    told = submitted_answers(day).exclude(need__in=["", NeedLevel.UNKNOWN]).order_by("response__survey__year")
    return list(told.values_list("area", "response__administration", "need"))
