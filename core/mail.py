"""E-mails: one template pair a kind, one row before it is a message, a stable Message-ID."""

import smtplib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from core.dated_policy import is_demo
from core.models import Message, OutboxJob, StoredFile
from core.outbox import NotStarted, PermanentFailure

MASK = "[link hidden]"


def one_line(text: object) -> str:
    """Header text without anything that could begin a second header."""
    return " ".join(str(text).split())


def send(
    job: OutboxJob,
    template: str,
    *,
    to: Sequence[str],
    subject: object,
    context: Mapping[str, Any],
    cc: Sequence[str] = (),
    reply_to: str = "",
    link: str = "",
    files: Sequence[StoredFile] = (),
    about_id: uuid.UUID | None = None,
) -> Message:
    """Render `email/<template>.txt` and `.html`, send once, and keep what left as a row.

    `link` is a link that acts: it is in the message and, outside the embedded mode, masked in the row. NotStarted while nothing
    has left; PermanentFailure when the other side refuses the recipients or the message.
    """
    if not to:
        raise PermanentFailure("There is no address to send this to.")
    filled = {**context, "link": link, "demo": is_demo(), "base_url": settings.PUBLIC_URL}
    text = render_to_string(f"email/{template}.txt", filled)
    html = render_to_string(f"email/{template}.html", filled)
    mail = EmailMultiAlternatives(
        one_line(subject),
        text,
        settings.DEFAULT_FROM_EMAIL,
        list(to),
        cc=list(cc),
        reply_to=[reply_to] if reply_to else [],
        headers={"Message-ID": f"<{job.pk}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    for kept in files:
        with kept.blob.open("rb") as stream:
            mail.attach(kept.name, stream.read(), kept.content_type)
    _deliver(mail)
    shown = (lambda body: body) if settings.KEEP_MESSAGE_LINKS or not link else (lambda body: body.replace(link, MASK))
    return Message.objects.create(
        job=job,
        to=list(to),
        cc=list(cc),
        reply_to=reply_to,
        subject=str(mail.subject),
        text=shown(text),
        html=shown(html),
        attachments=[{"name": kept.name, "id": str(kept.pk)} for kept in files],
        about_id=about_id,
        sent_at=timezone.now(),
    )


def _deliver(mail: EmailMultiAlternatives) -> None:
    try:
        mail.connection = get_connection()
        mail.connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotStarted(f"The mail server could not be reached: {error}") from error
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise PermanentFailure(f"The mail server refused the address: {error}") from error
    except smtplib.SMTPResponseException as error:  # the server itself said no, so nothing has left
        if error.smtp_code // 100 == 4:
            raise NotStarted(f"The mail server asked to come back later: {error}") from error
        raise PermanentFailure(f"The mail server refused the e-mail: {error}") from error
    finally:
        mail.connection.close()
