"""The engine, shown on the tables of missions: it knows no word of them."""

import pytest

from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.models import LogEntry, OutboxJob
from core.workflow import LinkActor, available, blocked, decide, in_reach, perform, state_of
from missions.models import CapacityRequest
from missions.tests import factories as make
from missions.workflow import REQUEST

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.people()


def test_perform_writes_state_stamp_version_history_and_effects_together(who):
    request = make.drafted(who)
    version = request.version
    perform(request, "file", by=who.beneficiary, note="At last")
    line = LogEntry.objects.filter(object_id=request.pk).first()
    assert (request.state, request.version, request.filed_at is not None) == ("filed", version + 1, True)
    assert (line.name, line.from_state, line.to_state, line.actor, line.note) == (
        "file",
        "draft",
        "filed",
        who.beneficiary.name,
        "At last",
    )
    assert sorted(OutboxJob.objects.values_list("kind", flat=True)) == ["request_filed", "request_letter"]


def test_a_refused_transition_leaves_nothing(who):
    request = make.drafted(who)
    before = LogEntry.objects.count()
    with pytest.raises(NotAllowed):
        perform(request, "file", by=who.rocb)
    request.refresh_from_db()
    assert (request.state, LogEntry.objects.count(), OutboxJob.objects.count()) == ("draft", before, 0)


def test_whoever_comes_second_is_told(who):
    request = make.filed(who)
    stale = CapacityRequest.objects.get(pk=request.pk)
    perform(request, "check", by=who.rocb)
    with pytest.raises(SomebodyWasFaster):
        perform(stale, "return", by=who.rocb, returned_note="x")


def test_a_guard_says_why(who):
    mission = make.planned(who)
    mission = perform(mission, "look_at_own_experts", by=who.secretariat, own_experts_note="None free")
    with pytest.raises(TransitionRefused, match="consultation of the other office"):
        perform(mission, "finalise_shortlist", by=who.rocb)


def test_a_missing_answer_is_named(who):
    with pytest.raises(InvalidAnswers) as refused:
        perform(make.filed(who), "return", by=who.rocb)
    assert list(refused.value.fields) == ["returned_note"]


def test_on_behalf_names_the_true_actor_and_whose_act_it_was(who):
    invitation = make.shortlisted(who).all_invitations.get()
    perform(invitation, "ask", by=who.rocb)
    perform(invitation, "answer_available", by=who.rocb)
    line = LogEntry.objects.filter(object_id=invitation.pk, name="answer_available").get()
    assert (line.actor, line.party, line.on_behalf_of, line.private) == (who.rocb.name, "rocb", "expert", True)


def test_a_link_acts_for_its_party_and_no_other(who):
    invitation = make.letter_sent(who).invitations.get()
    stranger = LinkActor("by link", frozenset({"expert"}))
    assert not decide(invitation, stranger, "answer_yes")
    assert decide(invitation, LinkActor("by link", frozenset({"home"})), "answer_yes")


def test_what_is_done_once_is_not_offered_again(who):
    mission = make.searching(who)
    row = REQUEST.transition("file")
    assert row.once is False
    assert "consult_other_office" not in [offer.transition.name for offer in available(mission, who.rocb)]


def test_offers_tell_possible_from_blocked(who):
    mission = make.planned(who)
    perform(mission, "look_at_own_experts", by=who.secretariat, own_experts_note="x")
    offers = {offer.transition.name: offer.decision for offer in available(mission, who.rocb)}
    assert bool(offers["shortlist"]) is True
    assert "consultation" in offers["finalise_shortlist"].reason
    assert available(mission, who.beneficiary) == []


def test_words_of_the_table(who):
    request = make.drafted(who)
    assert str(state_of(request).label) == "draft"
    assert in_reach(request, REQUEST.transition("file"))
    assert blocked(request, REQUEST.transition("file")) == ""
    with pytest.raises(LookupError):
        REQUEST.transition("no such row")
