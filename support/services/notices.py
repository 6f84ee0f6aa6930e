"""What becomes of a notice: it leaves, is seen, is answered, does not arrive, is sent once more."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, links, outbox
from core.errors import InvalidAnswers, SomebodyWasFaster, TransitionRefused
from core.locks import lock_row
from support.models import Notice, Opportunity
from support.services.opportunities import is_open

ANSWER_LINK = "answer-opportunity"


def mark_seen(opportunity: Opportunity, *, by: Any) -> int:
    """Whoever was told has opened it here. Returns how many notices were unseen till then."""
    own = Notice.objects.own_of(by).filter(opportunity=opportunity, seen_at__isnull=True)
    return own.update(seen_at=timezone.now())


def mark_seen_by_link(notice: Notice) -> None:
    """Whoever was told has opened the own link."""
    Notice.objects.filter(pk=notice.pk, seen_at__isnull=True).update(seen_at=timezone.now())


@transaction.atomic
def answer(notice: Notice, *, by: Any, signs_up: bool, token: str = "", on_behalf: bool = False) -> Notice:
    """Sign up, or say that it is not of interest; a later answer takes the place of an earlier one until it is closed.

    A signed link is used up by it. ROCB may note an answer on behalf.
    """
    opportunity = lock_row(notice.opportunity)
    if token:
        links.use(ANSWER_LINK, token)
    if not is_open(opportunity):
        raise TransitionRefused(_("It is closed; nobody can sign up any more. Please write to ROCB if it matters."))
    fresh = lock_row(notice)
    moment = timezone.now()
    fresh.signed_up_at, fresh.declined_at = (moment, None) if signs_up else (None, moment)
    if not on_behalf:
        fresh.seen_at = fresh.seen_at or moment
    fresh.save(update_fields=["signed_up_at", "declined_at", "seen_at"])
    words = _("%(name)s signs up") if signs_up else _("%(name)s is not interested")
    history.record(
        opportunity,
        "answered",
        words % {"name": fresh.reader},
        by=by,
        on_behalf_of="told" if on_behalf else "",
        private=True,
    )
    return fresh


@transaction.atomic
def note_failed(notice: Notice, *, by: Any, note: str) -> Notice:
    """Staff have learnt that a notice did not arrive. InvalidAnswers without a reason; SomebodyWasFaster if it was answered."""
    if not note.strip():
        raise InvalidAnswers({"note": _("Please say how you know.")})
    fresh = lock_row(notice)
    if fresh.is_answered:
        raise SomebodyWasFaster
    fresh.failed_at, fresh.failed_note = timezone.now(), note.strip()[:300]
    fresh.save(update_fields=["failed_at", "failed_note"])
    title = _("Not deliverable to %(name)s") % {"name": fresh.reader}
    history.record(fresh.opportunity, "failed", title, by=by, note=fresh.failed_note, private=True)
    return fresh


@transaction.atomic
def take_back_failed(notice: Notice, *, by: Any) -> bool:
    """The notice can arrive after all. What never left is sent again; returns whether that is so."""
    opportunity = lock_row(notice.opportunity)
    fresh = lock_row(notice)
    if fresh.failed_at is None:
        raise SomebodyWasFaster
    fresh.failed_at, fresh.failed_note = None, ""
    title = _("Deliverable after all: %(name)s") % {"name": fresh.reader}
    entry = history.record(opportunity, "deliverable", title, by=by, private=True)
    sends = fresh.left_at is None and is_open(opportunity)
    if sends:
        fresh.job = outbox.enqueue(
            "opportunity_told", about=f"{opportunity}, {fresh.reader}", object_id=fresh.pk, entry_id=entry.pk
        )
    fresh.save(update_fields=["failed_at", "failed_note", "job"])
    return sends


@transaction.atomic
def remind(opportunity: Opportunity, *, by: Any) -> int:
    """Write once more to all who were told and have neither seen it nor answered. Returns to how many."""
    fresh = lock_row(opportunity)
    if not is_open(fresh):
        raise TransitionRefused(_("It is closed; nobody is reminded any more."))
    waiting = list(fresh.notices.unseen().with_people())
    if not waiting:
        raise TransitionRefused(_("Everybody whom an e-mail reached has seen it or answered."))
    title = _("Reminder sent to %(n)d who had not seen it") % {"n": len(waiting)}
    entry = history.record(fresh, "reminded", title, by=by, private=True)
    for notice in waiting:
        outbox.enqueue(
            "opportunity_reminder",
            about=f"{fresh}, {notice.reader}",
            job_id=uuid.uuid5(entry.pk, str(notice.pk)),
            object_id=notice.pk,
            entry_id=entry.pk,
        )
    return len(waiting)


# What the worker has to tell


def left_the_house(notice: Notice, *, at: dt.datetime) -> None:
    """An e-mail is out; told is told from the first one on."""
    rows = Notice.objects.filter(pk=notice.pk)
    rows.update(sent_at=Coalesce("sent_at", Value(at)), failed_at=None, failed_note="")


def failed_to_arrive(notice: Notice, *, why: object) -> None:
    """The other side refused it, or there is no address."""
    Notice.objects.filter(pk=notice.pk, seen_at__isnull=True).update(
        failed_at=timezone.now(), failed_note=str(why)[:300]
    )
