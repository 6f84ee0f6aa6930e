import smtplib
import socket

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings
from django.utils import timezone

from core import mail
from core.files import keep
from core.models import Message, OutboxJob
from core.outbox import NotStarted, PermanentFailure

pytestmark = pytest.mark.django_db

CONTEXT = {
    "headline": "Answer the letter",
    "button": "Answer",
    "url": "http://testserver/x",
    "words": "email/_facts.txt",
}


@pytest.fixture
def job():
    return OutboxJob.objects.create(kind="letter", due_at=timezone.now())


def send(job, **changes):
    return mail.send(
        job, "notice", **{"to": ["focal@customs.example"], "subject": "M-1: letter", "context": CONTEXT, **changes}
    )


class Refusing(EmailBackend):
    """A server that takes the connection and then refuses as told."""

    error: Exception

    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def refuse_with(monkeypatch):
    def prepare(error):
        monkeypatch.setattr(Refusing, "error", error, raising=False)
        monkeypatch.setattr(mail, "get_connection", Refusing)

    return prepare


def test_an_e_mail_is_sent_in_both_forms_and_kept_as_it_left(job):
    kept = send(job, cc=["away@customs.example"], reply_to="sender@wco.example")
    [sent] = django_mail.outbox
    assert (sent.to, sent.cc, sent.reply_to) == (
        ["focal@customs.example"],
        ["away@customs.example"],
        ["sender@wco.example"],
    )
    assert [kind for _body, kind in sent.alternatives] == ["text/html"]
    assert (kept.text, kept.html) == (sent.body, sent.alternatives[0][0])
    assert kept.job == job


def test_the_message_id_follows_the_job_so_that_a_repetition_is_recognised(job):
    send(job)
    Message.objects.all().delete()
    send(job)
    first, second = (m.extra_headers["Message-ID"] for m in django_mail.outbox)
    assert first == second == f"<{job.pk}@rocb.example>"


@pytest.mark.parametrize("nasty", ["M-1\r\nBcc: all@evil.example", "M-1\nX: y", "M-1\u2028Bcc: z", "  a   b  "])
def test_a_subject_is_one_line(job, nasty):
    send(job, subject=nasty)
    [sent] = django_mail.outbox
    message = sent.message()
    assert len(sent.subject.splitlines()) == 1
    assert (message["Bcc"], message["X"], sent.recipients()) == (None, None, ["focal@customs.example"])


def test_without_an_address_nothing_is_tried(job):
    with pytest.raises(PermanentFailure):
        send(job, to=[])
    assert (django_mail.outbox, Message.objects.count()) == ([], 0)


def test_a_server_that_cannot_be_reached_means_not_started(job):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    closed = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
    }
    with override_settings(**closed), pytest.raises(NotStarted):
        send(job)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"focal@customs.example": (550, b"unknown")}), PermanentFailure),
        (smtplib.SMTPSenderRefused(550, b"no", "portal@rocb.example"), PermanentFailure),
        (smtplib.SMTPDataError(554, b"too large"), PermanentFailure),
        (smtplib.SMTPDataError(451, b"greylisted"), NotStarted),
    ],
)
def test_what_the_server_itself_refuses_has_not_left(job, refuse_with, error, expected):
    refuse_with(error)
    with pytest.raises(expected):
        send(job)


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("gone"), TimeoutError("no answer")])
def test_a_connection_lost_in_the_middle_is_not_called_unsent(job, refuse_with, error):
    refuse_with(error)
    with pytest.raises(type(error)):
        send(job)
    assert Message.objects.count() == 0


def test_a_link_that_acts_is_in_the_e_mail_and_masked_in_what_is_kept(job):
    with override_settings(KEEP_MESSAGE_LINKS=False):
        kept = send(job, link="https://portal.example/answer/letter/sEcReT/")
    [sent] = django_mail.outbox
    assert "sEcReT" in sent.body
    assert "sEcReT" in sent.alternatives[0][0]
    assert "sEcReT" not in kept.text + kept.html
    assert mail.MASK in kept.text
    assert mail.MASK in kept.html


def test_files_go_with_it_and_are_named_in_what_is_kept(job):
    file = keep(b"%PDF-1.7 x", name="Letter 1.pdf", content_type="application/pdf")
    kept = send(job, files=[file])
    [sent] = django_mail.outbox
    assert sent.attachments == [("Letter 1.pdf", b"%PDF-1.7 x", "application/pdf")]
    assert kept.attachments == [{"name": "Letter 1.pdf", "id": str(file.pk)}]
