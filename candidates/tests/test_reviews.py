"""Reviews: one judgement a requirement, independent until given, a new round after a return."""

import pytest

from candidates import queries, services
from candidates.enums import Requirement, Verdict
from candidates.models import Nomination
from candidates.tests import factories as make
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster
from core.workflow import decide, perform
from members.tests.factories import rocb

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.parties()


def fresh(nomination):
    return Nomination.objects.with_standing().get(pk=nomination.pk)


def words_read(user, nomination, **how):
    """Whose reviews the user reads in the newest round."""
    rounds = queries.reviews_for(user, fresh(nomination), **how)
    return [str(review.reviewer) for review in rounds[0].reviews] if rounds else []


def test_others_words_open_with_the_own_review_and_to_whoever_decides_when_all_have_spoken(who):
    nomination = make.consented(who)
    second, third = rocb(), rocb()
    services.ask_reviewers(nomination, by=who.rocb, reviewers=[second, who.secretariat])
    services.save_review(nomination, by=second, judgements=make.ONE_NOT_MET, give=True)
    assert words_read(second, nomination) == [str(second)]
    assert words_read(who.secretariat, nomination) == []
    assert words_read(third, nomination, deciding=True) == []
    assert "Still reviewing" in decide(fresh(nomination), who.rocb, "list").reason
    services.save_review(nomination, by=who.secretariat, judgements=make.ALL_MET, give=True)
    assert sorted(words_read(who.secretariat, nomination)) == sorted([str(second), str(who.secretariat)])
    assert len(words_read(third, nomination, deciding=True)) == 2
    assert words_read(third, nomination) == []
    assert queries.reviews_for(who.home, fresh(nomination)) == []


def test_a_review_asks_for_all_four_and_a_word_on_what_is_not_met(who):
    nomination = make.sent(who)
    some = {1: (Verdict.MET, ""), 2: (Verdict.MORE_ASKED, " ")}
    with pytest.raises(InvalidAnswers) as refused:
        services.save_review(nomination, by=who.rocb, judgements=some, give=True)
    assert set(refused.value.fields) == {"comment_2", "verdict_3", "verdict_4"}
    kept = services.save_review(nomination, by=who.rocb, judgements=some)
    assert (kept.given_at, kept.judgements.count()) == (None, 2)
    assert services.save_review(nomination, by=who.rocb, judgements={1: ("", ""), 2: some[2]}).judgements.count() == 1


def test_what_is_given_stands_and_only_the_offices_review(who):
    nomination = make.sent(who)
    services.save_review(nomination, by=who.rocb, judgements=make.ALL_MET, give=True)
    with pytest.raises(SomebodyWasFaster):
        services.save_review(nomination, by=who.rocb, judgements=make.ONE_NOT_MET)
    with pytest.raises(NotAllowed):
        services.save_review(nomination, by=who.home, judgements=make.ALL_MET, give=True)


def test_listing_needs_every_requirement_met_in_every_review_or_a_reason(who):
    nomination = make.consented(who)
    services.save_review(nomination, by=who.secretariat, judgements=make.ALL_MET, give=True)
    assert queries.all_four_met(fresh(nomination))
    services.save_review(nomination, by=who.rocb, judgements=make.ONE_NOT_MET, give=True)
    assert not queries.all_four_met(fresh(nomination))
    with pytest.raises(InvalidAnswers) as refused:
        services.list_nomination(nomination, by=who.rocb)
    assert list(refused.value.fields) == ["waiver"]
    services.list_nomination(nomination, by=who.rocb, waiver="Lectures in English are planned with an interpreter.")
    assert nomination.listings.get().nomination.waiver.startswith("Lectures")


def test_a_return_begins_a_new_round_and_keeps_the_old_one(who):
    nomination = make.reviewed(who)
    assert decide(fresh(nomination), who.rocb, "list")
    perform(nomination, "return", by=who.rocb, returned_note="Name the English test.")
    services.submit_nomination(nomination, by=who.home)
    assert decide(fresh(nomination), who.rocb, "list").reason == "Nobody has reviewed it yet."
    services.save_review(nomination, by=who.rocb, judgements=make.ALL_MET, give=True)
    rounds = queries.reviews_for(who.secretariat, fresh(nomination))
    assert [(one.number, one.is_now, len(one.reviews)) for one in rounds] == [(2, True, 0), (1, False, 1)]


def test_somebody_asked_can_be_asked_no_more_but_nobody_who_has_spoken(who):
    nomination = make.consented(who)
    services.ask_reviewers(nomination, by=who.rocb, reviewers=[who.secretariat, who.home])
    assert [str(r.reviewer) for r in fresh(nomination).reviews_now()] == [str(who.secretariat)]
    waiting = list(queries.reviews_waiting(who.secretariat, "secretariat"))
    assert [item.object_id for item in waiting] == [nomination.pk]
    services.save_review(nomination, by=who.rocb, judgements=make.ALL_MET, give=True)
    services.ask_reviewers(nomination, by=who.rocb, reviewers=[])
    assert [str(r.reviewer) for r in fresh(nomination).reviews_now()] == [str(who.rocb)]
    assert decide(fresh(nomination), who.rocb, "list")


def test_every_requirement_has_its_guidance():
    from candidates.guidance import GUIDANCE

    assert set(GUIDANCE) == set(Requirement)
