"""What a worker does for Part V: builds, and the e-mails that follow from a step."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from core import outbox
from core.clock import day_words
from core.models import LogEntry, OutboxJob, StoredFile
from core.outbox import NothingToDo, PermanentFailure
from core.workflow import in_reach
from gap_analysis import guards, services
from gap_analysis.models import GapSnapshot, Proposal, Response, Survey
from gap_analysis.workflow import RESPONSE
from members.notices import rocb, secretariat, send_notice, writer
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
        subject=_("Gap analysis of %(day)s") % {"day": day_words(snapshot.as_of)},
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


# Proposals


def proposal_documents(job: OutboxJob) -> None:
    documents_of(Proposal.objects.get(pk=job.payload["object_id"]))


def documents_of(proposal: Proposal) -> list[StoredFile]:
    """PDF and DOCX of a proposal that was sent, drawn if that has not happened yet; none of a draft."""
    from gap_analysis import letters  # draws with charts; loaded where it is used

    if proposal.sent_at and proposal.document is None:
        proposal = services.keep_documents(proposal, letters.draw_pdf(proposal), letters.draw_docx(proposal))
    return [kept for kept in (proposal.document, proposal.editable) if kept]


def proposal_sent(job: OutboxJob) -> None:
    proposal = _proposal(job)
    _mail_proposal(
        job, proposal, "proposal_sent", secretariat(), _("proposal for an accreditation workshop, %(area)s"),
        files=documents_of(proposal),
    )  # fmt: skip


def proposal_decided(job: OutboxJob) -> None:
    """To ROCB, unless it has noted the answer itself."""
    entry = LogEntry.objects.get(pk=job.payload["entry_id"])
    if entry.on_behalf_of:
        raise NothingToDo("ROCB has noted the answer itself.")
    _mail_proposal(job, _proposal(job), "proposal_decided", rocb(), _("answer to the proposal, %(area)s"), entry=entry)


def proposal_withdrawn(job: OutboxJob) -> None:
    proposal = _proposal(job)
    if proposal.sent_at is None:
        raise NothingToDo("It was never sent.")
    _mail_proposal(job, proposal, "proposal_withdrawn", secretariat(), _("the proposal is withdrawn, %(area)s"))


def _proposal(job: OutboxJob) -> Proposal:
    return Proposal.objects.select_related("area").get(pk=job.payload["object_id"])


def _mail_proposal(job: OutboxJob, proposal: Proposal, words: str, to: list[str], subject: str, **context: Any) -> None:
    said = subject % {"area": proposal.area}
    send_notice(
        job,
        words,
        to=to,
        subject=f"{proposal.number}: {said}",
        headline=said[:1].upper() + said[1:],
        button=_("Open the proposal"),
        path=proposal.get_absolute_url(),
        about_id=proposal.pk,
        reply_to=writer(job),
        proposal=proposal,
        **context,
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
    outbox.register("proposal_documents", proposal_documents)
    outbox.register("proposal_sent", proposal_sent)
    outbox.register("proposal_decided", proposal_decided)
    outbox.register("proposal_withdrawn", proposal_withdrawn)
