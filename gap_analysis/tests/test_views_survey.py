"""The survey's pages: one answer as it is typed, the form without script, what is shown to whom, exports."""

import json

import pytest
from django.urls import reverse

from core.workflow import act
from experts.tests.factories import area
from gap_analysis import services
from gap_analysis.models import AreaAnswer, Response
from gap_analysis.queries import area_field, question_field
from gap_analysis.tests import factories as make
from members.tests.factories import focal_point, rocb
from missions.models import CapacityRequest

pytestmark = pytest.mark.django_db


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


NEED = "need"


def field(name, code="AEO"):
    return area_field(area(code).pk, name)


def type_in(client, response, name, value, was=""):
    url = reverse("gap_analysis:response-field", args=[response.pk])
    return client.post(url, {"field": name, name: value, "was": was})


def test_one_answer_is_kept_as_it_is_typed_and_tells_how_far_one_is(client, response, fiji):
    client.force_login(fiji)
    answer = type_in(client, response, field("need"), "high")
    assert (answer.status_code, answer.json()["now"], answer.json()["done"]) == (200, "high", 1)
    answer = type_in(client, response, field("weeks"), "4.0")
    assert (answer.json()["now"], answer.json()["done"]) == ("4", 1)
    assert AreaAnswer.objects.get().weeks == 4


def test_a_lost_race_says_so_with_both(client, response, fiji):
    make.filled(response, focal_point("FJ"), need="low")
    client.force_login(fiji)
    answer = type_in(client, response, field("need"), "high")
    assert (answer.status_code, answer.json()["theirs"]) == (409, "low")
    assert AreaAnswer.objects.get().need == "low"
    assert type_in(client, response, field("need"), "high", was="low").status_code == 200


def test_what_cannot_be_right_is_said_and_not_kept(client, response, fiji):
    client.force_login(fiji)
    answer = type_in(client, response, field("weeks"), "many")
    assert answer.status_code == 422
    assert "number" in answer.json()["reason"]
    assert not AreaAnswer.objects.exists()


def test_a_field_that_is_not_asked_is_refused(client, response, fiji):
    client.force_login(fiji)
    assert type_in(client, response, area_field(area("K9").pk, "need"), "high").status_code == 409
    assert type_in(client, response, "was", "{}").status_code == 409


KINDS = [
    ("short", [], "Ports", "Ports", "Ports"),
    ("long", [], "a\r\nb", "a\nb", "a\nb"),
    ("number", [], "12.50", 12.5, "12.5"),
    ("date", [], "2027-04-01", "2027-04-01", "2027-04-01"),
    ("one", ["x", "y"], "y", "y", "y"),
    ("several", ["x", "y", "z"], ["x", "z"], ["x", "z"], "x\nz"),
    ("scale", [], "4", "4", "4"),
]


@pytest.mark.parametrize(("kind", "choices", "typed", "stored", "now"), KINDS, ids=[k[0] for k in KINDS])
def test_each_kind_of_question_is_kept_and_shown_again(
    client, survey, response, staff, fiji, kind, choices, typed, stored, now
):
    question = services.add_question(
        survey, by=staff, text="What?", kind=kind, help="", choices=choices, required=False
    )
    client.force_login(fiji)
    answer = type_in(client, response, question_field(question.pk), typed)
    assert (answer.status_code, answer.json()["now"]) == (200, now)
    assert response.question_answers.get().value == stored
    page = client.get(reverse("gap_analysis:response-edit", args=[response.pk]))
    form = page.context["form"]
    assert json.loads(form.initial["was"])[question_field(question.pk)] == now
    assert form[question_field(question.pk)].value() == (now.split("\n") if kind == "several" else now)


def test_without_script_the_button_keeps_everything_and_collides_only_where_both_wrote(client, response, fiji):
    client.force_login(fiji)
    url = reverse("gap_analysis:response-edit", args=[response.pk])
    was = client.get(url).context["form"].initial["was"]
    make.filled(response, focal_point("FJ"), need="low", note="Theirs")
    posted = client.post(url, {"was": was, field("need"): "high", field("experts"): "2"})
    assert posted.status_code == 422
    answer = AreaAnswer.objects.get()
    assert (answer.need, answer.experts, answer.note) == ("low", 2, "Theirs")
    assert [text for _label, _name, text in posted.context["clashes"]] == ["low"]
    again = posted.context["form"]
    assert again[field("need")].value() == "high"
    posted = client.post(
        url, {"was": again["was"].value(), field("need"): "high", field("experts"): "2", field("note"): "Theirs"}
    )
    assert posted.status_code == 302
    answer.refresh_from_db()
    assert (answer.need, answer.experts, answer.note) == ("high", 2, "Theirs")


def test_it_is_read_over_and_sent_and_the_need_becomes_a_request(client, response, fiji):
    make.filled(response, fiji, need="high", weeks=2)
    client.force_login(fiji)
    send = reverse("gap_analysis:response-submit", args=[response.pk])
    page = client.get(send)
    assert {a.code for a in page.context["unknown"]} == {"PCA", "NII"}
    assert client.post(send).status_code == 302
    assert Response.objects.get(pk=response.pk).state == "submitted"
    answer = AreaAnswer.objects.get()
    to = client.post(reverse("gap_analysis:answer-request", args=[answer.pk]))
    drafted = CapacityRequest.objects.get()
    assert to["Location"] == drafted.get_absolute_url()
    assert drafted.get_absolute_url() in client.get(response.get_absolute_url()).content.decode()


def test_rocb_types_in_on_behalf_and_the_page_says_so(client, response, staff):
    client.force_login(staff)
    assert type_in(client, response, field("need"), "high").status_code == 200
    page = client.get(reverse("gap_analysis:response-edit", args=[response.pk])).content.decode()
    assert "on behalf of Fiji" in page


def test_a_member_reads_its_own_answers_and_sums_that_give_nobody_away(client, survey, response, staff, fiji):
    make.sent(response, fiji, need="high", weeks=7)
    client.force_login(focal_point("JP"))
    assert client.get(response.get_absolute_url()).status_code == 404
    page = client.get(survey.get_absolute_url())
    assert "Fiji" not in page.content.decode()
    services.summarise(survey)
    act(survey, "close", by=staff)
    sums = client.get(reverse("gap_analysis:survey-sums", args=[survey.pk]))
    assert {(line.answered, line.weeks) for line in sums.context["lines"]} == {("<3", "<3")}
    assert (sums.context["levels"], sums.context["questions"]) == ([], [])


def test_exports_hold_every_answer(client, survey, response, staff, fiji):
    make.sent(response, fiji, need="high", weeks=2, note="=1+1")
    client.force_login(staff)
    answers = client.get(reverse("gap_analysis:answers-export", args=[survey.pk, "csv"])).content.decode()
    assert "Fiji" in answers
    assert "'=1+1" in answers
    board = client.get(reverse("gap_analysis:board-export", args=[survey.pk, "csv"])).content.decode()
    assert len(board.splitlines()) == survey.responses.count() + 1
    assert client.get(reverse("gap_analysis:questions-export", args=[survey.pk, "xlsx"])).status_code == 200


def test_the_inbox_of_a_member_has_the_survey_and_of_rocb_the_round(client, survey, staff, fiji):
    client.force_login(fiji)
    assert "Answer the needs survey: Needs survey" in client.get("/").content.decode()
    client.force_login(staff)
    home = client.get("/").content.decode()
    assert "members have answered" in home
    assert "Answer the needs survey" not in home
