"""Two audiences, two texts; told once, in time, with proof; seen, answered, not deliverable, reminded, closed (§5.1, §5.3)."""

import datetime as dt
import itertools
import smtplib
from types import SimpleNamespace

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from candidates.enums import Origin
from candidates.models import Listing
from core import outbox
from core.clock import today
from core.enums import JobState
from core.errors import SomebodyWasFaster, TransitionRefused
from core.inbox import inbox
from core.models import Message, OutboxJob
from core.workflow import act, blocked
from experts.tests.factories import ExpertFactory, area
from members.models import Administration
from members.tests.factories import focal_point, rocb
from support import queries, services
from support.enums import Audience, Standing
from support.models import Notice, Opportunity
from support.tests import factories as make
from support.workflow import OPPORTUNITY

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    """ROCB, the focal points of Fiji and Japan; known in NII: one accredited of Japan, one listed of Fiji."""
    fiji, japan = focal_point("FJ", email="focal@fj.example"), focal_point("JP", email="focal@jp.example")
    accredited = ExpertFactory(email="accredited@jp.example", login=True, first_step=True, first_step__area=area("NII"))
    listed = ExpertFactory(email="listed@fj.example", at_home_in="FJ")
    for expert in (listed, ExpertFactory(left_on=today())):
        Listing.objects.create(expert=expert, area=area("NII"), origin=Origin.ROCB, listed_on=today())
    ExpertFactory(accredited=True)  # in another area
    return SimpleNamespace(
        staff=rocb(email="rocb@o.example"), fiji=fiji, japan=japan, accredited=accredited, listed=listed
    )


def deliver():
    """Everything that waits; who got an e-mail by it, in copy too."""
    before = set(Message.objects.values_list("pk", flat=True))
    while outbox.sweep():
        pass
    return {(*m.to, *(f"cc {cc}" for cc in m.cc)) for m in Message.objects.exclude(pk__in=before)}


def link_to(reader):
    """The path of the own link in the newest e-mail to an address."""
    text = next(m.text for m in Message.objects.order_by("-sent_at") if reader in m.to)
    return next("/opportunities/answer/" + part.split()[0] for part in text.split("/opportunities/answer/")[1:])


def seen_by(opportunity):
    return {str(n.reader) for n in opportunity.notices.filter(seen_at__isnull=False).with_people()}


def test_each_audience_reads_its_own_text_and_the_home_administration_is_in_copy(region):
    told = make.told(region.staff)
    members = Administration.objects.active()
    assert told.told_after == 9
    assert set(told.notices.filter(audience=Audience.REGION).values_list("administration", flat=True)) == set(
        members.values_list("pk", flat=True)
    )
    assert {n.expert for n in told.notices.filter(audience=Audience.EXPERTS)} == {region.accredited, region.listed}
    assert deliver() == {
        ("focal@fj.example",),
        ("focal@jp.example",),
        ("accredited@jp.example", "cc focal@jp.example"),
        ("listed@fj.example", "cc focal@fj.example"),
    }
    texts = {m.to[0]: m.text for m in Message.objects.all()}
    assert "Words for the region." in texts["focal@fj.example"]
    assert "Words for the experts." not in texts["focal@fj.example"]
    assert "Words for the experts." in texts["listed@fj.example"]
    # Whom no e-mail reaches is known as such, and no job waits for somebody to look at it.
    assert told.notices.filter(failed_at__isnull=False).count() == members.count() - 2
    assert not OutboxJob.objects.needs_eyes().exists()
    # In copy one reads what the own people read; who was told as a member alone does not.
    korea = focal_point("KR")
    assert [audience for audience, _text in queries.texts_for(told, region.fiji)] == [Audience.REGION, Audience.EXPERTS]
    assert [audience for audience, _text in queries.texts_for(told, korea)] == [Audience.REGION]


def test_nobody_is_told_twice(region):
    told = make.told(region.staff, region_text="")
    deliver()
    newcomer = ExpertFactory(email="new@jp.example", first_step=True, first_step__area=area("NII"))
    OutboxJob.objects.filter(kind="opportunity_told").update(state=JobState.QUEUED)
    assert deliver() == set()
    assert services.tell_rest(told, by=region.staff) == 1
    assert deliver() == {("new@jp.example", "cc focal@jp.example")}
    with pytest.raises(TransitionRefused):
        services.tell_rest(told, by=region.staff)
    with pytest.raises(SomebodyWasFaster):
        services.tell(told, by=region.staff)
    assert make.notice_to(told, newcomer).job.state == JobState.DONE


def test_a_text_without_readers_leaves_the_draft_as_it_was(region):
    draft = make.drafted(region.staff, region_text="", area=area("K9"))
    with pytest.raises(TransitionRefused):
        services.tell(draft, by=region.staff)
    draft.refresh_from_db()
    assert (services.is_draft(draft), draft.notices.count()) == (True, 0)
    row = OPPORTUNITY.transition("tell")
    assert not blocked(draft, row)
    for change in ({"experts_text": " "}, {"area": None}, {"deadline": today() - dt.timedelta(days=1)}):
        assert blocked(make.drafted(region.staff, region_text="", **{"area": area("K9"), **change}), row), change


def test_the_own_link_shows_marks_as_seen_and_answers_once(region):
    told = make.told(region.staff, region_text="")
    deliver()
    url, client = link_to("listed@fj.example"), Client()
    assert client.head(url).status_code == 200
    assert seen_by(told) == set()
    assert "Words for the experts." in client.get(url).content.decode()
    notice = make.notice_to(told, region.listed)
    assert (seen_by(told), notice.is_answered) == ({str(region.listed)}, False)
    answered = client.post(url, {"answer": "sign_up"}, follow=True)
    assert (answered.status_code, "signed up" in answered.content.decode()) == (200, True)
    assert "signed up" in client.post(url, {"answer": "not_interested"}).content.decode()
    notice.refresh_from_db()
    assert notice.standing == Standing.SIGNED_UP
    # A reminder brings a new link, and the older one ends.
    older = link_to("accredited@jp.example")
    services.remind(told, by=region.staff)
    assert deliver() == {("accredited@jp.example", "cc focal@jp.example")}
    assert (client.get(older).status_code, client.get(link_to("accredited@jp.example")).status_code) == (410, 200)
    act(told, "close", by=region.staff)
    assert "closed" in client.post(link_to("accredited@jp.example"), {"answer": "sign_up"}).content.decode()
    assert not make.notice_to(told, region.accredited).is_answered


def test_it_waits_in_the_inbox_until_it_is_answered_or_closed(region):
    told = make.told(region.staff)

    def waiting(user, party):
        return [item.url for item in inbox(user, party) if item.object_id == told.pk and item.mine]

    client = Client()
    client.force_login(region.accredited.user)
    assert [waiting(region.accredited.user, "expert"), waiting(region.fiji, "administration")] == [
        [told.get_absolute_url()]
    ] * 2
    client.get(told.get_absolute_url())
    assert seen_by(told) == {str(region.accredited)}
    client.post(
        reverse("support:notice-answer", args=[make.notice_to(told, region.accredited).pk]),
        {"answer": "not_interested"},
    )
    assert make.notice_to(told, region.accredited).standing == Standing.DECLINED
    assert [waiting(region.accredited.user, "expert"), waiting(region.fiji, "administration")] == [
        [],
        [told.get_absolute_url()],
    ]
    # An answer noted by ROCB is no proof that it was seen.
    services.answer(make.notice_to(told, "FJ"), by=region.staff, signs_up=True, on_behalf=True)
    assert seen_by(told) == {str(region.accredited)}
    assert waiting(region.staff, "rocb") == []
    Opportunity.objects.filter(pk=told.pk).update(deadline=today() - dt.timedelta(days=1))
    assert waiting(region.staff, "rocb") == [told.get_absolute_url()]
    act(told, "close", by=region.staff)
    assert waiting(region.staff, "rocb") + waiting(region.japan, "administration") == []


class Refusing(EmailBackend):
    """A mail server that does not know the mailbox of the listed person."""

    def send_messages(self, messages):
        if any("listed@fj.example" in message.to for message in messages):
            raise smtplib.SMTPRecipientsRefused({"listed@fj.example": (550, b"no such mailbox")})
        return super().send_messages(messages)


def test_what_did_not_arrive_is_known_and_can_be_mended(region):
    told = make.told(region.staff, region_text="")
    with override_settings(EMAIL_BACKEND=f"{__name__}.Refusing"):
        deliver()
    refused = make.notice_to(told, region.listed)
    assert (refused.standing, "no such mailbox" in refused.failed_note) == (Standing.FAILED, True)
    services.note_failed(make.notice_to(told, region.accredited), by=region.staff, note="Came back.")
    with pytest.raises(TransitionRefused):  # reminders leave out whoever cannot be reached
        services.remind(told, by=region.staff)
    # What never left is sent again, what had left is not.
    assert [
        services.take_back_failed(make.notice_to(told, e), by=region.staff) for e in (region.listed, region.accredited)
    ] == [
        True,
        False,
    ]
    assert deliver() == {("listed@fj.example", "cc focal@fj.example")}
    assert make.notice_to(told, region.listed).standing == Standing.UNSEEN
    assert services.remind(told, by=region.staff) == 2


def test_the_filter_of_the_list_and_the_word_on_a_notice_are_one_rule(region):
    told = make.told(region.staff, region_text="")
    notice = make.notice_to(told, region.listed)
    fields = ("sent_at", "seen_at", "failed_at", "signed_up_at", "declined_at")
    for filled in itertools.product((None, timezone.now()), repeat=len(fields)):
        Notice.objects.filter(pk=notice.pk).update(**dict(zip(fields, filled, strict=True)))
        fresh = Notice.objects.with_people().get(pk=notice.pk)
        found = [s for s in Standing if Notice.objects.filter(queries.by_standing(s), pk=notice.pk).exists()]
        assert found == [fresh.standing]


def test_what_is_typed_is_kept_and_a_draft_can_be_thrown_away(region):
    draft = make.drafted(region.staff)
    client = Client()
    client.force_login(region.staff)
    typed = {"kind": "concept", "title": "", "region_text": "Typed so far", "version": draft.version}
    answer = client.post(reverse("support:opportunity-autosave", args=[draft.pk]), typed)
    draft.refresh_from_db()
    assert (draft.region_text, draft.title, "called" in answer.content.decode()) == ("Typed so far", "Scanning", True)
    assert client.post(reverse("support:opportunity-autosave", args=[draft.pk]), typed).status_code == 409
    services.discard(draft, by=region.staff, version=draft.version)
    told = make.told(region.staff)
    with pytest.raises(TransitionRefused):
        services.discard(told, by=region.staff, version=told.version)
    assert list(Opportunity.objects.all()) == [told]
