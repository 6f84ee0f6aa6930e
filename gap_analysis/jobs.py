"""What a worker does for Part V: builds, and the e-mails that follow from a step."""

import uuid

from django.utils.translation import gettext as _

from core import outbox
from core.models import LogEntry, OutboxJob, StoredFile
from core.outbox import NothingToDo, PermanentFailure
from core.workflow import in_reach
from gap_analysis import guards, services
from gap_analysis.models import GapSnapshot, Response, Survey
from gap_analysis.workflow import RESPONSE
from members.notices import secretariat, send_notice
from members.queries import addressees


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
    send_notice(
        job,
        "gap_published",
        to=secretariat(),
        subject=_("Gap analysis of %(day)s") % {"day": snapshot.as_of},
        button=_("Open the gap analysis"),
        path=snapshot.get_absolute_url(),
        about_id=snapshot.pk,
        snapshot=snapshot,
    )


def draw_report(job: OutboxJob) -> None:
    """The report of a published snapshot as PDF, once."""
    report_document(GapSnapshot.objects.get(pk=job.payload["object_id"]))


def report_document(snapshot: GapSnapshot) -> StoredFile | None:
    """The kept report of a published snapshot, drawn if that has not happened yet; None before it is published."""
    from gap_analysis import reports  # draws with charts; loaded where it is used

    if snapshot.published_at and snapshot.document is None:
        data = reports.draw_report(snapshot)
        return services.keep_report(snapshot, data, name=reports.file_name(snapshot)).document
    return snapshot.document


# The survey


def survey_opened(job: OutboxJob) -> None:
    """One e-mail for each member."""
    survey = Survey.objects.get(pk=job.payload["object_id"])
    responses = list(survey.responses.select_related("administration"))
    for response in responses:
        outbox.enqueue(
            "survey_invitation", about=f"{survey}, {response.administration}", object_id=response.pk,
            job_id=uuid.uuid5(job.pk, str(response.pk)),
        )  # fmt: skip
    raise NothingToDo(f"Divided into {len(responses)} e-mails.")


def survey_invitation(job: OutboxJob) -> None:
    _mail_response(job, "survey_opened", _("needs survey: %(title)s"), _("Fill it in"))


def survey_reminder(job: OutboxJob) -> None:
    """Once more, unless the member has answered in the meantime."""
    _mail_response(job, "survey_reminder", _("reminder of the needs survey: %(title)s"), _("Fill it in"))


def response_received(job: OutboxJob) -> None:
    _mail_response(job, "survey_received", _("your answers have arrived: %(title)s"), _("Read them"), is_sent=True)


def survey_summary(job: OutboxJob) -> None:
    services.summarise(Survey.objects.get(pk=job.payload["object_id"]))


def _mail_response(job: OutboxJob, words: str, subject: str, button: str, *, is_sent: bool = False) -> None:
    response = Response.objects.select_related("survey", "administration").get(pk=job.payload["object_id"])
    waits = in_reach(response, RESPONSE.transition("submit")) and not guards.round_is_open(response)
    if not is_sent and not waits:
        raise NothingToDo("The member has answered, is left out, or the round is closed.")
    found = addressees(response.administration)
    if not found.to:
        raise NothingToDo("There is no address to write to.")
    entry = LogEntry.objects.select_related("by").filter(pk=job.payload.get("entry_id")).first()
    said = subject % {"title": response.survey}
    send_notice(
        job,
        words,
        to=[user.email for user in found.to],
        cc=[user.email for user in found.cc],
        subject=said[:1].upper() + said[1:],
        button=button,
        path=response.get_absolute_url(),
        about_id=response.pk,
        response=response,
        survey=response.survey,
        areas=len(response.survey.areas.all()),
        answered=sum(bool(row.need) or row.experts is not None for row in response.area_answers.all()),
        by_rocb=bool(entry and entry.on_behalf_of),
    )


def register() -> None:
    outbox.register("survey_opened", survey_opened)
    outbox.register("survey_invitation", survey_invitation)
    outbox.register("survey_reminder", survey_reminder)
    outbox.register("response_received", response_received)
    outbox.register("survey_summary", survey_summary)
    outbox.register("gap_build", build)
    outbox.register("gap_published", published)
    outbox.register("gap_report", draw_report)
