import datetime as dt

import pytest
from django.db import transaction

from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.models import LogEntry, OutboxJob
from core.workflow import act, perform
from experts import ledger
from experts.enums import ServiceState
from experts.models import Expert, ServicePeriod
from experts.services import record_past_service
from experts.tests.factories import ExpertFactory, served
from missions import guards, services
from missions.models import Invitation, Letter, Mission, answer_hoped_by
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.people()


def test_a_mission_walks_through_all_steps(who):
    mission = make.reported(who)
    act(mission, "close", by=who.rocb)
    invitation = mission.team()[0]
    period = ServicePeriod.objects.get(reference=invitation.pk)
    assert (mission.state, mission.report.state, invitation.state) == ("closed", "accepted", "served")
    assert (period.state, period.days, period.source) == ("used", 7, "mission")
    assert LogEntry.objects.filter(object_id=mission.pk).count() >= 9


def test_only_the_secretariat_sends_the_letter(who):
    letter = make.letter_ready(who)
    with pytest.raises(NotAllowed):
        services.send_letter(letter, by=who.rocb, version=letter.version, signatory="X")
    letter.refresh_from_db()
    assert (letter.sent_at, letter.number, ServicePeriod.objects.count()) == (None, None, 0)


def test_sending_freezes_reserves_numbers_and_queues_once(who):
    letter = make.letter_sent(who)
    invitation = letter.invitations.get()
    period = ServicePeriod.objects.get()
    assert letter.number.endswith("/0001")
    assert (period.state, period.first_day, period.last_day) == ("reserved", *invitation.seat.release)
    assert letter.particulars["experts"][0]["cap_after"] == 7
    kinds = OutboxJob.objects.filter(payload__object_id=str(letter.pk)).values_list("kind", "formal")
    assert sorted(kinds) == [("letter", True), ("letter_document", False)]


def test_letter_numbers_follow_each_other_without_gap_when_one_sending_fails(who):
    first = make.letter_sent(who)
    refused = make.letter_ready(who, ExpertFactory(accredited=True))
    Invitation.objects.filter(letter=refused).update(standing="candidate")
    with pytest.raises(TransitionRefused):
        make.send(who, refused)
    third = make.letter_sent(who, ExpertFactory(accredited=True))
    assert [first.number[-4:], third.number[-4:]] == ["0001", "0002"]


def test_a_letter_over_the_cap_is_refused_with_the_figures(who):
    served(who.expert, today() - dt.timedelta(days=200), 80)
    letter = make.letter_ready(who)
    with pytest.raises(TransitionRefused, match="87 of 84"):
        make.send(who, letter)
    assert ServicePeriod.objects.filter(state=ServiceState.RESERVED).count() == 0


def test_days_before_the_first_full_accreditation_do_not_count(who):
    who.expert.accreditations.update(accredited_on=today(), ace_entered_on=today())
    served(who.expert, today() - dt.timedelta(days=200), 80)
    assert make.letter_sent(who).particulars["experts"][0]["cap_after"] == 7


def test_an_exception_is_asked_in_the_letter_and_granted_in_the_yes(who):
    served(who.expert, today() - dt.timedelta(days=200), 80)
    letter = make.letter_sent(who, exception_reason="The only AEO expert who knows the programme.")
    invitation = letter.invitations.get()
    assert letter.particulars["experts"][0]["over_cap"] is True
    with pytest.raises(InvalidAnswers) as refused:
        services.answer_letter(invitation, by=who.home, answer="answer_yes")
    assert list(refused.value.fields) == ["grants_exception"]
    services.answer_letter(invitation, by=who.home, answer="answer_yes", grants_exception=True)
    assert (invitation.state, invitation.grants_exception) == ("approved", True)


def test_approval_is_judged_again_when_other_service_was_recorded_meanwhile(who):
    invitation = make.letter_sent(who).invitations.get()
    record_past_service(
        who.expert, first=today() - dt.timedelta(days=300), last=today() - dt.timedelta(days=220), place="Nadi", role=1,
        under_scheme=True, source_note="Archive", by=who.rocb,
    )  # fmt: skip
    with pytest.raises(TransitionRefused, match="88 of 84"):
        services.answer_letter(invitation, by=who.home, answer="answer_yes")
    services.answer_letter(invitation, by=who.home, answer="answer_no")
    assert ServicePeriod.objects.get(reference=invitation.pk).state == ServiceState.RELEASED


def test_release_periods_of_one_person_do_not_overlap(who):
    make.letter_sent(who)
    with pytest.raises(TransitionRefused, match="already away"):
        make.letter_sent(who)


def test_conditions_keep_the_days_until_the_offices_decide(who):
    invitation = make.letter_sent(who).invitations.get()
    services.answer_letter(invitation, by=who.home, answer="answer_conditions", conditions="Business class.")
    period = ServicePeriod.objects.get(reference=invitation.pk)
    assert (invitation.seat.holder(), period.state) == (None, "reserved")
    act(invitation, "decline_conditions", by=who.rocb, note="The rules do not allow it.")
    period.refresh_from_db()
    assert (invitation.state, period.state, invitation.seat.running()) == ("conditions_declined", "released", [])


def test_accepted_conditions_fill_the_seat(who):
    invitation = make.letter_sent(who).invitations.get()
    services.answer_letter(invitation, by=who.home, answer="answer_conditions", conditions="Back by Friday.")
    act(invitation, "accept_conditions", by=who.secretariat)
    assert invitation.seat.holder() == invitation


def test_one_letter_two_experts_one_answer_each(who):
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other)
    first, second = letter.invitations.order_by("seat__position")
    services.answer_letter(first, by=who.home, answer="answer_yes")
    services.answer_letter(second, by=who.home, answer="answer_no")
    mission = Mission.objects.get()
    assert [bool(seat.holder()) for seat in mission.open_seats()] == [True, False]
    assert mission.state == "inviting"


def test_another_officer_reopens_the_seat_with_that_person_noted(who):
    invitation = make.letter_sent(who).invitations.get()
    services.answer_letter(invitation, by=who.home, answer="answer_other_officer", other_name="B. Other")
    assert (invitation.state, invitation.other_name, invitation.seat.running()) == ("other_officer", "B. Other", [])
    assert ServicePeriod.objects.get().state == ServiceState.RELEASED


def test_staff_may_record_an_answer_only_with_the_scan(who):
    invitation = make.letter_sent(who).invitations.get()
    with pytest.raises(InvalidAnswers) as refused:
        services.answer_letter(invitation, by=who.rocb, answer="answer_yes")
    assert list(refused.value.fields) == ["scan"]


def test_a_foreign_administration_cannot_answer(who):
    invitation = make.letter_sent(who).invitations.get()
    from members.tests.factories import focal_point

    with pytest.raises((NotAllowed, InvalidAnswers)):
        services.answer_letter(invitation, by=focal_point("NZ"), answer="answer_yes")
    invitation.refresh_from_db()
    assert invitation.replied_at is None


def test_silence_is_never_consent_and_a_late_answer_counts(who):
    invitation = make.letter_sent(who).invitations.get()
    Letter.objects.update(sent_at=invitation.letter_sent_at - dt.timedelta(days=90))
    invitation.refresh_from_db()
    assert invitation.state == "letter_sent"
    services.answer_letter(invitation, by=who.home, answer="answer_yes")
    assert invitation.state == "approved"


def test_candidates_wait_for_every_party_and_for_the_bearer(who):
    candidate = ExpertFactory()
    mission = make.available(who, candidate, standing="candidate", donor="Fund of the demo")
    invitation = mission.all_invitations.get()
    with pytest.raises(TransitionRefused, match="Secretariat"):
        services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="x")
    for party in ("secretariat", "rocb", "beneficiary", "donor"):
        services.record_confirmation(invitation, by=who.rocb, party=party, said_by="N. N.", said_on=today())
    with pytest.raises(TransitionRefused, match="no default"):
        services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="x")
    services.record_bearer(invitation, by=who.rocb, bearer="donor", agreed_by="Fund", agreed_on=today())
    invitation = Invitation.objects.get(pk=invitation.pk)
    letter = services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="x")
    assert make.send(who, letter).particulars["experts"][0]["bearer"] == "another institution or donor"


def test_the_wco_bears_cost_of_accredited_experts_unless_an_offer_is_recorded(who):
    invitation = make.available(who).all_invitations.get()
    assert invitation.bearer == "wco"
    services.record_bearer(invitation, by=who.rocb, bearer="beneficiary", agreed_by="Fiji", agreed_on=today())
    assert Invitation.objects.get().bearer == "beneficiary"


def test_dates_are_frozen_from_the_letter_on(who):
    mission = make.letter_sent(who).mission
    mission.refresh_from_db()
    with pytest.raises(TransitionRefused, match="frozen"):
        services.shape_mission(
            mission, by=who.rocb, version=mission.version, first_day=mission.first_day + dt.timedelta(days=1)
        )
    changed = services.shape_mission(mission, by=who.rocb, version=mission.version, title="Another title")
    assert changed.title == "Another title"


def test_new_dates_move_the_days_away(who):
    mission = make.planned(who)
    services.shape_mission(
        mission, by=who.rocb, version=mission.version, first_day=dt.date(2030, 1, 7), last_day=dt.date(2030, 1, 9)
    )
    assert mission.seats.get().release == (dt.date(2030, 1, 6), dt.date(2030, 1, 10))


def test_passing_over_the_order_asks_for_a_reason(who):
    mission = make.searching(who)
    with pytest.raises(InvalidAnswers):
        services.shortlist(
            mission, by=who.rocb, seat=mission.seats.get(), expert=who.expert, standing="accredited", passed_over=2
        )
    kept = services.shortlist(
        mission,
        by=who.rocb,
        seat=mission.seats.get(),
        expert=who.expert,
        standing="accredited",
        passed_over=2,
        reason="Speaks Fijian",
    )
    assert kept.passed_over_reason == "Speaks Fijian"


def test_nobody_is_twice_on_one_mission(who):
    mission = make.searching(who)
    add = {"by": who.rocb, "seat": mission.seats.get(), "expert": who.expert, "standing": "accredited"}
    services.shortlist(mission, **add)
    with pytest.raises(SomebodyWasFaster):
        services.shortlist(mission, **add)


def test_cancelling_frees_the_days_and_ends_letters(who):
    letter = make.letter_sent(who)
    act(letter.mission, "cancel", by=who.secretariat, cancel_reason="Cyclone", notice_on=today())
    letter.refresh_from_db()
    assert letter.revoked_at is not None
    assert (letter.invitations.get().state, ServicePeriod.objects.get().state) == ("withdrawn", "released")


def test_standing_down_reopens_the_seat(who):
    mission = make.preparing(who)
    invitation = mission.team()[0]
    act(invitation, "stand_down", by=who.rocb, notice_on=today())
    mission.refresh_from_db()
    assert (mission.state, mission.leader, mission.open_seats()[0].holder()) == ("inviting", None, None)
    assert ServicePeriod.objects.get().state == ServiceState.RELEASED


def test_a_no_show_uses_no_days(who):
    mission = make.under_way(who)
    invitation = mission.team()[0]
    act(invitation, "record_no_show", by=who.rocb)
    assert (invitation.state, ServicePeriod.objects.get().state) == ("no_show", "released")


def test_actual_days_are_recorded_even_above_the_cap(who):
    served(who.expert, today() - dt.timedelta(days=200), 76)
    mission = make.under_way(who)
    invitation = mission.team()[0]
    longer = (invitation.seat.release_first, invitation.seat.release_last + dt.timedelta(days=9))
    services.record_end(
        mission,
        by=who.rocb,
        actual_first_day=mission.first_day,
        actual_last_day=mission.last_day,
        away={invitation.pk: longer},
    )
    expert = Expert.objects.with_ledger().get(pk=who.expert.pk)
    assert ledger.position(expert, longer[1]).used == 92


def test_others_on_the_seat_are_told_when_it_is_filled(who):
    mission = make.shortlisted(who)
    other = ExpertFactory(accredited=True)
    spare = services.shortlist(mission, by=who.rocb, seat=mission.seats.get(), expert=other, standing="accredited")
    perform(spare, "ask", by=who.rocb)
    first = mission.all_invitations.get(expert=who.expert)
    perform(first, "ask", by=who.rocb)
    perform(first, "answer_available", by=who.expert_user)
    first = Invitation.objects.get(pk=first.pk)
    make.send(who, services.prepare_letter(mission, by=who.rocb, invitations=[first], opening="x"))
    services.answer_letter(first, by=who.home, answer="answer_yes")
    spare.refresh_from_db()
    assert spare.state == "not_needed"


def test_a_single_expert_leads_alone_and_no_team_is_not_done(who):
    from missions.queries import progress

    mission = make.preparing(who)
    assert mission.leader == mission.team()[0]
    assert progress(mission)[5].status == "not_needed"


def test_a_failed_sending_leaves_nothing_behind(who):
    letter = make.letter_ready(who)
    before = OutboxJob.objects.count(), LogEntry.objects.count()
    with pytest.raises(SomebodyWasFaster), transaction.atomic():
        services.send_letter(letter, by=who.secretariat, version=letter.version + 5, signatory="X")
    assert (OutboxJob.objects.count(), LogEntry.objects.count()) == before


def test_the_report_is_due_fourteen_days_after_the_actual_end(who):
    mission = make.completed(who)
    assert mission.report.due_on == mission.actual_last_day + dt.timedelta(days=14)


def test_a_report_without_its_sections_is_not_submitted(who):
    mission = make.completed(who)
    with pytest.raises(TransitionRefused, match="Still to write"):
        perform(mission.report, "submit", by=who.expert_user)


def test_a_mission_moved_into_another_plan_year_is_in_that_plan(who):
    mission = make.planned(who, first_day=dt.date(2031, 6, 2))
    assert mission.plan_year == 2030
    moved = services.shape_mission(
        mission, by=who.rocb, version=mission.version, first_day=dt.date(2031, 7, 7), last_day=dt.date(2031, 7, 9)
    )
    assert moved.plan_year == 2031


def test_a_single_expert_is_no_team(who):
    mission = make.approved(who)
    with pytest.raises(InvalidAnswers):
        act(mission, "decide_team", by=who.rocb, team_needed=True, leader=str(mission.team()[0].pk))


def test_a_mission_does_not_begin_before_its_letter_left_or_in_days_to_come(who):
    mission = make.approved(who)
    yesterday, tomorrow = today() - dt.timedelta(days=1), today() + dt.timedelta(days=1)
    assert "letter left" in guards.start_is_plausible(mission, yesterday)
    assert guards.start_is_plausible(mission, today()) is None
    assert "still to come" in guards.start_is_plausible(mission, tomorrow)


def test_an_answer_is_hoped_for_before_the_departure():
    assert answer_hoped_by(dt.date(2027, 1, 1), dt.date(2027, 3, 1)) == dt.date(2027, 1, 15)
    assert answer_hoped_by(dt.date(2027, 1, 1), dt.date(2027, 1, 10)) == dt.date(2027, 1, 9)
    assert answer_hoped_by(dt.date(2027, 1, 1), dt.date(2027, 1, 1)) == dt.date(2027, 1, 1)
