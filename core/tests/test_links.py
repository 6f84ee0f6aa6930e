import datetime as dt
import threading
import uuid

import pytest
import time_machine
from django.db import close_old_connections, connections, transaction
from django.utils import timezone

from core import links
from core.errors import LinkInvalid
from core.models import ActionLink

pytestmark = pytest.mark.django_db

ANSWER = "answer_letter"


def mint(object_id=None, recipient="focal@customs.example", purpose=ANSWER, days=14):
    return links.mint(purpose, object_id or uuid.uuid4(), recipient, days=days)


def test_only_the_hash_is_kept():
    token = mint()
    kept = ActionLink.objects.get()
    assert len(token) >= 43  # 256 bits
    assert all(token not in str(value) for value in vars(kept).values())


def test_opening_changes_nothing_and_using_uses_up():
    token = mint()
    before = ActionLink.objects.values().get()
    for _visit in range(50):
        links.peek(ANSWER, token)
    assert ActionLink.objects.values().get() == before
    links.use(ANSWER, token)
    for again in (links.peek, links.use):
        with pytest.raises(LinkInvalid):
            again(ANSWER, token)
    assert links.known(ANSWER, token).used_at is not None


def test_a_link_acts_for_its_own_purpose_alone():
    token = mint()
    with pytest.raises(LinkInvalid):
        links.use("answer_consultation", token)
    assert links.use(ANSWER, token)


def test_a_link_expires():
    token = mint(days=14)
    with time_machine.travel(timezone.now() + dt.timedelta(days=14, seconds=1), tick=False), pytest.raises(LinkInvalid):
        links.use(ANSWER, token)
    with time_machine.travel(timezone.now() + dt.timedelta(days=13, hours=23), tick=False):
        assert links.use(ANSWER, token)


def test_a_fresh_link_ends_the_older_one_of_the_same_object_and_recipient():
    thing, other = uuid.uuid4(), uuid.uuid4()
    old, elsewhere, new = mint(thing), mint(other), mint(thing)
    with pytest.raises(LinkInvalid):
        links.use(ANSWER, old)
    assert links.use(ANSWER, elsewhere)
    assert links.use(ANSWER, new)


def test_revoking_ends_every_link_of_the_object_whoever_holds_it():
    thing = uuid.uuid4()
    tokens = [mint(thing, "a@customs.example"), mint(thing, "b@customs.example")]
    kept = mint()
    assert links.revoke(ANSWER, thing) == 2
    for token in tokens:
        with pytest.raises(LinkInvalid):
            links.use(ANSWER, token)
    assert links.use(ANSWER, kept)


def test_altered_tokens_are_nobody():
    token = mint()
    altered = {
        token[:n] + chr(33 + (ord(token[n]) + k) % 90) + token[n + 1 :] for n in range(len(token)) for k in range(1, 24)
    }
    altered |= {"", token[:-1], token + "A", token.upper(), token.lower(), token[::-1]}
    altered.discard(token)
    assert len(altered) > 900
    for one in altered:
        with pytest.raises(LinkInvalid):
            links.use(ANSWER, one)


def test_a_use_that_is_rolled_back_did_not_happen():
    token = mint()

    def use_and_fail():
        with transaction.atomic():
            links.use(ANSWER, token)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        use_and_fail()
    assert links.use(ANSWER, token)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_passes():
    token = mint()
    barrier, passed = threading.Barrier(8), []

    def use():
        close_old_connections()
        barrier.wait()
        try:
            with transaction.atomic():
                passed.append(links.use(ANSWER, token))
        except LinkInvalid:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 1
