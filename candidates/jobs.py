"""What leaves the house about the candidate list, calls, nominations and workshops, as jobs of the outbox.

A notice is one e-mail to people who may read each other's addresses. A job that is for several administrations becomes one job
for each, under keys of their own, so that none is made twice.
"""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates import services
from candidates.models import Call, CalledMember, Listing
from candidates.queries import Scope, answers_to
from core import links, outbox
from core.clock import today
from core.dated_policy import policy
from core.models import OutboxJob
from core.outbox import NothingToDo
from experts.models import Expert
from members import notices
from members.models import Administration
from members.notices import Addresses, writer
from members.queries import addressees


def send_notice(job: OutboxJob, words: str, *, to: Addresses, **how: Any) -> None:
    """One e-mail; nothing to do for somebody without an address."""
    if not to:
        raise NothingToDo("There is no address to write to.")
    notices.send_notice(job, words, to=to, **how)


def each_reader(job: OutboxJob) -> str:
    """Who reads this job's e-mail: the home administration or the person; of both, a job each."""
    reader = job.payload.get("reader")
    if reader is None:
        for name in ("home", "person"):
            outbox.enqueue(job.kind, job_id=uuid.uuid5(job.pk, name), **{**job.payload, "reader": name})
        raise NothingToDo("Divided into 2 e-mails.")
    return str(reader)


# Calls


def call_sent(job: OutboxJob) -> None:
    """One job for each administration of the call."""
    call = Call.objects.get(pk=job.payload["object_id"])
    rows = list(call.members.select_related("administration"))
    for row in rows:
        outbox.enqueue(
            "call", about=f"{call}, {row.administration}", job_id=uuid.uuid5(job.pk, str(row.pk)), object_id=row.pk,
            entry_id=job.payload["entry_id"],
        )  # fmt: skip
    raise NothingToDo(f"Divided into {len(rows)} e-mails.")


def call_to_member(job: OutboxJob) -> None:
    _mail_call(job, "call", _("call for nominations: %(title)s"))


def call_reminder(job: OutboxJob) -> None:
    """Once more, unless the administration has answered in the meantime."""
    _mail_call(job, "call_reminder", _("reminder of our call for nominations: %(title)s"))


def _mail_call(job: OutboxJob, words: str, subject: str) -> None:
    row = CalledMember.objects.select_related("call", "administration").filter(pk=job.payload["object_id"]).first()
    if row is None or not services.is_open(row.call):
        raise NothingToDo("The call is closed, or the administration is no longer asked.")
    if not answers_to(row.call, [row])[0].is_silent:
        raise NothingToDo("The administration has answered.")
    found = addressees(row.administration)
    said = subject % {"title": row.call}
    send_notice(
        job,
        words,
        to=[user.email for user in found.to],
        cc=[user.email for user in found.cc],
        subject=said[:1].upper() + said[1:],
        button=_("Read and answer"),
        path=row.call.get_absolute_url(),
        about_id=row.call_id,
        reply_to=writer(job),
        call=row.call,
        areas=list(row.call.areas.all()),
        member=row,
    )


# Lines of the candidate list


def listings_reminder_home(job: OutboxJob) -> None:
    """All lines of an administration that are to be confirmed, in one e-mail, with a link that acts without an account."""
    home = Administration.objects.get(pk=job.payload["object_id"])
    found = addressees(home)
    _ask(
        job,
        "listings_confirm_home",
        Scope(home),
        to=[user.email for user in found.to],
        cc=[user.email for user in found.cc],
        subject=_("Please confirm your officials on ROCB's candidate list"),
    )


def listings_reminder_person(job: OutboxJob) -> None:
    expert = Expert.objects.select_related("user", "administration").get(pk=job.payload["object_id"])
    _ask(
        job,
        "listings_confirm_person",
        Scope(expert),
        to=expert.addresses,
        cc=[],
        subject=_("Please confirm your place on ROCB's candidate list"),
    )


def _ask(job: OutboxJob, words: str, scope: Scope, *, to: Addresses, cc: Addresses, subject: str) -> None:
    lines = scope.due(today())
    if not lines:
        raise NothingToDo("Nothing is left to confirm.")
    days = int(policy("listing.link_days"))
    link = ""
    if to:
        links.revoke(services.CONFIRM_LINK, scope.key)
        link = reverse("candidates:link-confirm", args=[links.mint(services.CONFIRM_LINK, scope.key, to[0], days=days)])
    send_notice(
        job,
        words,
        to=to,
        cc=cc,
        subject=subject,
        button=_("Say whether this is still right"),
        path=reverse("candidates:confirm"),
        about_id=scope.key,
        link=link,
        link_days=days,
        lines=lines,
        scope=scope,
    )


def listing_left(job: OutboxJob) -> None:
    """A line has ended: one e-mail to the home administration, one to the person."""
    line = Listing.objects.select_related("expert__administration", "expert__user", "area").get(
        pk=job.payload["object_id"]
    )
    reader = each_reader(job)
    found = addressees(line.expert.administration)
    to = [user.email for user in found.to] if reader == "home" else line.expert.addresses
    send_notice(
        job,
        "listing_left",
        to=to,
        cc=[user.email for user in found.cc] if reader == "home" else (),
        subject=_("%(name)s is no longer on the candidate list in %(area)s") % {"name": line.expert, "area": line.area}
        if reader == "home"
        else _("You are no longer on the candidate list in %(area)s") % {"area": line.area},
        button=_("Open the line"),
        path=line.get_absolute_url(),
        about_id=line.pk,
        reply_to=writer(job),
        line=line,
        to_person=reader == "person",
    )


def register() -> None:
    """Every job by its name."""
    outbox.register("call_sent", call_sent)
    outbox.register("call", call_to_member)
    outbox.register("call_reminder", call_reminder)
    outbox.register("listings_reminder_home", listings_reminder_home)
    outbox.register("listings_reminder_person", listings_reminder_person)
    outbox.register("listing_left", listing_left)
