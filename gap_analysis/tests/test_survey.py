"""The survey's rules: rounds, questions and their versions, answers of several colleagues, reminders, sums, requests."""

import datetime as dt

import pytest

from core import outbox
from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, TransitionRefused
from core.models import LogEntry, Message, OutboxJob
from core.workflow import act, available, perform
from experts.tests.factories import area
from gap_analysis import services
from gap_analysis.enums import NeedLevel
from gap_analysis.models import AreaAnswer, Response, Survey, SurveySummary
from gap_analysis.queries import area_field, board, demand_on, question_field, sum_lines
from gap_analysis.tests import factories as make
from members.models import Administration, User
from members.tests.factories import administration, focal_point, rocb, secretariat
from missions.models import CapacityRequest
from missions.services import plan_year_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def staff():
    return rocb()


@pytest.fixture
def fiji():
    return focal_point("FJ")


@pytest.fixture
def survey(staff):
    return make.opened(staff)


@pytest.fixture
def response(survey):
    return make.response_of(survey, "FJ")


def field(name, code="AEO"):
    return area_field(area(code).pk, name)


def save(response, by, was=None, **values):
    return services.save_answers(
        response,
        by=by,
        values={field(name): value for name, value in values.items()},
        was={field(k): v for k, v in (was or {}).items()},
    )


# Rounds


def test_every_active_member_is_asked_once(staff):
    administration("NZ")
    Administration.objects.filter(code="NZ").update(is_active=False)
    survey = make.opened(staff)
    active = Administration.objects.filter(is_active=True)
    assert sorted(r.administration_id for r in survey.responses.all()) == sorted(a.pk for a in active)
    assert OutboxJob.objects.filter(kind="survey_opened").count() == 1


def test_a_new_round_takes_over_areas_text_and_questions(staff):
    first = make.drafted(staff, text="Dear colleagues")
    services.add_question(first, by=staff, text="How many ports?", kind="number", help="", choices=[], required=True)
    dropped = services.add_question(first, by=staff, text="And?", kind="short", help="", choices=[], required=False)
    services.drop_question(dropped, by=staff)
    second = services.new_survey(by=staff, title="Next", year=first.year + 1, due=first.due)
    assert (second.copied_from, second.text) == (first, "Dear colleagues")
    assert {a.code for a in second.areas.all()} == {"AEO", "PCA", "NII"}
    assert [(q.text, q.kind, q.required) for q in second.questions.all()] == [("How many ports?", "number", True)]


def test_a_round_about_nothing_is_not_opened(staff):
    with pytest.raises(TransitionRefused, match="No area"):
        act(make.drafted(staff, codes=()), "open", by=staff)


def test_a_round_that_is_opened_again_takes_answers_again(survey, response, staff, fiji):
    act(survey, "close", by=staff)
    with pytest.raises(TransitionRefused, match="closed"):
        save(Response.objects.get(pk=response.pk), fiji, need="high")
    act(Survey.objects.get(pk=survey.pk), "reopen", by=staff)
    assert save(Response.objects.get(pk=response.pk), fiji, need="high") == {}


# Questions


def test_a_question_that_was_answered_keeps_its_wording(survey, response, staff, fiji):
    old = services.add_question(survey, by=staff, text="Ports?", kind="number", help="", choices=[], required=False)
    services.save_answers(response, by=fiji, values={question_field(old.pk): 3.0}, was={})
    new = services.edit_question(old, by=staff, text="Sea ports?", kind="number", help="", choices=[], required=False)
    old.refresh_from_db()
    assert (old.text, old.retired_at is None, new.replaces, new.order) == ("Ports?", False, old, old.order)
    assert response.question_answers.get().question == old


def test_a_question_that_nobody_answered_is_changed_in_place(survey, staff):
    old = services.add_question(survey, by=staff, text="Ports?", kind="number", help="", choices=[], required=False)
    new = services.edit_question(old, by=staff, text="Sea ports?", kind="short", help="", choices=[], required=False)
    assert (new.pk, new.text) == (old.pk, "Sea ports?")


def test_a_choice_needs_choices(survey, staff):
    with pytest.raises(InvalidAnswers):
        services.add_question(survey, by=staff, text="Which?", kind="one", help="", choices=["A"], required=False)


def test_questions_move_one_place(survey, staff):
    a, _b, c = (
        services.add_question(survey, by=staff, text=text, kind="short", help="", choices=[], required=False)
        for text in "abc"
    )
    services.move_question(c, by=staff, up=True)
    services.move_question(a, by=staff, up=True)
    assert [q.text for q in survey.questions.all()] == ["a", "c", "b"]
    services.move_question(a, by=staff, up=False)
    assert [q.text for q in survey.questions.all()] == ["c", "a", "b"]


# Answers


def test_colleagues_in_different_fields_do_not_collide(response, fiji):
    other = focal_point("FJ")
    assert save(response, fiji, need="high") == {}
    assert save(response, other, weeks=4) == {}
    answer = response.area_answers.get()
    assert (answer.need, answer.weeks, answer.version) == ("high", 4, 2)


def test_a_lost_race_overwrites_nothing_and_says_what_stands_there(response, fiji):
    assert save(response, fiji, need="high") == {}
    assert save(response, focal_point("FJ"), need="low") == {field("need"): "high"}
    assert response.area_answers.get().need == "high"
    assert save(response, focal_point("FJ"), was={"need": "high"}, need="low") == {}
    assert response.area_answers.get().need == "low"


def test_the_same_answer_twice_is_no_collision(response, fiji):
    assert save(response, fiji, need="high") == {}
    assert save(response, fiji, need="high") == {}
    assert response.area_answers.get().version == 1


def test_what_this_round_does_not_ask_is_not_kept(response, fiji):
    with pytest.raises(InvalidAnswers):
        services.save_answers(response, by=fiji, values={area_field(area("K9").pk, "need"): "high"}, was={})
    assert not AreaAnswer.objects.exists()


def test_who_has_written_is_a_line_a_day_and_says_on_whose_behalf(response, fiji, staff):
    save(response, fiji, need="high")
    save(response, fiji, weeks=2)
    save(response, staff, note="By telephone")
    lines = LogEntry.objects.filter(object_id=response.pk, name="wrote")
    assert sorted((line.actor, line.on_behalf_of) for line in lines) == sorted(
        [(str(fiji), ""), (str(staff), "member")]
    )


def test_nothing_is_sent_before_something_is_answered(response, fiji):
    with pytest.raises(TransitionRefused, match="Nothing is answered"):
        services.submit_response(response, by=fiji)
    assert make.sent(response, fiji, need="none").state == "submitted"


def test_a_required_question_has_to_be_answered_and_its_old_wording_does_not(survey, response, staff, fiji):
    asked = services.add_question(survey, by=staff, text="Ports?", kind="number", help="", choices=[], required=True)
    with pytest.raises(TransitionRefused, match="Ports"):
        make.sent(response, fiji)
    services.save_answers(response, by=fiji, values={question_field(asked.pk): 0.0}, was={})
    assert services.submit_response(Response.objects.get(pk=response.pk), by=fiji).state == "submitted"


def test_sent_answers_stay_until_they_are_opened_again_and_then_say_nothing(response, fiji):
    sent = make.sent(response, fiji, need="high", weeks=4)
    with pytest.raises(TransitionRefused, match="Open them again"):
        save(sent, fiji, need="low")
    assert demand_on(today())[area("AEO").pk].members == 1
    perform(sent, "reopen", by=fiji)
    assert area("AEO").pk not in demand_on(today())


def test_a_late_answer_counts_and_is_marked(staff, fiji):
    survey = make.opened(staff, due=today() - 3 * DAY)
    sent = make.sent(make.response_of(survey, "FJ"), fiji)
    assert sent.is_late
    assert demand_on(today())[area("AEO").pk].members == 1


def test_another_member_s_answers_are_nobody_s_business(response, staff):
    japan = focal_point("JP")
    assert available(response, japan) == []
    with pytest.raises(NotAllowed):
        services.submit_response(response, by=japan)


def test_an_unanswered_area_is_unknown_and_never_no_need(response, survey, fiji):
    make.sent(response, fiji, need="high")
    figures = services.summarise(survey).figures
    assert {row["code"]: row["answered"] for row in figures["areas"]} == {"AEO": 1, "PCA": 0, "NII": 0}
    assert all(row["needs"][NeedLevel.NONE] == 0 for row in figures["areas"])


# Reminders


@pytest.fixture
def asked(staff):
    """A round due in ten days that has been open for twenty days; Fiji and Japan are asked, the others left out."""
    focal_point("JP")
    survey = make.opened(staff, due=today() + 10 * DAY)
    survey.responses.exclude(administration__code__in=["FJ", "JP"]).delete()
    long_ago = make.response_of(survey, "FJ").state_since - 20 * DAY
    survey.responses.update(state_since=long_ago)
    return survey


def reminded(survey):
    return {r.administration.code: r.reminders for r in survey.responses.select_related("administration")}


def test_reminders_come_before_on_and_after_the_day_and_once_each(asked, at_day):
    seen = []
    for days in range(25):
        at_day(days)
        services.remind_due()
        services.remind_due()
        seen.append(reminded(asked)["FJ"])
    assert [n for n, (a, b) in enumerate(zip([0, *seen], seen, strict=False)) if a != b] == [3, 10, 17]


def test_after_a_silence_of_the_worker_one_reminder_is_enough(asked, at_day):
    at_day(30)
    assert services.remind_due() == 2
    assert reminded(asked) == {"FJ": 1, "JP": 1}


def test_grace_moves_the_steps_and_whoever_is_excused_or_has_answered_is_not_asked(asked, staff, fiji, at_day):
    act(make.response_of(asked, "FJ"), "give_grace", by=staff, grace_until=today() + 40 * DAY, note="Cyclone")
    at_day(10)
    services.remind_due()
    assert reminded(asked) == {"FJ": 0, "JP": 1}
    at_day(33)
    act(make.response_of(asked, "JP"), "excuse", by=staff, note="New government")
    assert services.remind_due() == 1
    assert reminded(asked) == {"FJ": 1, "JP": 1}


def test_a_fresh_round_is_not_reminded_of_on_its_first_day(staff):
    survey = make.opened(staff, due=today() + 3 * DAY)
    assert services.remind_due() == 0
    assert survey.responses.filter(reminders__gt=0).count() == 0


def test_the_reminder_is_not_sent_to_whoever_answered_meanwhile(asked, staff, fiji):
    services.remind(asked, by=staff, responses=list(asked.responses.all()))
    make.sent(make.response_of(asked, "FJ"), fiji)
    for job in OutboxJob.objects.filter(kind="survey_reminder"):
        outbox.deliver(job.pk)
    japan = User.objects.get(memberships__administration__code="JP")
    assert [m.to for m in Message.objects.filter(subject__startswith="Reminder of")] == [[japan.email]]


# Sums


def three(survey, codes="FJ JP NZ", **answers):
    for code in codes.split():
        make.sent(make.response_of(survey, code), focal_point(code), **answers)


def test_sums_count_what_was_sent_and_are_built_once(survey, fiji):
    three(survey, need="high", weeks=2, experts=1)
    make.filled(make.response_of(survey, "KR"), focal_point("KR"))
    summary = services.summarise(survey)
    row = next(row for row in summary.figures["areas"] if row["code"] == "AEO")
    assert (row["answered"], row["wanting"], row["weeks"], row["experts"]) == (3, 3, 6.0, 3)
    assert services.summarise(survey) == summary
    assert SurveySummary.objects.count() == 1


def test_a_figure_of_fewer_than_three_members_is_for_the_offices(survey):
    three(survey, "FJ JP", need="high", weeks=2)
    make.sent(make.response_of(survey, "NZ"), focal_point("NZ"), need="none")
    figures = services.summarise(survey).figures
    lines = {
        is_office: next(line for line in sum_lines(figures, None, is_office=is_office) if line.code == "AEO")
        for is_office in (True, False)
    }
    assert (lines[True].answered, lines[True].wanting, lines[True].weeks, lines[True].experts) == ("3", "2", "4", "–")
    assert (lines[False].answered, lines[False].wanting, lines[False].weeks, lines[False].experts) == (
        "3",
        "<3",
        "<3",
        "<3",
    )
    assert lines[False].needs == []


def test_closing_has_the_sums_built(survey, staff):
    act(survey, "close", by=staff)
    outbox.deliver(OutboxJob.objects.get(kind="survey_summary").pk)
    assert survey.summaries.count() == 1


def test_the_board_says_who_stands_where(staff, fiji):
    survey = make.opened(staff, due=today() - DAY)
    make.sent(make.response_of(survey, "FJ"), fiji)
    act(make.response_of(survey, "JP"), "excuse", by=staff, note="-")
    stands = {row.response.administration.code: row.stands for row in board(survey)}
    assert (stands["FJ"], stands["JP"], stands["NZ"]) == ("answered", "excused", "late")


# A need becomes a request


def test_a_need_becomes_one_request_of_the_member(response, fiji):
    answer = make.sent(
        response, fiji, need="high", weeks=3, kinds=["training"], note="For the new unit"
    ).area_answers.get()
    drafted = services.request_from(answer, by=fiji)
    assert services.request_from(answer, by=fiji) == drafted
    assert (drafted.beneficiary.code, drafted.origin, drafted.area.code, drafted.objective) == (
        "FJ", "survey", "AEO", "For the new unit",
    )  # fmt: skip
    assert CapacityRequest.objects.count() == 1


def test_rocb_drafts_it_for_the_member_and_the_secretariat_does_not(response, fiji, staff):
    answer = make.sent(response, fiji, need="high").area_answers.get()
    with pytest.raises(NotAllowed):
        services.request_from(answer, by=secretariat())
    assert services.request_from(answer, by=staff).beneficiary.code == "FJ"


def test_the_need_and_its_request_count_once(staff, fiji):
    first = today() + 30 * DAY
    survey = make.opened(staff, year=plan_year_of(first))
    answer = make.sent(make.response_of(survey, "FJ"), fiji, need="high", weeks=3).area_answers.get()
    drafted = services.request_from(answer, by=fiji)
    before = demand_on(today())[area("AEO").pk]
    CapacityRequest.objects.filter(pk=drafted.pk).update(
        state="filed", filed_at=drafted.created_at, first_day=first, last_day=first + 6 * DAY, bears_cost="no"
    )
    after = demand_on(today())[area("AEO").pk]
    assert (after.members, after.weeks) == (before.members, before.weeks) == (1, 3.0)
    assert len(after.lines) == 1
    assert {s.origin for s in after.lines[0].statements} == {"survey", "request"}


def test_no_request_from_what_was_not_sent_or_not_wanted(response, fiji):
    make.filled(response, fiji, need="high")
    with pytest.raises(TransitionRefused, match="not been sent"):
        services.request_from(response.area_answers.get(), by=fiji)
    none = make.sent(response, fiji, "PCA", need="none").area_answers.get(area=area("PCA"))
    with pytest.raises(TransitionRefused, match="No need"):
        services.request_from(none, by=fiji)


@pytest.fixture
def at_day(monkeypatch):
    """The present, so many days from now."""
    from django.utils import timezone

    begin = timezone.now()

    def go(days):
        monkeypatch.setattr(timezone, "now", lambda: begin + days * DAY)

    return go
