"""What a worker does for Part V: builds, and the e-mails that follow from a step."""

from django.conf import settings
from django.utils.translation import gettext as _

from core import mail, outbox
from core.models import OutboxJob
from core.outbox import NothingToDo, PermanentFailure
from gap_analysis import services
from gap_analysis.models import GapSnapshot
from members.enums import Party
from members.models import User


def build(job: OutboxJob) -> None:
    """A build that fails is not tried again by itself: the row says what went wrong, and the last good one stands."""
    snapshot = GapSnapshot.objects.filter(pk=job.payload["object_id"], is_building=True).first()
    if snapshot is None:
        raise NothingToDo("It is built already, or was given up.")
    try:
        services.build(snapshot)
    except Exception as error:
        raise PermanentFailure(str(error)) from error


def published(job: OutboxJob) -> None:
    snapshot = GapSnapshot.objects.get(pk=job.payload["object_id"])
    office = next((user.email for user in User.objects.of_party(Party.ROCB)), "")
    subject = _("Gap analysis of %(day)s") % {"day": snapshot.as_of}
    mail.send(
        job,
        "notice",
        to=[user.email for user in User.objects.of_party(Party.SECRETARIAT)],
        subject=subject,
        reply_to=office,
        context={
            "words": "email/words/gap_published.txt",
            "headline": subject,
            "button": _("Open the gap analysis"),
            "url": settings.PUBLIC_URL + snapshot.get_absolute_url(),
            "reply_to": office,
            "rocb": office,
            "snapshot": snapshot,
        },
        about_id=snapshot.pk,
    )


def register() -> None:
    outbox.register("gap_build", build)
    outbox.register("gap_published", published)
