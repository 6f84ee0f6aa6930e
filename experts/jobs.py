"""What leaves the house about people's records: corrections of ACE, the yearly question, two records that became one."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import links, outbox
from core.clock import begin_of, today
from core.dated_policy import policy
from core.inbox import InboxItem
from core.models import LogEntry, OutboxJob
from core.outbox import NothingToDo
from experts import services
from experts.models import CorrectionRequest, Expert
from experts.queries.profile import profile_confirm_by
from members.enums import Party
from members.notices import Addresses, rocb, secretariat, send_notice
from members.queries import addressees

# Corrections


def correction_raised(job: OutboxJob) -> None:
    """To the home administration, whose agreement it needs."""
    correction = _correction(job)
    found = addressees(correction.expert.administration)
    send_notice(
        job,
        "correction_raised",
        to=[user.email for user in found.to],
        cc=[user.email for user in found.cc],
        subject=_("Do you agree to a correction of ACE about %(name)s?") % {"name": correction.expert},
        button=_("Read it and answer"),
        path=correction.get_absolute_url(),
        about_id=correction.pk,
        correction=correction,
    )


def correction_sent(job: OutboxJob) -> None:
    """To the Secretariat, which keeps ACE."""
    correction = _correction(job)
    send_notice(
        job,
        "correction_sent",
        to=secretariat(),
        cc=rocb(),
        subject=_("A correction of ACE, agreed by %(home)s: %(name)s")
        % {"home": correction.expert.administration, "name": correction.expert},
        button=_("Open the correction"),
        path=correction.get_absolute_url(),
        about_id=correction.pk,
        correction=correction,
    )


def correction_answered(job: OutboxJob) -> None:
    """To everybody who has a part in it, each alone: who asked, the home administration, the person."""
    correction = _correction(job)
    entry = LogEntry.objects.select_related("by").get(pk=job.payload["entry_id"])
    reader = job.payload.get("reader")
    readers = _readers(correction, entry)
    if reader is None:
        for name in readers:
            outbox.enqueue("correction_answered", job_id=uuid.uuid5(job.pk, name), **{**job.payload, "reader": name})
        raise NothingToDo(f"Divided into {len(readers)} e-mails.")
    send_notice(
        job,
        "correction_answered",
        to=readers.get(reader, []),
        subject=_("Correction of ACE about %(name)s: %(state)s") % {"name": correction.expert, "state": entry.title},
        button=_("Open the correction"),
        path=correction.get_absolute_url(),
        about_id=correction.pk,
        correction=correction,
        entry=entry,
    )


def _readers(correction: CorrectionRequest, entry: LogEntry) -> dict[str, Addresses]:
    """By name; nobody twice, and not whoever has just answered."""
    asked = [correction.raised_by.email] if correction.raised_by and correction.raised_by.is_active else []
    groups = {
        "asked": asked,
        "home": [user.email for user in addressees(correction.expert.administration).to],
        "person": correction.expert.addresses,
    }
    told = {entry.by.email} if entry.by else set()
    found: dict[str, Addresses] = {}
    for name, addresses in groups.items():
        if left := [address for address in addresses if address not in told]:
            found[name] = left
        told |= set(addresses)
    return found


def _correction(job: OutboxJob) -> CorrectionRequest:
    return CorrectionRequest.objects.with_people().select_related("expert__user").get(pk=job.payload["object_id"])


# The profile


def profile_confirm(job: OutboxJob) -> None:
    """Once a year, with a link that confirms by one click, without an account."""
    expert = Expert.objects.select_related("user", "administration").get(pk=job.payload["object_id"])
    confirm_by = profile_confirm_by(expert)
    to = expert.addresses
    if (expert.left_on and expert.left_on <= today()) or (confirm_by and confirm_by > today()):
        raise NothingToDo("Left, or confirmed in the meantime.")
    days = int(policy("profile.link_days"))
    link = ""
    if to:
        token = links.mint(services.PROFILE_LINK, expert.pk, to[0], days=days)
        link = reverse("experts:link-profile", args=[token])
    send_notice(
        job,
        "profile_confirm",
        to=to,
        subject=_("Is your profile still right?"),
        button=_("Look at it and confirm"),
        path=reverse("experts:profile", args=[expert.pk]),
        about_id=expert.pk,
        link=link,
        link_days=days,
        expert=expert,
    )


def profile_to_confirm(user: Any, party: str) -> Iterable[InboxItem]:
    """The own profile, when nobody has ever confirmed it or the year is over."""
    if party != Party.EXPERT:
        return
    for expert in Expert.objects.active(today()).filter(user=user):
        confirm_by = profile_confirm_by(expert)
        if confirm_by is None or confirm_by <= today():
            yield InboxItem(
                sentence=_("Look through your profile and say that it is right"),
                since=begin_of(confirm_by) if confirm_by else expert.created_at,
                url=reverse("experts:profile", args=[expert.pk]),
                button=_("Open the profile"),
                object_id=expert.pk,
            )


# Records that became one


def records_merged(job: OutboxJob) -> None:
    """To each address of the two records, alone: it may turn out that they were two people."""
    expert = Expert.objects.select_related("administration").get(pk=job.payload["object_id"])
    send_notice(
        job,
        "records_merged",
        to=[job.payload["to"]],
        subject=_("Two records about you on the ROCB A/P Regional Expertise Portal are one now"),
        button=_("Open the record"),
        path=expert.get_absolute_url(),
        about_id=expert.pk,
        expert=expert,
        address=job.payload["to"],
    )


def register() -> None:
    for job in (correction_raised, correction_sent, correction_answered, profile_confirm, records_merged):
        outbox.register(job.__name__, job)
