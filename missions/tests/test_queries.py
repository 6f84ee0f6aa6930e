"""The search that explains itself: who could go and in which order, and each reason why not, with the figure and the day."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Listing
from core.clock import today
from core.dated_policy import read_once
from core.workflow import act, perform
from experts.enums import Standing
from experts.models import Unavailability
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category, served
from missions import queries, services
from missions.models import Invitation, Seat
from missions.tests import factories as make

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2027, 3, 8)
"""The missions below run for five days from here; with one travel day each way people are away 7–13 Mar 2027."""


@pytest.fixture
def who():
    return make.people()


@pytest.fixture
def mission(who):
    return make.searching(who, first_day=MONDAY)


@pytest.fixture
def seat(mission) -> Seat:
    return mission.seats.get()


def listed(expert, code: str = "AEO", **fields):
    return Listing.objects.create(
        expert=expert, area=area(code), origin="administration", listed_on=dt.date(2024, 1, 1), **fields
    )


def why_not(seat, expert, **asked) -> tuple[str, str]:
    found = queries.find_experts(seat, **asked)
    assert found.match(expert.pk) is None
    excluded = found.exclusion(expert.pk)
    return excluded.reason, excluded.change


def match(seat, expert, **asked):
    found = queries.find_experts(seat, **asked).match(expert.pk)
    assert found is not None
    return found


# Who, and in which order


def test_accredited_come_before_first_step_before_listed_candidates(who, seat):
    candidate = ExpertFactory()
    listed(candidate)
    first_step = ExpertFactory(first_step=True)
    found = queries.find_experts(seat)
    assert [(m.expert, m.standing, m.rank) for m in found.possible] == [
        (who.expert, Standing.ACCREDITED, 1),
        (first_step, Standing.FIRST_STEP, 2),
        (candidate, Standing.CANDIDATE, 3),
    ]
    assert [(s, len(m)) for s, m in queries.by_standing(found.possible)] == [
        (Standing.ACCREDITED, 1), (Standing.FIRST_STEP, 1), (Standing.CANDIDATE, 1),
    ]  # fmt: skip


def test_who_is_known_for_another_area_is_not_found(seat):
    elsewhere = ExpertFactory(accredited=True, accredited__area=area("VAL"))
    listed_elsewhere = ExpertFactory()
    listed(listed_elsewhere, "VAL")
    left_list = ExpertFactory()
    listed(left_list, left_on=dt.date(2025, 1, 1))
    found = queries.find_experts(seat)
    for expert in (elsewhere, listed_elsewhere, left_list, ExpertFactory()):
        assert (found.match(expert.pk), found.exclusion(expert.pk)) == (None, None)


def test_a_seat_with_a_category_asks_for_it(who, seat):
    trainer = ExpertFactory(accredited=True, accredited__category=category("AT"))
    Seat.objects.filter(pk=seat.pk).update(category=category("AT"))
    seat.refresh_from_db()
    found = queries.find_experts(seat)
    assert [m.expert for m in found.possible] == [trainer]
    assert found.match(who.expert.pk) is None


def test_a_category_without_areas_is_found_for_any_area(seat):
    facilitator = ExpertFactory(accredited=True, accredited__category=category("DF"), accredited__area=None)
    assert queries.find_experts(seat).match(facilitator.pk) is None
    Seat.objects.filter(pk=seat.pk).update(category=category("DF"))
    seat.refresh_from_db()
    assert match(seat, facilitator).standing == Standing.ACCREDITED


def test_an_accreditation_of_another_kind_says_nothing_for_the_seat(seat):
    """Full in DF and first step in the area: a first-step person here (pitfall P10)."""
    person = ExpertFactory(first_step=True)
    AccreditationFactory(expert=person, category=category("DF"), area=None)
    found = match(seat, person)
    assert found.standing == Standing.FIRST_STEP
    assert found.facts[0] == "first step (pre-accredited) in AEO since 2019"


def test_entry_pending_stands_with_the_first_step_and_says_so(seat):
    person = ExpertFactory(accredited=True, accredited__ace_entered_on=None)
    found = match(seat, person)
    assert (found.standing, found.facts[0]) == (
        Standing.FIRST_STEP, "accredited in AEO, ACE entry pending since 2020",
    )  # fmt: skip


def test_within_a_group_the_better_fit_comes_first_and_the_longest_unused_of_equals(who, seat):
    used = ExpertFactory(accredited=True)
    served(used, today() - dt.timedelta(days=200), 10)
    long_ago = ExpertFactory(accredited=True, family_name="Zed")
    served(long_ago, today() - dt.timedelta(days=1500), 10)
    found = queries.find_experts(seat)
    assert [m.expert for m in found.possible] == [who.expert, long_ago, used]
    assert found.possible[0].score == found.possible[1].score > found.possible[2].score


def test_the_fit_is_the_sum_of_its_parts_and_never_above_a_hundred(who, seat):
    found = match(seat, who.expert)
    assert found.score == sum(points for _name, points, _most in found.parts)
    assert sum(most for _name, _points, most in found.parts) == 100
    assert all(0 <= points <= most for _name, points, most in found.parts)


# What speaks for a person


def test_the_facts_say_standing_days_cap_use_and_languages(who, seat):
    speaker = ExpertFactory(accredited=True, speaks=["French", "English"])
    served(speaker, today() - dt.timedelta(days=100), 10)
    assert match(seat, speaker).facts == [
        "fully accredited in AEO since 2020",
        "free 7–13 Mar 2027",
        "cap 10 → 17 of 84",
        "last used 3 months ago",
        "English, French",
    ]
    assert match(seat, who.expert).facts[3] == "not used yet"


def test_who_is_not_accredited_is_shown_the_days_and_not_bound_by_them(seat):
    person = ExpertFactory(first_step=True)
    served(person, MONDAY - dt.timedelta(days=300), 90)
    assert match(seat, person).facts[2] == "not bound by the cap; 97 days with this mission"


def test_missions_to_this_beneficiary_are_those_carried_out(who):
    first = make.reported(who, first_day=today() + dt.timedelta(days=60))
    make.letter_sent(who, first_day=today() + dt.timedelta(days=160))
    seat = make.searching(who, first_day=today() + dt.timedelta(days=250)).seats.get()
    found = match(seat, who.expert, day=today() + dt.timedelta(days=100))
    assert found.to_beneficiary == 1
    assert "1 mission to this beneficiary" in found.facts
    assert found.last_used == first.seats.get().release_last


def test_a_day_to_come_is_not_the_last_use(who, seat):
    served(who.expert, MONDAY - dt.timedelta(days=60), 5)
    served(who.expert, today() - dt.timedelta(days=400), 5)
    assert match(seat, who.expert).last_used == today() - dt.timedelta(days=396)


# What speaks against it without forbidding it


@pytest.mark.parametrize(
    ("first_day", "warning"),
    [
        (MONDAY - dt.timedelta(days=19), "back from Suva only on 21 Feb 2027"),
        (MONDAY + dt.timedelta(days=19), "leaves for Suva on 27 Mar 2027"),
        (MONDAY - dt.timedelta(days=20), None),
        (MONDAY + dt.timedelta(days=20), None),
    ],
)
def test_an_engagement_within_fourteen_days_is_a_warning(who, seat, first_day, warning):
    served(who.expert, first_day, 5)
    assert match(seat, who.expert).warnings == ([warning] if warning else [])


def test_a_place_on_another_missions_list_is_a_warning(who, seat):
    other = make.shortlisted(who, first_day=MONDAY + dt.timedelta(days=7))
    assert match(seat, who.expert).warnings == [f"also on the list of {other.number}, 14–20 Mar 2027"]
    far = make.searching(who, first_day=MONDAY + dt.timedelta(days=60)).seats.get()
    assert match(far, who.expert).warnings == []


def test_few_days_left_are_a_warning(who, seat):
    served(who.expert, MONDAY - dt.timedelta(days=400), 60)
    assert match(seat, who.expert).warnings == ["17 days left afterwards"]


def test_who_was_on_this_mission_before_is_marked_and_possible(who, mission, seat):
    services.shortlist(mission, by=who.rocb, seat=seat, expert=who.expert, standing="accredited")
    act(mission.all_invitations.get(), "withdraw", by=who.rocb)
    found = match(seat, who.expert)
    assert found.on_list is None
    assert found.warnings[0].startswith("on this mission before: withdrawn, ")


# Who cannot, and what would change it


def test_who_leaves_before_the_end_cannot(who, seat):
    who.expert.left_on = MONDAY
    who.expert.save()
    assert why_not(seat, who.expert) == ("Left on 8 Mar 2027.", "")


def test_officials_of_the_beneficiary_are_not_sent_to_it(seat):
    at_home = ExpertFactory(at_home_in="FJ", accredited=True)
    assert why_not(seat, at_home)[0] == "Is an official of the beneficiary administration."


def test_who_is_not_available_says_from_when_again(who, seat):
    Unavailability.objects.create(
        expert=who.expert,
        first_day=MONDAY + dt.timedelta(days=5),
        last_day=MONDAY + dt.timedelta(days=11),
        reason="Leave",
    )
    assert why_not(seat, who.expert) == ("Not available 13–19 Mar 2027.", "Free again from 20 Mar 2027.")


def test_who_is_away_on_another_mission_says_where_and_until_when(who, seat):
    served(who.expert, MONDAY + dt.timedelta(days=5), 20, place="Apia")
    assert why_not(seat, who.expert) == (
        "Away 13 Mar 2027 – 1 Apr 2027 on another mission (Apia).", "Free again from 2 Apr 2027.",
    )  # fmt: skip


def test_a_day_before_or_after_is_free(who, seat):
    served(who.expert, MONDAY + dt.timedelta(days=6), 5)
    assert match(seat, who.expert).warnings == ["leaves for Suva on 14 Mar 2027"]


def test_who_would_pass_the_cap_says_the_figures_and_the_day(who, seat):
    served(who.expert, dt.date(2026, 1, 1), 80)
    assert why_not(seat, who.expert) == (
        "Would reach 87 of 84 days (§3.2); 80 are used or reserved.",
        "A mission of 7 days fits from 28 Dec 2028.",
    )


def test_seventy_seven_days_and_seven_fit_exactly(who, seat):
    served(who.expert, dt.date(2026, 1, 1), 77)
    assert match(seat, who.expert).cap.after == 84


def test_a_later_mission_is_counted_as_well(who, seat):
    """The window that ends after the later mission holds both (pitfall P30)."""
    served(who.expert, MONDAY + dt.timedelta(days=100), 80)
    assert why_not(seat, who.expert)[0] == "Would reach 87 of 84 days (§3.2); 80 are used or reserved."


def test_who_does_not_speak_the_language_says_which(who, seat):
    speaker = ExpertFactory(accredited=True, speaks=["French"])
    found = queries.find_experts(seat, languages=["French"])
    assert [m.expert for m in found.possible] == [speaker]
    assert why_not(seat, who.expert, languages=["French"]) == (
        "Does not speak French.", "Search without this language.",
    )  # fmt: skip


def test_who_said_no_informally_is_not_offered_again_for_these_days(who):
    mission = make.shortlisted(who, first_day=MONDAY)
    invitation = mission.all_invitations.get()
    perform(invitation, "ask", by=who.rocb)
    perform(invitation, "answer_not_available", by=who.rocb)
    reason, _change = why_not(mission.seats.get(), who.expert)
    assert reason.endswith("not available on these days.")


@pytest.mark.parametrize(
    ("answer", "fields", "words"),
    [
        ("answer_no", {}, "not approved."),
        ("answer_other_officer", {"other_name": "Somebody Else"}, "another officer proposed."),
    ],
)
def test_whom_the_administration_did_not_release_is_not_offered_again(who, answer, fields, words):
    letter = make.letter_sent(who, first_day=MONDAY)
    services.answer_letter(letter.invitations.get(), by=who.home, answer=answer, **fields)
    reason, _change = why_not(letter.mission.seats.get(), who.expert)
    assert reason.startswith("The home administration answered on ")
    assert reason.endswith(words)


# The list


def test_who_is_on_the_list_is_marked_and_not_counted_as_passed_over(who, mission, seat):
    others = [ExpertFactory(accredited=True, family_name=name) for name in ("B", "C", "D")]
    before = queries.find_experts(seat)
    assert sorted(m.passes_over for m in before.possible) == [0, 1, 2, 3]
    second = before.possible[1]
    services.shortlist(
        mission, by=who.rocb, seat=seat, expert=second.expert, standing="accredited", passed_over=1, reason="Knows Fiji"
    )
    after = queries.find_experts(seat)
    assert [m.on_list is not None for m in after.possible] == [False, True, False, False]
    assert [m.passes_over for m in after.possible] == [0, 1, 1, 2]
    assert after.possible[1].warnings == []
    assert {m.expert for m in after.possible} == {who.expert, *others}


def test_the_own_letter_does_not_stand_in_the_way(who):
    """Somebody whose days are reserved for this very seat is on the list, not away."""
    letter = make.letter_sent(who, first_day=MONDAY)
    found = match(letter.mission.seats.get(), who.expert)
    assert found.on_list == letter.invitations.get()
    assert found.cap.after == 7


@pytest.mark.parametrize("by", ["name", "e-mail"])
def test_whom_the_administration_proposed_instead_is_marked(who, by):
    other = ExpertFactory(at_home_in="JP", accredited=True, given_name="Aiko", family_name="Mori")
    letter = make.letter_sent(who, first_day=MONDAY)
    named = (
        {"other_name": "aiko mori"} if by == "name" else {"other_name": "Ms Mori", "other_email": other.email.upper()}
    )
    services.answer_letter(letter.invitations.get(), by=who.home, answer="answer_other_officer", **named)
    assert match(letter.mission.seats.get(), other).proposed == letter.invitations.get()


def test_a_namesake_without_a_proposal_is_not_marked(who, seat):
    assert match(seat, who.expert).proposed is None


# Cost


def test_the_search_costs_the_same_for_two_and_for_twenty(who, seat):
    def cost() -> int:
        fresh = Seat.objects.select_related("mission", "area").get(pk=seat.pk)
        with CaptureQueriesContext(connection) as seen, read_once():
            queries.find_experts(fresh)
        return len(seen)

    ExpertFactory(accredited=True, speaks=["English"])
    two = cost()
    for n in range(6):
        served(ExpertFactory(accredited=True, speaks=["English", "Thai"]), dt.date(2025, 1 + n, 1), 10)
        listed(ExpertFactory())
        served(ExpertFactory(first_step=True), MONDAY, 5)
    assert cost() == two


# Reading a mission


def test_what_waits_is_what_stands_in_an_inbox_and_is_not_blocked(who):
    mission = make.searching(who)
    assert [row.name for row, _thing in queries.who_must_act(mission)] == ["shortlist"]
    services.shortlist(mission, by=who.rocb, seat=mission.seats.get(), expert=who.expert, standing="accredited")
    mission = type(mission).objects.get(pk=mission.pk)
    assert [row.name for row, _thing in queries.who_must_act(mission)] == ["finalise_shortlist"]


def test_moves_put_the_own_ones_first_and_the_oldest_of_them(who):
    other = ExpertFactory(at_home_in="JP", accredited=True)
    mission = make.shortlisted(who, who.expert, other)
    first, second = mission.all_invitations.order_by("seat__position")
    perform(first, "ask", by=who.rocb)
    mission = type(mission).objects.with_people().get(pk=mission.pk)
    assert [(m.mine, m.who) for m in queries.moves(who.rocb, mission)] == [
        (True, "ROCB A/P or WCO Secretariat"), (False, who.expert.name),
    ]  # fmt: skip
    assert queries.moves(who.beneficiary, mission) == []
    assert [m.mine for m in queries.moves(who.expert_user, mission)] == [True]
    assert second.expert == other


def test_the_furthest_behind_seat_says_where_a_mission_stands(who):
    other = ExpertFactory(at_home_in="JP", accredited=True)
    mission = make.available(who, who.expert, other)
    invitation = Invitation.objects.get(mission=mission, expert=who.expert)
    services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="Dear colleague")
    make.send(who, mission.letters.get())
    fresh = type(mission).objects.with_people().get(pk=mission.pk)
    assert queries.current_step(fresh) == 4
