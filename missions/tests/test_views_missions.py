"""The frame of a mission and its tabs, the list, the particulars and the seats, as each party sees them."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import today
from core.workflow import act, perform
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import focal_point
from missions import services
from missions.models import Invitation, Mission, Seat
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.people()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, name: str, thing, **query):
    return signed_in(user).get(reverse(f"missions:{name}", args=[thing.pk]), query)


def text(user, name: str, thing) -> str:
    return page(user, name, thing).content.decode()


# What comes next


def test_the_card_offers_the_readers_own_step_first(who):
    mission = make.planned(who)
    card = page(who.secretariat, "mission", mission).context["card"]
    assert card["title"] == f"Next: Look at the Secretariat's own experts first: {mission}"
    assert card["url"] == reverse("missions:mission-do", args=[mission.pk, "look_at_own_experts"])
    assert card["who"] == ""


def test_the_card_says_whose_step_it_is_and_where_it_can_be_noted_for_them(who):
    mission = make.planned(who)
    card = page(who.rocb, "mission", mission).context["card"]
    assert (card["who"], card["label"]) == ("WCO Secretariat", "Note it for them")
    assert card["url"] == reverse("missions:mission-do", args=[mission.pk, "look_at_own_experts"])


def test_the_card_names_the_administration_and_the_expert(who):
    mission = make.shortlisted(who)
    invitation = mission.all_invitations.get()
    perform(invitation, "ask", by=who.rocb)
    assert page(who.rocb, "mission", mission).context["card"]["who"] == who.expert.name
    sent = make.letter_sent(make.people(home="JP"))
    assert page(who.secretariat, "mission", sent.mission).context["card"]["who"] == "Japan"


def test_the_card_says_why_nothing_moves(who):
    mission = make.preparing(who)
    services.prepare(
        mission, by=who.rocb, version=mission.version, tor_background="a", tor_input="b", tor_result="c", agenda="d"
    )
    perform(mission.team()[0], "acknowledge_neutrality", by=who.expert_user)
    stood = act(mission.team()[0], "stand_down", by=who.rocb)
    mission.refresh_from_db()
    Seat.objects.filter(pk=stood.seat_id).update(is_dropped=True)
    card = page(who.rocb, "mission", mission).context["card"]
    assert card == {"title": "Nothing can be done now", "blocked_reason": "The mission has no seat."}


def test_others_learn_the_step_and_nothing_of_whom_it_waits_for(who):
    mission = make.shortlisted(who)
    perform(mission.all_invitations.get(), "ask", by=who.rocb)
    card = page(who.beneficiary, "mission", mission).context["card"]
    assert card["title"] == "Nothing waits for you"
    assert who.expert.name not in text(who.beneficiary, "mission", mission)


def test_a_closed_mission_has_no_card(who):
    mission = perform(make.reported(who), "close", by=who.rocb)
    assert page(who.rocb, "mission", mission).context["card"] == {}


# The steps


def test_the_bar_says_what_is_done_when_and_who_must_act(who):
    mission = make.letter_sent(who).mission
    steps = page(who.rocb, "mission", mission).context["steps"]
    assert [s.status for s in steps] == ["done"] * 4 + ["current"] + ["todo"] * 2
    assert steps[4].note.startswith("Japan, since ")
    assert [s.date for s in steps[:4]] == [today()] * 4
    assert steps[4].date is None


def test_the_bar_of_others_gives_no_day_and_no_name_of_the_search(who):
    mission = make.letter_sent(who).mission
    steps = page(who.beneficiary, "mission", mission).context["steps"]
    assert [s.status for s in steps] == ["done"] * 4 + ["current"] + ["todo"] * 2
    assert [s.date for s in steps] == [today()] + [None] * 6
    assert steps[4].note == "of the home administration"


def test_a_team_that_is_not_needed_is_not_done(who):
    steps = page(who.rocb, "mission", make.preparing(who)).context["steps"]
    assert (steps[5].status, steps[5].note) == ("not_needed", "no team needed")


# Tabs and what each party sees


def tabs(user, mission) -> list[str]:
    return [str(tab["label"]) for tab in page(user, "mission", mission).context["tabs"]]


def test_the_tabs_are_those_the_reader_has_a_part_in(who):
    mission = make.approved(who)
    every = ["Overview", "People", "Letters and answers", "Preparation", "Report", "History"]
    assert tabs(who.rocb, mission) == every
    assert tabs(who.expert_user, mission) == every
    assert tabs(who.home, mission) == [t for t in every if t != "Report"]
    assert tabs(who.beneficiary, mission) == ["Overview", "People", "Preparation", "History"]


def test_the_administrations_find_the_report_once_it_is_accepted(who):
    mission = make.reported(who)
    assert "Report" in tabs(who.beneficiary, mission)
    assert "Report" in tabs(who.home, mission)


def test_the_search_is_recorded_for_the_offices_alone(who):
    mission = make.approved(who)
    for name in ("rocb", "secretariat"):
        found = text(getattr(who, name), "mission", mission)
        assert "Nobody is free." in found
        assert "Agreed with Brussels." in found
    for name in ("beneficiary", "home", "expert_user"):
        found = text(getattr(who, name), "mission", mission)
        assert "Nobody is free." not in found
        assert "Agreed with Brussels." not in found


def test_a_home_administration_finds_the_mission_from_the_letter_on(who):
    mission = make.available(who)
    assert page(who.home, "mission", mission).status_code == 404
    services.prepare_letter(
        mission, by=who.rocb, invitations=list(mission.all_invitations.all()), opening="Dear colleague"
    )
    make.send(who, mission.letters.get())
    assert page(who.home, "mission", mission).status_code == 200


def test_the_request_is_linked_for_those_who_may_see_it(who):
    mission = make.approved(who)
    link = mission.request.get_absolute_url()
    assert [link in text(getattr(who, n), "mission", mission) for n in ("rocb", "beneficiary", "home")] == [
        True, True, False,
    ]  # fmt: skip


# People


def people_seen(user, mission) -> list[str]:
    seats = page(user, "mission-people", mission).context["seats"]
    return [invitation.expert.name for view in seats for invitation in view.people]


def test_who_is_on_a_seat_is_seen_as_far_as_the_party_may(who):
    other = ExpertFactory(at_home_in="AU", accredited=True)
    mission = make.shortlisted(who, who.expert, other)
    assert people_seen(who.rocb, mission) == [who.expert.name, other.name]
    assert people_seen(who.beneficiary, mission) == []
    perform(mission.all_invitations.get(expert=who.expert), "ask", by=who.rocb)
    assert people_seen(who.expert_user, mission) == [who.expert.name]
    assert people_seen(who.beneficiary, mission) == []


def test_the_beneficiary_sees_who_is_approved_without_days_or_cost(who):
    mission = make.approved(who)
    seen = text(who.beneficiary, "mission-people", mission)
    assert who.expert.name in seen
    assert "away" not in seen.split('class="seat"')[1]
    assert "Cost borne by" not in seen
    assert "cap " not in seen


def test_the_home_administration_sees_days_and_cost_but_never_how_the_person_was_chosen(who):
    mission = make.shortlisted(who)
    invitation = mission.all_invitations.get()
    Invitation.objects.filter(pk=invitation.pk).update(
        facts=["fully accredited", "cap 0 → 7 of 84"], passed_over_reason="Knows the host."
    )
    perform(invitation, "ask", by=who.rocb)
    services.answer_consultation(
        invitation, by=who.expert_user, answer="answer_available", informal_note="Glad to be away."
    )
    services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="Dear colleague")
    make.send(who, mission.letters.get())
    seen = text(who.home, "mission-people", mission)
    assert who.expert.name in seen
    assert "Cost borne by the WCO" in seen
    for secret in ("cap 0 → 7 of 84", "Knows the host.", "Glad to be away."):
        assert secret not in seen
        assert secret in text(who.rocb, "mission-people", mission)


def test_buttons_of_a_seat_are_the_offices_own(who):
    mission = make.searching(who)
    seat = mission.seats.get()
    links = [reverse("missions:seat-edit", args=[seat.pk]), reverse("missions:seat-drop", args=[seat.pk])]
    assert all(link in text(who.rocb, "mission-people", mission) for link in links)
    assert not any(link in text(who.beneficiary, "mission-people", mission) for link in links)


def test_what_is_noted_for_somebody_says_so_on_its_button(who):
    mission = make.shortlisted(who)
    perform(mission.all_invitations.get(), "ask", by=who.rocb)
    assert "Answer, on behalf of the expert" in text(who.rocb, "mission-people", mission)


def test_a_blocked_button_carries_its_sentence(who):
    mission = make.shortlisted(who)
    found = text(who.rocb, "mission", mission)
    assert "Decide on the team" in found
    assert "Seat 1 is not filled yet: a home administration&#x27;s approval is missing." in found
    assert f'href="{reverse("missions:mission-do", args=[mission.pk, "decide_team"])}' not in found


# Letters and answers, history


def test_letters_are_for_the_offices_the_addressee_and_the_expert_once_answered(who):
    letter = make.letter_sent(who)
    mission = letter.mission
    shown = {
        name: len(page(getattr(who, name), "mission-letters", mission).context["lines"])
        for name in ("rocb", "home", "expert_user", "beneficiary")
    }
    assert shown == {"rocb": 1, "home": 1, "expert_user": 0, "beneficiary": 0}
    services.answer_letter(letter.invitations.get(), by=who.home, answer="answer_yes")
    assert len(page(who.expert_user, "mission-letters", mission).context["lines"]) == 1


def test_the_words_of_an_answer_are_for_the_offices_and_the_parties_to_it(who):
    letter = make.letter_sent(who)
    invitation = letter.invitations.get()
    services.answer_letter(invitation, by=who.home, answer="answer_conditions", conditions="Business class.")
    assert "Business class." in text(who.home, "mission-letters", letter.mission)
    act(invitation, "accept_conditions", by=who.rocb)
    seen = text(who.beneficiary, "mission-letters", letter.mission)
    assert who.expert.name in seen
    assert "Business class." not in seen


def test_the_history_keeps_private_lines_for_the_offices(who):
    mission = make.approved(who)
    titles = {
        name: {line.title for line in page(getattr(who, name), "mission-history", mission).context["lines"]}
        for name in ("rocb", "beneficiary", "home", "expert_user")
    }
    assert {"Put on the shortlist", "Asked informally", "Said to be available", "Draft begun"} <= titles["rocb"]
    assert titles["home"] == {"Entered in the annual plan", "Letter sent", "Approved"}
    assert titles["expert_user"] == titles["home"]
    assert {"Draft begun", "Request sent to ROCB"} <= titles["beneficiary"]
    assert not {"Put on the shortlist", "Ask informally", "Available", "Seat 1 added"} & titles["beneficiary"]


def test_the_history_tells_the_beneficiary_nothing_of_letters_and_conditions(who):
    """Between the home administration and the offices; the page of the person says as little."""
    letter = make.letter_sent(who)
    invitation = letter.invitations.get()
    services.answer_letter(invitation, by=who.home, answer="answer_conditions", conditions="Business class.")
    act(invitation, "accept_conditions", by=who.rocb)
    for reader, is_told in ((who.home, True), (who.rocb, True), (who.beneficiary, False)):
        for name, obj in (("mission-history", letter.mission), ("invitation", invitation)):
            seen = text(reader, name, obj)
            assert [words in seen for words in ("Letter sent", "Conditions accepted")] == [is_told, is_told]


def test_the_history_of_others_does_not_say_where_a_thing_stood_before(who):
    """That the person said “available” is between the person and the offices."""
    mission = make.letter_sent(who).mission
    assert "said available → letter sent" in text(who.rocb, "mission-history", mission)
    seen = text(who.home, "mission-history", mission)
    assert "letter sent, no answer yet" in seen
    assert "said available" not in seen


def test_lines_of_several_people_name_them(who):
    mission = make.letter_sent(who).mission
    assert f"Asked informally: {who.expert.name}" in text(who.rocb, "mission-history", mission)


# The list


def test_everybody_lists_the_missions_they_have_a_part_in(who):
    mission = make.approved(who)
    make.planned(who, title="Second")
    listed = {
        name: {row.mission.title for row in signed_in(user).get(reverse("missions:missions")).context["rows"]}
        for name, user in vars(who).items()
        if name != "expert"
    }
    both = {mission.title, "Second"}
    assert listed == {
        "rocb": both, "secretariat": both, "beneficiary": both, "home": {mission.title}, "expert_user": {mission.title},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "searching"}, {"One"}),
        ({"area": "VAL"}, {"Two"}),
        ({"beneficiary": "FJ"}, {"One", "Two"}),
        ({"beneficiary": "JP"}, set()),
        ({"q": "two suva"}, {"Two"}),
        ({"plan_year": "1999"}, {"One", "Two"}),
        ({"waits": "me"}, {"One"}),
    ],
)
def test_the_list_is_narrowed(who, query, found):
    make.searching(who, title="One")
    make.planned(who, title="Two", area=area("VAL"))
    rows = signed_in(who.rocb).get(reverse("missions:missions"), query).context["rows"]
    assert {row.mission.title for row in rows} == found


def test_what_waits_for_me_is_what_i_do_in_my_own_name(who):
    mission = make.letter_sent(who).mission
    url = reverse("missions:missions")
    waiting = {
        name: [row.mission.pk for row in signed_in(getattr(who, name)).get(url, {"waits": "me"}).context["rows"]]
        for name in ("home", "rocb", "secretariat", "expert_user")
    }
    assert waiting == {"home": [mission.pk], "rocb": [], "secretariat": [], "expert_user": []}


def test_others_do_not_read_in_the_list_whom_a_mission_waits_for(who):
    make.letter_sent(who)
    row = signed_in(who.beneficiary).get(reverse("missions:missions")).context["rows"][0]
    assert row.waits_for == ""
    assert signed_in(who.rocb).get(reverse("missions:missions")).context["rows"][0].waits_for == "Japan"


def test_the_newest_mission_stands_first_and_heads_sort(who):
    near = make.planned(who, title="B near")
    far = make.planned(who, title="A far", first_day=today() + dt.timedelta(days=200))
    url = reverse("missions:missions")

    def order(sort):
        return [r.mission.pk for r in signed_in(who.rocb).get(url, {"sort": sort}).context["rows"]]

    assert order("") == [far.pk, near.pk]
    assert order("first_day") == [near.pk, far.pk]
    assert order("title") == [far.pk, near.pk]
    assert order("-title") == [near.pk, far.pk]


def test_the_export_holds_what_the_list_holds(who):
    mission = make.planned(who, title="@SUM(1)", area=area("VAL"))
    make.planned(who)
    response = signed_in(who.rocb).get(reverse("missions:missions"), {"format": "csv", "area": "VAL"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [[mission.number, "'@SUM(1)", "Fiji"]]


def test_a_swapped_list_is_the_same_as_the_reloaded_one(who):
    make.planned(who)
    client, url = signed_in(who.rocb), reverse("missions:missions")
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.strip() in client.get(url).content.decode()


@pytest.mark.parametrize("name", ["missions", "mission", "mission-people", "mission-letters", "mission-history"])
@pytest.mark.parametrize("reader", ["rocb", "home"])
def test_pages_cost_the_same_for_one_and_for_three(who, reader, name):
    """One mission with one seat against three missions, of which the one looked at has three seats."""
    mission = make.letter_sent(who).mission
    url = reverse(f"missions:{name}", args=[] if name == "missions" else [mission.pk])
    client = signed_in(getattr(who, reader))
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    three = [ExpertFactory(at_home_in="JP", accredited=True) for _n in range(3)]
    later = dt.timedelta(days=200)
    more = make.letter_sent(who, *three, first_day=today() + later).mission
    make.letter_sent(who, first_day=today() + 2 * later)
    many = url if name == "missions" else reverse(f"missions:{name}", args=[more.pk])
    client.get(many)
    with CaptureQueriesContext(connection) as several:
        client.get(many)
    assert len(several) == len(one), [q["sql"][:160] for q in several.captured_queries]


# Particulars and seats


def particulars(mission, **changes):
    names = ("title", "place", "mode", "financing", "donor", "deviations", "role", "version")
    days = {"first_day": mission.first_day.isoformat(), "last_day": mission.last_day.isoformat()}
    return {**{n: getattr(mission, n) for n in names}, **days, "under_scheme": "yes", **changes}


def test_new_dates_set_the_days_away_anew(who):
    mission = make.planned(who)
    first = mission.first_day + dt.timedelta(days=7)
    last = mission.last_day + dt.timedelta(days=7)
    url = reverse("missions:mission-edit", args=[mission.pk])
    signed_in(who.rocb).post(url, particulars(mission, first_day=first.isoformat(), last_day=last.isoformat()))
    assert mission.seats.get().release == (first - dt.timedelta(days=1), last + dt.timedelta(days=1))


def test_a_letter_freezes_the_dates_and_the_page_says_why(who):
    mission = make.letter_sent(who).mission
    shown = page(who.rocb, "mission-edit", mission)
    assert "first_day" not in shown.context["form"].fields
    assert "A letter has left: the dates are frozen." in shown.content.decode()
    url = reverse("missions:mission-edit", args=[mission.pk])
    mission.refresh_from_db()
    moved = particulars(mission, title="New title", first_day="2030-01-01", last_day="2030-01-05")
    signed_in(who.rocb).post(url, moved)
    fresh = Mission.objects.get(pk=mission.pk)
    assert (fresh.title, fresh.first_day) == ("New title", mission.first_day)


def test_a_lost_race_about_the_particulars_keeps_what_was_typed(who):
    mission = make.planned(who)
    url = reverse("missions:mission-edit", args=[mission.pk])
    signed_in(who.secretariat).post(url, particulars(mission, place="Nadi"))
    refused = signed_in(who.rocb).post(url, particulars(mission, place="Lautoka"))
    assert refused.status_code == 422
    assert refused.context["form"]["place"].value() == "Lautoka"
    assert Mission.objects.get().place == "Nadi"


def test_a_seat_is_added_changed_and_dropped(who):
    mission = make.planned(who)
    client = signed_in(who.rocb)
    client.post(reverse("missions:seat-add", args=[mission.pk]), {"task": "Valuation", "area": area("VAL").pk})
    seat = mission.seats.get(position=2)
    assert (seat.task, seat.area.code, seat.release) == ("Valuation", "VAL", services.default_release(mission))
    edited = {
        "task": "Classification", "area": area("HS").pk, "release_first": "2030-01-01", "release_last": "2030-01-09",
        "version": seat.version,
    }  # fmt: skip
    client.post(reverse("missions:seat-edit", args=[seat.pk]), edited)
    seat.refresh_from_db()
    assert (seat.task, seat.area.code, seat.release_days) == ("Classification", "HS", 9)
    client.post(reverse("missions:seat-drop", args=[seat.pk]))
    seat.refresh_from_db()
    assert seat.is_dropped
    refused = client.post(reverse("missions:seat-drop", args=[mission.seats.get(position=1).pk]))
    assert (refused.status_code, "A mission has at least one seat." in refused.content.decode()) == (422, True)


def test_days_out_of_order_are_told_at_the_field(who):
    seat = make.planned(who).seats.get()
    typed = {"area": seat.area_id, "release_first": "2030-01-09", "release_last": "2030-01-01", "version": seat.version}
    refused = signed_in(who.rocb).post(reverse("missions:seat-edit", args=[seat.pk]), typed)
    assert list(refused.context["form"].errors) == ["release_last"]


def test_the_area_somebody_was_chosen_for_is_not_asked_again(who):
    seat = make.shortlisted(who).seats.get()
    form = page(who.rocb, "seat-edit", seat).context["form"]
    assert list(form.fields) == ["task", "release_first", "release_last"]


def test_the_days_of_a_letter_are_not_asked_again(who):
    seat = make.letter_sent(who).mission.seats.get()
    form = page(who.rocb, "seat-edit", seat).context["form"]
    assert list(form.fields) == ["task"]


def test_seats_are_shaped_by_the_offices(who):
    seat = make.approved(who).seats.get()
    statuses = [page(user, "seat-edit", seat).status_code for user in (who.rocb, who.beneficiary, focal_point("TO"))]
    assert statuses == [200, 403, 404]


# The missions of one expert


def test_the_missions_of_an_expert_as_panel_and_as_page(who):
    mission = make.approved(who)
    url = reverse("missions:of-expert", args=[who.expert.pk])
    whole = signed_in(who.rocb).get(url).content.decode()
    panel = signed_in(who.rocb).get(url, headers={"HX-Request": "true"}).content.decode()
    assert mission.number in panel
    assert "<html" not in panel
    assert panel.strip() in whole


def test_others_see_of_an_expert_only_the_missions_they_know_of(who):
    make.shortlisted(who)
    url = reverse("missions:of-expert", args=[who.expert.pk])
    assert len(signed_in(who.rocb).get(url).context["rows"]) == 1
    assert [len(signed_in(u).get(url).context["rows"]) for u in (who.home, who.beneficiary)] == [0, 0]
    assert signed_in(ExpertFactory(login=True).user).get(url).status_code == 404
