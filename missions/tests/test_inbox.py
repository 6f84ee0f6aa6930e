import pytest

from core.inbox import inbox
from missions import services
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.people()


def mine(user, party):
    user = type(user).objects.get(pk=user.pk)
    return [item.sentence for item in inbox(user, party) if item.mine]


def test_each_party_finds_its_own_work_and_the_rest_waits(who):
    make.filed(who)
    assert mine(who.rocb, "rocb") == ["Check the request of Fiji: AEO validation workshop"]
    assert mine(who.secretariat, "secretariat") == []
    waiting = [i.who for i in inbox(who.beneficiary, "administration") if not i.mine]
    assert waiting == ["ROCB A/P"]


def test_the_home_administration_never_sees_the_informal_part(who):
    make.available(who)
    assert inbox(who.home, "administration") == []


def test_the_letter_waits_for_the_home_administration_with_its_day(who):
    letter = make.letter_sent(who)
    (item,) = [i for i in inbox(who.home, "administration") if i.mine]
    assert item.sentence.startswith(f"Answer the letter about {who.expert.name}")
    assert (item.due - letter.sent_on).days in (13, 14)


def test_a_blocked_step_waits_for_nobody_until_it_is_free(who):
    candidate_mission = make.available(who, standing="candidate")
    assert not any(s.startswith("Prepare the letter") for s in mine(who.rocb, "rocb"))
    invitation = candidate_mission.all_invitations.get()
    from core.clock import today

    for party in ("secretariat", "rocb", "beneficiary"):
        services.record_confirmation(invitation, by=who.rocb, party=party, said_by="N", said_on=today())
    services.record_bearer(invitation, by=who.rocb, bearer="wco", agreed_by="N", agreed_on=today())
    assert any(s.startswith("Prepare the letter") for s in mine(who.rocb, "rocb"))


def test_the_number_of_queries_does_not_grow(who, django_assert_num_queries):
    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        user = type(who.rocb).objects.get(pk=who.rocb.pk)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            inbox(user, "rocb")
        return len(caught)

    make.available(who)
    make.letter_sent(make.people())
    make.completed(make.people())
    few = count()
    for _ in range(3):
        others = make.people()
        make.available(others)
        make.letter_sent(make.people())
        make.completed(make.people())
    assert count() == few


def test_a_desk_with_more_than_fits_shows_what_waited_longest_and_says_so(client, monkeypatch):
    who = make.people()
    first, second, third = (make.filed(who) for _ in range(3))
    client.force_login(who.rocb)
    assert "The lists hold all." not in client.get("/").content.decode()
    monkeypatch.setattr("core.inbox.MOST", 2)
    found = inbox(who.rocb, "rocb")
    assert {item.object_id for item in found if item.object_id in {first.pk, second.pk, third.pk}} == {
        first.pk,
        second.pk,
    }
    assert found.is_cut
    assert "The lists hold all." in client.get("/").content.decode()
