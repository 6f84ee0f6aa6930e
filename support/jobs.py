"""The e-mails about an opportunity, as jobs of the outbox: one for each notice, and one for each reminder of it."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import links, outbox
from core.clock import today
from core.dated_policy import policy
from core.models import Message, OutboxJob
from core.outbox import MOST_ATTEMPTS, NothingToDo, NotStarted, PermanentFailure
from members.notices import Addresses, send_notice, writer
from members.queries import addressees
from support import services
from support.enums import Audience
from support.models import Notice

WORDS = {Audience.REGION: "opportunity_region", Audience.EXPERTS: "opportunity_experts"}


def tell(job: OutboxJob) -> None:
    """The first e-mail; a notice whose e-mail has left is told once, however often the job is done."""
    notice = _notice(job)
    if notice.sent_at or Message.objects.filter(job=job).exists():
        raise NothingToDo("The e-mail has left.")
    _mail(job, notice, subject=_("%(kind)s: %(title)s"))


def remind(job: OutboxJob) -> None:
    """Once more, unless it has been seen or answered in the meantime."""
    notice = _notice(job)
    if notice.seen_at or notice.is_answered or Message.objects.filter(job=job).exists():
        raise NothingToDo("It has been seen in the meantime.")
    _mail(job, notice, subject=_("Reminder of our notice: %(title)s"))


def _notice(job: OutboxJob) -> Notice:
    rows = Notice.objects.with_people().select_related("opportunity__area", "opportunity__workshop")
    notice = rows.filter(pk=job.payload["object_id"]).first()
    if notice is None or not services.is_open(notice.opportunity):
        raise NothingToDo("It is closed, or the person is no longer known.")
    return notice


def addresses_of(notice: Notice) -> tuple[Addresses, Addresses]:
    """To whom, and in copy: of a person told the focal points of the home administration, because it is they who nominate."""
    home = notice.expert.administration if notice.expert else notice.administration
    found = addressees(home) if home else None
    focal_points = [user.email for user in found.everybody] if found else []
    if notice.expert:
        return notice.expert.addresses, focal_points
    return [user.email for user in found.to] if found else [], [user.email for user in found.cc] if found else []


def _mail(job: OutboxJob, notice: Notice, *, subject: str) -> None:
    to, cc = addresses_of(notice)
    if not to:
        services.failed_to_arrive(notice, why=_("No address is known."))
        raise NothingToDo("There is no address to write to.")
    opportunity = notice.opportunity
    days = link_days(opportunity.deadline)
    token = links.mint(services.ANSWER_LINK, notice.pk, to[0], days=days)
    said = subject % {"kind": opportunity.get_kind_display(), "title": opportunity}
    try:
        send_notice(
            job,
            WORDS[Audience(notice.audience)],
            to=to,
            cc=cc,
            subject=said[:1].upper() + said[1:],
            button=_("Read it and answer"),
            path=opportunity.get_absolute_url(),
            about_id=opportunity.pk,
            link=reverse("support:link-answer", args=[token]),
            link_days=days,
            opening_is_seen=True,
            reply_to=writer(job),
            opportunity=opportunity,
            notice=notice,
        )
    except PermanentFailure as reason:
        services.failed_to_arrive(notice, why=reason)
        raise
    except NotStarted as reason:
        if job.attempts >= MOST_ATTEMPTS:
            services.failed_to_arrive(notice, why=reason)
        raise
    services.left_the_house(notice, at=timezone.now())


def link_days(deadline: dt.date | None) -> int:
    """The link lives as the policy says, and at least until the day to sign up by."""
    days = int(policy("opportunity.link_days"))
    return max(days, (deadline - today()).days + 1) if deadline else days


def register() -> None:
    """Every job by its name."""
    outbox.register("opportunity_told", tell)
    outbox.register("opportunity_reminder", remind)
