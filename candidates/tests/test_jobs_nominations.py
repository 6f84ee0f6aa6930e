"""What leaves the house about a nomination: to whom, with which words, link and letter."""

import re

import pytest
from django.core import mail

from candidates import jobs_nominations, letters, services
from candidates.enums import Origin
from candidates.tests import factories as make
from candidates.workflow import NOMINATION
from core import links, outbox
from core.enums import JobState
from core.models import OutboxJob
from core.workflow import act, perform
from members.tests.factories import administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.parties()


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """Drawing takes most of the time and is tested below once."""
    monkeypatch.setattr(letters, "pdf", lambda html, *, identifier: f"%PDF-1.7 {html}".encode())


def deliver():
    before = len(mail.outbox)
    while outbox.sweep():
        pass
    failed = OutboxJob.objects.exclude(state__in=[JobState.DONE, JobState.QUEUED])
    assert [(job.kind, job.error) for job in failed] == []
    return mail.outbox[before:]


def told(who, sent):
    known = {who.rocb.email: "rocb", who.home.email: "home", who.centre.email: "centre", who.nominee.email: "nominee"}
    return sorted((known.get(m.to[0], m.to[0]), m.subject) for m in sent)


def test_every_effect_of_the_table_has_its_job():
    effects = {effect for row in NOMINATION.transitions for effect in row.effects}
    assert effects == {*jobs_nominations.NOTICES, "nomination_letter"}
    assert effects <= outbox.registered()


def test_the_home_administrations_own_nomination_goes_to_rocb_and_the_nominee(who):
    make.sent(who)
    name = who.nominee.name
    assert told(who, deliver()) == [
        ("nominee", "You are proposed for ROCB's candidate list: please complete your part"),
        ("rocb", f"Please review the nomination of {name}, Japan"),
    ]


@pytest.mark.parametrize(
    ("origin", "others"), [(Origin.CENTRE, ["home", "nominee", "rocb"]), (Origin.ROCB, ["home", "nominee"])]
)
def test_the_home_administration_is_told_of_what_others_send_once(who, origin, others):
    nomination = make.sent(who, origin)
    assert [to for to, _subject in told(who, deliver())] == others
    perform(nomination, "return", by=who.rocb, returned_note="Which committees?")
    services.submit_nomination(nomination, by=make.nominator(who, origin))
    assert "home" not in [to for to, _subject in told(who, deliver())]


def test_the_link_of_the_nominee_opens_the_own_part_and_a_fresh_one_ends_it(who):
    nomination = make.sent(who)
    first = next(m for m in deliver() if m.to == [who.nominee.email])
    token = re.search(r"/candidates/nominee/([\w-]+)/", first.body).group(1)
    assert links.peek(services.NOMINEE_LINK, token).object_id == nomination.pk
    perform(nomination, "ask_nominee_again", by=who.home)
    again = deliver()
    assert told(who, again)[0][0] == "nominee"
    assert links.known(services.NOMINEE_LINK, token).ended_at is not None
    services.complete_nominee_part(nomination, by=who.rocb, consent=True)
    assert links.known(services.NOMINEE_LINK, re.search(r"nominee/([\w-]+)/", again[0].body).group(1)).ended_at


def test_a_listing_is_told_to_nominator_home_and_nominee(who):
    nomination = make.reviewed(who, Origin.CENTRE)
    deliver()
    services.list_nomination(nomination, by=who.rocb)
    assert [to for to, _subject in told(who, deliver())] == ["centre", "home", "nominee"]


@pytest.mark.parametrize(
    ("origin", "letter_to", "others"),
    [
        (Origin.ADMINISTRATION, "home", ["nominee"]),
        (Origin.CENTRE, "centre", ["home", "nominee"]),
        (Origin.ROCB, "home", ["nominee"]),
    ],
)
def test_the_letter_about_not_listing_goes_to_whoever_can_use_it(who, origin, letter_to, others):
    nomination = make.reviewed(who, origin, judgements=make.ONE_NOT_MET)
    deliver()
    perform(nomination, "not_list", by=who.rocb, decision_note="Fluency in English could not be shown yet.")
    sent = deliver()
    with_letter = [m for m in sent if m.attachments]
    assert [to for to, _subject in told(who, with_letter)] == [letter_to]
    assert [to for to, _subject in told(who, [m for m in sent if not m.attachments])] == others
    nominee = next(m for m in sent if m.to == [who.nominee.email])
    assert "could not be shown" not in nominee.body


def test_the_letter_names_the_reason_and_no_reviewer(who):
    nomination = make.not_listed(who)
    nomination.refresh_from_db()
    context = letters.letter_context(nomination)
    assert (context.addressee[-1], context.reason) == ("Japan", "Fluency in English could not be shown yet.")
    html = letters.draw_nomination_letter(nomination).decode()
    assert "Fluency in English could not be shown yet." in html
    assert who.rocb.name not in html
    assert "No test is named." not in html


def test_an_objection_reaches_rocb_with_its_words_and_the_centre_without(who):
    nomination = make.sent(who, Origin.CENTRE)
    deliver()
    act(nomination, "object", by=who.home, objection_note="He is needed here.")
    sent = {m.to[0]: m.body for m in deliver()}
    assert "He is needed here." in sent[who.rocb.email]
    assert "He is needed here." not in sent[who.centre.email]


def test_a_draft_that_is_dropped_is_told_to_nobody_and_a_decline_to_both(who):
    services.withdraw_nomination(make.written(who), by=who.home)
    assert deliver() == []
    nomination = make.sent(who)
    deliver()
    services.decline_nomination(nomination, by=who.nominee_user)
    assert [to for to, _subject in told(who, deliver())] == ["home", "rocb"]


def test_the_letter_is_a_real_document_and_drawn_once(who, monkeypatch):
    monkeypatch.undo()
    nomination = make.not_listed(who, Origin.ROCB)
    assert administration("JP") == nomination.home
    kept = jobs_nominations.nomination_letter(nomination)
    with kept.blob.open("rb") as stream:
        assert stream.read(5) == b"%PDF-"
    nomination.refresh_from_db()
    assert jobs_nominations.nomination_letter(nomination) == kept
