"""Supply, demand and gaps on the framework's own data, and one by one."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.enums import Origin
from candidates.models import Listing
from core.clock import today
from experts.models import Unavailability
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, served
from gap_analysis.enums import DemandOrigin, Level
from gap_analysis.models import AreaAnswer, Evidence, Response, Survey
from gap_analysis.queries import demand_on, gaps_on, supply_on
from members.tests.factories import administration
from missions.services import plan_year_of
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


def gap(code, day=None):
    return next(g for g in gaps_on(day or today()).gaps if g.facts.area.code == code)


def test_the_framework_s_remark_is_kept_beside_the_unknown_area():
    remark = Evidence.objects.get()
    assert (remark.area.code, remark.paragraph, gap("NII").level) == ("NII", "§5.1", Level.NO_INFORMATION)


def test_a_candidate_alone_tells_nobody_what_the_region_has_or_needs():
    expert = ExpertFactory()
    Listing.objects.create(expert=expert, area=area("NII"), origin=Origin.ROCB, listed_on=today())
    found = gap("NII")
    assert (found.level, found.facts.candidates) == (Level.NO_INFORMATION, 1)


def test_somebody_of_two_areas_counts_in_both_and_is_marked_shared():
    both, one = ExpertFactory(accredited=True), ExpertFactory(accredited=True)
    AccreditationFactory(expert=both, area=area("IPR"))
    supply = supply_on(today())
    aeo, ipr = supply[area("AEO").pk], supply[area("IPR").pk]
    assert (aeo.full, aeo.shared) == ({both.pk, one.pk}, {both.pk})
    assert (ipr.full, ipr.free_weeks, aeo.free_weeks) == ({both.pk}, 12.0, 24.0)


def test_free_weeks_are_what_cap_and_unavailability_leave():
    expert = ExpertFactory(accredited=True)
    served(expert, today() - dt.timedelta(days=60), 42)
    assert supply_on(today())[area("AEO").pk].free_weeks == 6.0
    Unavailability.objects.create(expert=expert, first_day=today(), last_day=today() + dt.timedelta(days=365 - 15))
    assert supply_on(today())[area("AEO").pk].free_days in {14, 15}


def survey_says(code="AEO", member="FJ", *, need="high", weeks=None, state="submitted", year=None):
    survey, _new = Survey.objects.get_or_create(
        year=year or plan_year_of(today()), defaults={"title": "Needs survey", "due": today(), "state": "open"}
    )
    response, _new = Response.objects.get_or_create(
        survey=survey,
        administration=administration(member),
        defaults={"state": state, "submitted_at": timezone.now() if state == "submitted" else None},
    )
    return AreaAnswer.objects.create(response=response, area=area(code), need=need, weeks=weeks)


def test_one_need_said_by_two_mouths_counts_once_with_the_larger_figure():
    who = make.people()
    request = make.filed(who)
    code = request.area.code
    survey_says(code, request.beneficiary.code, weeks=6, year=plan_year_of(request.first_day))
    (line,) = demand_on(today())[request.area_id].lines
    assert {s.origin for s in line.statements} == {DemandOrigin.SURVEY, DemandOrigin.REQUEST}
    assert (line.weeks, demand_on(today())[request.area_id].members) == (6.0, 1)


def test_a_planned_mission_takes_the_place_of_its_request_and_served_days_are_no_longer_wanted():
    who = make.people()
    mission = make.planned(who)
    days = mission.seats.get().release_days
    (line,) = demand_on(today())[mission.area_id].lines
    assert [s.origin for s in line.statements] == [DemandOrigin.MISSION]
    assert line.weeks == round(days / 7, 1)


def test_days_for_which_a_letter_is_out_are_no_longer_wanted():
    letter = make.letter_sent(make.people())
    (line,) = demand_on(today())[letter.invitations.get().mission.area_id].lines
    assert (line.weeks, line.served_days > 0) == (0, True)


def test_drafts_and_answers_not_sent_say_nothing():
    who = make.people()
    make.drafted(who)
    survey_says("NII", state="open")
    assert demand_on(today()) == {}
    assert gap("NII").level == Level.NO_INFORMATION


def test_no_need_is_an_answer_and_an_empty_field_is_none():
    survey_says("NII", need="none")
    survey_says("K9", need="")
    assert (gap("NII").level, gap("NII").facts.demand_members) == (Level.UNCOVERED, None)
    assert gap("K9").level == Level.NO_INFORMATION


def test_the_future_needs_of_an_accepted_report_count_without_weeks():
    mission = make.reported(make.people())
    report = mission.report
    report.needs.create(area=area("K9"), what="Dogs for the airport", urgency="soon")
    codes = {g.facts.area.code: g for g in gaps_on(today()).gaps}
    expected = 1 if report.accepted_at else None
    assert (codes["K9"].facts.demand_members, codes["K9"].facts.demand_weeks) == (expected, None)


def test_other_formats_and_a_day_that_is_none():
    out = io.StringIO()
    call_command("gaps", "--format", "csv", stdout=out)
    assert out.getvalue().splitlines()[0].startswith("area,rank,level,")
    out = io.StringIO()
    call_command("gaps", stdout=out)
    assert "no information" in out.getvalue()
    with pytest.raises(CommandError, match="Not a day"):
        call_command("gaps", "--as-of", "soon")


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):

    ExpertFactory(accredited=True)
    with CaptureQueriesContext(connection) as few:
        gaps_on(today())
    for _n in range(5):
        served(ExpertFactory(accredited=True), today() - dt.timedelta(days=60), 5)
    with django_assert_num_queries(len(few)):
        gaps_on(today())
