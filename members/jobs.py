"""E-mails about accounts."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core import links, mail
from core.dated_policy import policy
from core.models import OutboxJob
from core.outbox import NothingToDo
from members.enums import Party
from members.models import User
from members.services import JOIN_LINK


def send_join(job: OutboxJob) -> None:
    """The invitation to join, with a fresh link; nothing for somebody who has joined or whose account is closed."""
    user = User.objects.filter(pk=job.payload["user_id"], is_active=True).first()
    if user is None or user.has_usable_password():
        raise NothingToDo("Joined already, or closed.")
    days = int(policy("letter.link_days"))
    token = links.mint(JOIN_LINK, user.pk, user.email, days=days)
    mail.send(
        job,
        "join",
        to=[user.email],
        subject=_("Your account on the ROCB A/P Regional Expertise Portal"),
        context={"user": user, "days": days, "headline": _("Join the portal"), "button": _("Choose a password")},
        link=settings.PUBLIC_URL + reverse("members:join", args=[token]),
        about_id=user.pk,
    )


def send_address_changed(job: OutboxJob) -> None:
    """To the address that signs in no more: what happened, and whom to tell if it should not have."""
    user = User.objects.get(pk=job.payload["user_id"])
    office = User.objects.of_party(Party.ROCB).first()
    mail.send(
        job,
        "notice",
        to=[job.payload["old"]],
        subject=_("Your address on the ROCB A/P Regional Expertise Portal has changed"),
        context={
            "words": "email/words/address_changed.txt",
            "headline": _("Your address on the portal has changed"),
            "user": user,
            "old": job.payload["old"],
            "rocb": office.email if office else "",
        },
        about_id=user.pk,
    )
