"""Search, shortlist, invitation and informal consultation as each party meets them (§3.4 steps 2 and 3)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import links
from core.errors import InvalidAnswers
from core.models import ActionLink, LogEntry
from core.workflow import act, perform, state_of
from experts.tests.factories import ExpertFactory, served
from missions import services
from missions.models import Invitation
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


def put_on_list(user, mission, expert, **typed):
    seat = mission.seats.order_by("position").first()
    data = {"seat": str(seat.pk), "expert": str(expert.pk), **typed}
    return signed_in(user).post(reverse("missions:shortlist", args=[mission.pk]), data)


# The search page


def test_the_first_seat_that_needs_somebody_is_shown_and_another_can_be_chosen(who):
    mission = make.searching(who, seats=2)
    first, second = mission.seats.order_by("position")
    assert page(who.rocb, "search", mission).context["seat"] == first
    services.shortlist(mission, by=who.rocb, seat=first, expert=who.expert, standing="accredited")
    assert page(who.rocb, "search", mission).context["seat"] == second
    assert page(who.rocb, "search", mission, seat=first.pk).context["seat"] == first


@pytest.mark.parametrize("seat", ["nonsense", "5f5c3a0e-0000-4000-8000-000000000000"])
def test_a_seat_of_nowhere_is_not_found(who, seat):
    assert page(who.rocb, "search", make.searching(who), seat=seat).status_code == 404


def test_languages_narrow_the_search_and_stay_ticked(who):
    speaker = ExpertFactory(accredited=True, speaks=["French"])
    found = page(who.rocb, "search", make.searching(who), languages="French")
    assert [m.expert for m in found.context["found"].possible] == [speaker]
    assert 'value="French" id="id_languages_0" checked' in found.content.decode()
    assert "Does not speak French." in found.content.decode()


def test_an_unknown_language_narrows_nothing(who):
    assert len(page(who.rocb, "search", make.searching(who), languages="Klingon").context["found"].possible) == 1


def test_who_cannot_go_is_closed_with_reason_and_change(who):
    served(who.expert, make.request_fields()["first_day"], 5, place="Apia")
    seen = text(who.rocb, "search", make.searching(who))
    assert '<details class="not-possible">' in seen
    assert "on another mission (Apia)." in seen
    assert "Free again from" in seen


def test_before_the_own_experts_were_looked_at_nobody_is_put_on_the_list(who):
    mission = make.planned(who)
    seen = text(who.rocb, "search", mission)
    assert "First record that the Secretariat" in seen
    assert "Put on the shortlist" not in seen
    refused = put_on_list(who.rocb, mission, who.expert)
    assert (refused.status_code, Invitation.objects.count()) == (422, 0)


@pytest.mark.parametrize(("name", "status"), [("rocb", 200), ("secretariat", 200), ("beneficiary", 403), ("home", 404)])
def test_the_search_is_the_offices_own(who, name, status):
    assert page(getattr(who, name), "search", make.searching(who)).status_code == status


def test_the_page_costs_the_same_for_two_and_for_ten(who):
    mission = make.searching(who)
    client, url = signed_in(who.rocb), reverse("missions:search", args=[mission.pk])
    ExpertFactory(accredited=True, speaks=["Thai"])
    client.get(url)
    with CaptureQueriesContext(connection) as two:
        client.get(url)
    for _n in range(8):
        ExpertFactory(accredited=True, speaks=["Thai", "English"])
    with CaptureQueriesContext(connection) as ten:
        client.get(url)
    assert len(ten) == len(two)


# The shortlist


def test_the_first_in_the_order_needs_no_reason(who):
    mission = make.searching(who)
    response = put_on_list(who.rocb, mission, who.expert)
    invitation = Invitation.objects.get()
    assert response.url.startswith(reverse("missions:search", args=[mission.pk]))
    assert (invitation.expert, invitation.standing, invitation.rank) == (who.expert, "accredited", 1)
    assert invitation.facts[0] == "fully accredited in AEO since 2020"


def test_passing_over_the_order_asks_why_and_keeps_what_was_typed(who):
    other = ExpertFactory(first_step=True)
    mission = make.searching(who)
    refused = put_on_list(who.rocb, mission, other, reason="  ")
    assert refused.status_code == 422
    assert "1 person stands before this one. Please say why." in refused.content.decode()
    assert Invitation.objects.count() == 0
    put_on_list(who.rocb, mission, other, reason="Wrote the programme.")
    invitation = Invitation.objects.get()
    assert (invitation.standing, invitation.passed_over_reason, invitation.rank) == (
        "first_step", "Wrote the programme.", 2,
    )  # fmt: skip


def test_the_server_works_out_the_order_whatever_was_posted(who):
    other = ExpertFactory(first_step=True)
    mission = make.searching(who)
    forged = {"rank": "1", "passed_over": "0", "standing": "accredited", "facts": "best"}
    assert put_on_list(who.rocb, mission, other, **forged).status_code == 422
    assert Invitation.objects.count() == 0


def test_who_is_on_the_list_already_does_not_count_as_passed_over(who):
    other = ExpertFactory(first_step=True)
    mission = make.searching(who)
    put_on_list(who.rocb, mission, who.expert)
    assert put_on_list(who.rocb, mission, other).status_code == 302
    assert Invitation.objects.count() == 2


def test_who_cannot_go_is_not_put_on_the_list_and_the_reason_is_said(who):
    mission = make.searching(who)
    served(who.expert, mission.first_day, 5, place="Apia")
    refused = put_on_list(who.rocb, mission, who.expert)
    assert refused.status_code == 422
    assert "on another mission (Apia)." in refused.content.decode()
    assert Invitation.objects.count() == 0


def test_of_two_clicks_one_puts_the_person_on_the_list(who):
    mission = make.searching(who)
    put_on_list(who.rocb, mission, who.expert)
    again = put_on_list(who.secretariat, mission, who.expert)
    assert again.status_code == 422
    assert "is already on this mission&#x27;s list." in again.content.decode()
    assert Invitation.objects.count() == 1


def test_the_address_of_the_shortlist_leads_back_to_the_search(who):
    mission = make.searching(who)
    response = page(who.rocb, "shortlist", mission)
    assert response.url == f"{reverse('missions:search', args=[mission.pk])}?seat={mission.seats.get().pk}"


def test_a_proposed_officer_is_marked_with_the_reason_at_hand(who):
    other = ExpertFactory(at_home_in="JP", accredited=True, given_name="Aiko", family_name="Mori")
    letter = make.letter_sent(who)
    services.answer_letter(
        letter.invitations.get(),
        by=who.home,
        answer="answer_other_officer",
        other_name="Aiko Mori",
        other_note="Auditor.",
    )
    seen = text(who.rocb, "search", letter.mission)
    assert "Japan proposed another officer" in seen
    assert "proposed by the home administration" in seen
    put_on_list(who.rocb, letter.mission, other)
    assert Invitation.objects.filter(expert=other).exists()


# The invitation


def test_an_invitation_opens_for_each_party_from_its_own_step_on(who):
    mission = make.shortlisted(who)
    invitation = mission.all_invitations.get()
    readers = ("rocb", "secretariat", "expert_user", "home", "beneficiary")

    def statuses() -> list[int]:
        return [page(getattr(who, name), "invitation", invitation).status_code for name in readers]

    assert statuses() == [200, 200, 404, 404, 404]
    perform(invitation, "ask", by=who.rocb)
    assert statuses() == [200, 200, 200, 404, 404]
    perform(invitation, "answer_available", by=who.expert_user)
    services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="Dear colleague")
    make.send(who, mission.letters.get())
    assert statuses() == [200, 200, 200, 200, 404]
    services.answer_letter(invitation, by=who.home, answer="answer_yes")
    assert statuses() == [200] * 5


SECRETS = {
    "choice": "Knows the host.",
    "match": "Place 1 in the search",
    "consultation": "Glad to be away.",
    "terms": "Cost borne by",
    "letter": "Letter and answer",
}


@pytest.fixture
def approved(who):
    mission = make.shortlisted(who)
    invitation = mission.all_invitations.get()
    Invitation.objects.filter(pk=invitation.pk).update(passed_over_reason="Knows the host.")
    perform(invitation, "ask", by=who.rocb)
    services.answer_consultation(
        invitation, by=who.expert_user, answer="answer_available", informal_note="Glad to be away."
    )
    services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="Dear colleague")
    make.send(who, mission.letters.get())
    services.answer_letter(invitation, by=who.home, answer="answer_yes")
    return invitation


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("rocb", {"choice", "match", "consultation", "terms", "letter"}),
        ("home", {"terms", "letter"}),
        ("expert_user", {"consultation", "terms", "letter"}),
        ("beneficiary", set()),
    ],
)
def test_each_party_reads_of_an_invitation_what_it_may(who, approved, reader, seen):
    found = text(getattr(who, reader), "invitation", approved)
    assert who.expert.name in found
    assert {name for name, words in SECRETS.items() if words in found} == seen


def test_the_history_of_an_invitation_tells_the_home_administration_nothing_informal(who, approved):
    titles = {line.title for line in page(who.home, "invitation", approved).context["lines"]}
    assert titles == {"Letter sent", "Approved"}
    found = text(who.home, "invitation", approved)
    assert "said available" not in found
    assert "shortlist" not in found.lower()


def test_a_member_of_the_team_sees_the_others_as_approved(who):
    other = ExpertFactory(at_home_in="JP", accredited=True, login=True)
    mission = make.approved(who, who.expert, other)
    invitation = mission.all_invitations.get(expert=who.expert)
    found = text(other.user, "invitation", invitation)
    assert who.expert.name in found
    assert not [words for words in SECRETS.values() if words in found]


def test_an_act_on_an_invitation_goes_back_to_where_it_was_begun(who):
    mission = make.shortlisted(who)
    invitation = mission.all_invitations.get()
    people = reverse("missions:mission-people", args=[mission.pk])
    url = reverse("missions:invitation-do", args=[invitation.pk, "ask"])
    assert f'href="{url}?next={people.replace("/", "%2F")}"' in text(who.rocb, "mission-people", mission)
    assert f'name="next" value="{people}"' in signed_in(who.rocb).get(url, {"next": people}).content.decode()
    assert signed_in(who.rocb).post(url, {"note": "", "next": people}).url == people
    withdraw = reverse("missions:invitation-do", args=[invitation.pk, "withdraw"])
    away = signed_in(who.rocb).post(withdraw, {"next": "https://elsewhere.example/"})
    assert away.url == invitation.get_absolute_url()


# The informal answer, signed in


@pytest.fixture
def asked(who):
    mission = make.shortlisted(who)
    return perform(mission.all_invitations.get(), "ask", by=who.rocb)


def answer(user, invitation, **typed):
    return signed_in(user).post(reverse("missions:consultation", args=[invitation.pk]), typed)


def test_the_brief_of_the_mission_is_shown_before_the_answer(who, asked):
    found = text(who.expert_user, "consultation", asked)
    for words in (asked.mission.title, "Fiji", "Train validators of the new programme.", "0 of 84 used or reserved"):
        assert words in found
    assert "your administration does not see it" in found


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ({"answer": "answer_available"}, "available"),
        ({"answer": "answer_available", "informal_note": "From Monday on."}, "available"),
        ({"answer": "answer_other_dates", "informal_note": "A week later."}, "other_dates"),
        ({"answer": "answer_not_available"}, "not_available"),
    ],
)
def test_the_expert_answers_with_or_without_a_word(who, asked, typed, state):
    assert answer(who.expert_user, asked, **typed).url == asked.get_absolute_url()
    asked.refresh_from_db()
    assert (state_of(asked).value, asked.informal_note) == (state, typed.get("informal_note", ""))
    assert LogEntry.objects.get(name=typed["answer"]).on_behalf_of == ""


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"answer": "answer_other_dates"}, "informal_note"), ({}, "answer"), ({"answer": "answer_yes"}, "answer")],
)
def test_an_incomplete_answer_is_told_at_its_question(who, asked, typed, field):
    refused = answer(who.expert_user, asked, **typed)
    assert list(refused.context["form"].errors) == [field]
    asked.refresh_from_db()
    assert state_of(asked).value == "asked"


def test_staff_note_the_answer_on_behalf_of_the_expert(who, asked):
    found = page(who.secretariat, "consultation", asked)
    assert str(found.context["form"]["answer"].label) == f"What did {who.expert.name} say?"
    answer(who.secretariat, asked, answer="answer_available", informal_note="By telephone.")
    entry = LogEntry.objects.get(name="answer_available")
    assert (entry.by, entry.on_behalf_of) == (who.secretariat, "expert")


def test_a_second_answer_finds_the_question_closed(who, asked):
    answer(who.expert_user, asked, answer="answer_available")
    assert "This question is not open any more" in text(who.expert_user, "consultation", asked)
    refused = answer(who.expert_user, asked, answer="answer_not_available")
    assert refused.status_code == 422
    asked.refresh_from_db()
    assert state_of(asked).value == "available"


@pytest.mark.parametrize("name", ["home", "beneficiary"])
def test_the_administrations_have_no_part_in_the_consultation(who, asked, name):
    assert page(getattr(who, name), "consultation", asked).status_code == 404


# The informal answer, by the link of the e-mail


@pytest.fixture
def token(asked, who):
    return links.mint(services.CONSULTATION_LINK, asked.pk, who.expert.email, days=14)


def address(token: str) -> str:
    return reverse("missions:link-consultation", args=[token])


def test_opening_the_link_changes_nothing(asked, token):
    for _n in range(3):
        response = Client().get(address(token))
        assert response.status_code == 200
        assert asked.mission.title in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    asked.refresh_from_db()
    assert state_of(asked).value == "asked"
    assert ActionLink.objects.get().used_at is None


def test_posting_answers_in_the_experts_name_and_uses_the_link_up(who, asked, token):
    client = Client()
    response = client.post(address(token), {"answer": "answer_available", "informal_note": "Gladly."})
    assert response.url == address(token)
    asked.refresh_from_db()
    assert (state_of(asked).value, asked.informal_note) == ("available", "Gladly.")
    entry = LogEntry.objects.get(name="answer_available")
    assert (entry.by, entry.on_behalf_of, who.expert.name in entry.actor, entry.private) == (None, "", True, True)
    thanks = client.get(address(token))
    assert (thanks.status_code, "Thank you, your answer is recorded" in thanks.content.decode()) == (200, True)


def test_a_used_link_does_not_answer_again_and_says_which_answer_stands(asked, token):
    """A second tab, or a colleague with the same e-mail."""
    Client().post(address(token), {"answer": "answer_available"})
    second = Client().post(address(token), {"answer": "answer_not_available"})
    seen = second.content.decode()
    assert second.status_code == 409
    assert "What you have just sent was not recorded" in seen
    assert "<strong>Available</strong>" in seen
    assert "Thank you" not in seen
    asked.refresh_from_db()
    assert state_of(asked).value == "available"
    assert LogEntry.objects.filter(name__startswith="answer_").count() == 1


def test_a_refused_answer_does_not_use_the_link_up(asked, token):
    refused = Client().post(address(token), {"answer": "answer_other_dates", "informal_note": ""})
    assert refused.status_code == 422
    assert ActionLink.objects.get().used_at is None
    Client().post(address(token), {"answer": "answer_other_dates", "informal_note": "In May."})
    asked.refresh_from_db()
    assert state_of(asked).value == "other_dates"


def test_after_an_answer_by_login_the_link_acts_no_more(who, asked, token):
    answer(who.expert_user, asked, answer="answer_not_available")
    ended = Client().get(address(token))
    assert (ended.status_code, "the question has been answered" in ended.content.decode()) == (410, True)
    assert "<strong>Not available</strong>" in ended.content.decode()
    late = Client().post(address(token), {"answer": "answer_available"}).content.decode()
    assert ("was not recorded" in late, "<strong>Not available</strong>" in late) == (True, True)
    asked.refresh_from_db()
    assert state_of(asked).value == "not_available"


def test_an_answer_to_an_earlier_question_does_not_stand_for_the_new_one(who, asked, token):
    Client().post(address(token), {"answer": "answer_not_available"})
    perform(asked, "ask", by=who.rocb)
    assert Client().get(address(token)).context["answers"] == []


def test_a_newer_link_ends_the_older(who, asked, token):
    newer = links.mint(services.CONSULTATION_LINK, asked.pk, who.expert.email, days=14)
    assert [Client().get(address(t)).status_code for t in (token, newer)] == [410, 200]


def test_an_expired_link_says_until_when_and_what_to_do_instead(asked, token):
    ActionLink.objects.update(expires_at=asked.asked_at)
    ended = Client().get(address(token))
    assert ended.status_code == 410
    assert "It could be used until" in ended.content.decode()
    assert "write to ROCB" in ended.content.decode()


def test_an_unknown_link_and_one_for_another_purpose_say_the_same(who, asked):
    foreign = links.mint(services.LETTER_LINK, asked.pk, who.expert.email, days=14)
    for unknown in ("abc", foreign):
        ended = Client().get(address(unknown))
        assert (ended.status_code, "not one that the portal knows" in ended.content.decode()) == (410, True)


def test_a_withdrawn_invitation_takes_its_link_along(who, asked, token):
    act(asked, "withdraw", by=who.rocb)
    assert Client().get(address(token)).status_code == 410
    Client().post(address(token), {"answer": "answer_available"})
    asked.refresh_from_db()
    assert state_of(asked).value == "withdrawn"


def test_when_the_seat_was_filled_meanwhile_the_link_says_that_it_is_closed(who, asked, token):
    """The others on the seat are told and not needed; their open links answer nothing."""
    perform(asked, "not_needed", by=who.rocb)
    found = Client().get(address(token)).content.decode()
    assert "This question is not open any more" in found
    refused = Client().post(address(token), {"answer": "answer_available"})
    assert refused.status_code == 422
    assert ActionLink.objects.get().used_at is None


def test_an_answer_that_is_none_of_the_three_is_refused_by_the_service(who, asked):
    with pytest.raises(InvalidAnswers):
        services.answer_consultation(asked, by=who.rocb, answer="withdraw")
