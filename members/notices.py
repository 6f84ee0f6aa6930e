"""Notices: one e-mail from a template pair that all share, and the office that questions go to."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from core import mail
from core.models import LogEntry, OutboxJob, StoredFile
from members.enums import Party
from members.models import User

Addresses = list[str]


def rocb() -> Addresses:
    return [user.email for user in User.objects.of_party(Party.ROCB)]


def secretariat() -> Addresses:
    return [user.email for user in User.objects.of_party(Party.SECRETARIAT)]


def writer(job: OutboxJob) -> str:
    """The address of whoever of the offices did what the job is about; nothing for others."""
    entry = LogEntry.objects.select_related("by").filter(pk=job.payload.get("entry_id")).first()
    return entry.by.email if entry and entry.by and entry.by.is_office else ""


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if path else ""


def send_notice(
    job: OutboxJob,
    words: str,
    *,
    to: Sequence[str],
    subject: object,
    button: object,
    path: str,
    about_id: uuid.UUID,
    cc: Sequence[str] = (),
    link: str = "",
    link_days: int = 0,
    reply_to: str = "",
    files: Iterable[StoredFile] = (),
    **context: Any,
) -> None:
    """One e-mail: its words (`email/words/`), and the page or the acting link it leads to; both are paths of the portal.

    Questions go to ROCB if to nobody else.
    """
    office = next(iter(rocb()), "")
    mail.send(
        job,
        "notice",
        to=to,
        cc=[address for address in cc if address not in to],
        subject=subject,
        reply_to=reply_to or office,
        link=absolute(link),
        files=list(files),
        about_id=about_id,
        context={
            "words": f"email/words/{words}.txt",
            "headline": str(subject),
            "button": button,
            "url": absolute(path),
            "reply_to": reply_to or office,
            "rocb": office,
            "link_until": timezone.now() + dt.timedelta(days=link_days),
            **context,
        },
    )
