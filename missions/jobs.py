"""What leaves the house after a step: every effect that the tables name, as a job of the outbox.

A notice is one e-mail to people who may read each other's addresses; where a step has several readers who may not, its job
becomes one job for each. The formal letter is never repeated by itself.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import links, outbox
from core.dated_policy import policy
from core.history import history_of
from core.inbox import InboxItem
from core.models import LogEntry, OutboxJob, StoredFile
from core.outbox import NothingToDo, NotStarted
from members import notices
from members.enums import Party
from members.notices import Addresses
from members.queries import addressees
from missions import letters, services
from missions.models import CapacityRequest, Invitation, Letter, Mission, Report

# Who reads


def nobody(_obj: Any) -> Addresses:
    return []


def rocb(_obj: Any = None) -> Addresses:
    return notices.rocb()


def secretariat(_obj: Any = None) -> Addresses:
    return notices.secretariat()


def offices(obj: Any) -> Addresses:
    return [*secretariat(obj), *rocb(obj)]


def beneficiary(obj: CapacityRequest | Mission | Report) -> Addresses:
    """The focal points of the beneficiary and the contact person that the request names."""
    thing = obj.mission if isinstance(obj, Report) else obj
    request = thing if isinstance(thing, CapacityRequest) else thing.request
    contact = [request.contact_email] if request else []
    return _unique([user.email for user in addressees(thing.beneficiary).everybody] + contact)


def expert(invitation: Invitation) -> Addresses:
    person = invitation.expert
    address = person.email or (person.user.email if person.user else "")
    return [address] if address else []


def home(invitation: Invitation) -> Addresses:
    return [user.email for user in addressees(invitation.expert.administration).to]


def home_absent(invitation: Invitation) -> Addresses:
    return [user.email for user in addressees(invitation.expert.administration).cc]


def team(obj: Mission | Report) -> Addresses:
    return _unique(address for invitation in _mission(obj).team() for address in expert(invitation))


def leader(mission: Mission) -> Addresses:
    return expert(mission.leader) if mission.leader else []


def asker(invitation: Invitation) -> Addresses:
    """Whoever asked informally last, and ROCB as the single contact point of experts."""
    asked = history_of(invitation.pk).filter(name="ask").exclude(by=None).select_related("by").first()
    own = [asked.by.email] if asked and asked.by and asked.by.is_active else []
    return _unique([*own, *rocb()])


def homes_of_team(mission: Mission) -> Addresses:
    return _unique(address for invitation in mission.team() for address in home(invitation))


# About whom, and whether at all


def itself(obj: Any, _entry: LogEntry) -> list[Any]:
    return [obj]


def stopped_by(mission: Mission, entry: LogEntry) -> list[Invitation]:
    """The invitations that ended with the cancelling of their mission, and no earlier."""
    return [i for i in mission.invitations() if i.state_since >= entry.at and (i.asked_at or i.letter_sent_at)]


def one_for_each_home(report: Report, _entry: LogEntry) -> list[Invitation]:
    return list({i.expert.administration_id: i for i in report.mission.team()}.values())


def always(_obj: Any, _entry: LogEntry) -> bool:
    return True


def was_asked(invitation: Invitation, _entry: LogEntry) -> bool:
    """Whoever was never asked is told nothing."""
    return invitation.asked_at is not None


def by_the_expert(_invitation: Invitation, entry: LogEntry) -> bool:
    """What the offices noted themselves they know."""
    return not (entry.by and entry.by.is_office)


def has_leader(mission: Mission, _entry: LogEntry) -> bool:
    return bool(leader(mission))


def had_letter(invitation: Invitation, _entry: LogEntry) -> bool:
    """Before the letter the home administration knows of nothing."""
    return invitation.letter_sent_at is not None


def by_itself(asks: Callable[[Any, LogEntry], bool]) -> Callable[[Any, LogEntry], bool]:
    """Not when the whole mission was cancelled: that has its own words."""

    def rule(invitation: Invitation, entry: LogEntry) -> bool:
        mission = invitation.mission
        return asks(invitation, entry) and not (mission.cancel_reason and entry.at >= mission.state_since)

    return rule


# Where it leads


def own_page(obj: Any) -> str:
    return str(obj.get_absolute_url())


def letter_page(invitation: Invitation) -> str:
    return invitation.letter.get_absolute_url() if invitation.letter else ""


def mission_page(obj: Any) -> str:
    return _mission(obj).get_absolute_url()


def planned_page(request: CapacityRequest) -> str:
    return request.mission.get_absolute_url()


def report_page(obj: Any) -> str:
    return reverse("missions:report", args=[_mission(obj).pk])


OPEN = _("Open it in the portal")


@dataclass(frozen=True, slots=True)
class Notice:
    """One e-mail: its words (`email/words/`), what the subject says after the number, its readers, and the page it leads to.

    `each` names the things it is written about, one e-mail a thing; `when` says whether there is anything to tell.
    """

    words: str
    subject: Any
    to: Callable[[Any], Addresses]
    button: Any = OPEN
    page: Callable[[Any], str] = own_page
    cc: Callable[[Any], Addresses] = nobody
    when: Callable[[Any, LogEntry], bool] = always
    each: Callable[[Any, LogEntry], list[Any]] = itself
    link: str = ""


NOTICES: dict[str, tuple[Notice, ...]] = {
    "request_filed": (
        Notice("request_filed", _("please check a request of {beneficiary}"), rocb, _("Check the request")),
    ),
    "request_returned": (
        Notice("request_returned", _("please complete your request"), beneficiary, _("Complete the request")),
    ),
    "request_checked": (
        Notice("request_checked", _("please enter a request of {beneficiary} in the plan"), secretariat,
               _("Enter it in the annual plan"), cc=rocb),
    ),
    "request_planned": (
        Notice("request_planned", _("your request is in the annual plan"), beneficiary, _("Open the mission"), planned_page),
    ),
    "consultation": (
        Notice("consultation", _("are you available? {title}, {beneficiary}"), expert, _("Say whether you are available"),
               link=services.CONSULTATION_LINK),
    ),
    "consultation_answered": (
        Notice("consultation_answered", _("{expert} has answered informally"), asker, _("Open the answer"), when=by_the_expert),
    ),
    "reply_received": (
        Notice("reply_received", _("{administration} has answered about {expert}"), secretariat, _("Open the letter and its answers"),
               letter_page, cc=rocb),
    ),
    "expert_approved": (
        Notice("expert_approved", _("you are approved for {title}"), expert, _("Open the mission"), mission_page),
    ),
    "expert_not_approved": (
        Notice("expert_not_approved", _("not this time: {title}"), expert, page=own_page, when=was_asked),
    ),
    "conditions_accepted": (
        Notice("conditions_accepted", _("your conditions for {expert} are accepted"), home, _("Open the letter"), letter_page,
               cc=home_absent),
    ),
    "conditions_declined": (
        Notice("conditions_declined", _("your conditions for {expert}"), home, _("Open the letter"), letter_page, cc=home_absent),
    ),
    "invitation_withdrawn": (
        Notice("withdrawn_home", _("our letter about {expert} is withdrawn"), home, _("Open the letter"), letter_page,
               cc=home_absent, when=by_itself(had_letter)),
        Notice("withdrawn_expert", _("our question to you is withdrawn"), expert, when=by_itself(was_asked)),
    ),
    "stood_down": (
        Notice("stood_down_home", _("{expert} is not needed on this mission"), home, _("Open the letter"), letter_page,
               cc=home_absent, when=by_itself(had_letter)),
        Notice("stood_down_expert", _("you are not needed on this mission"), expert, when=by_itself(was_asked)),
    ),
    "not_needed": (
        Notice("not_needed", _("thank you; the places are filled"), expert, when=was_asked),
    ),
    "team_contact": (
        Notice("team_contact", _("to the experts of {title}"), team, _("Open the mission"), cc=homes_of_team),
    ),
    "mission_cancelled": (
        Notice("cancelled_beneficiary", _("the mission is cancelled"), beneficiary, _("Open the mission")),
        Notice("cancelled_home", _("the mission is cancelled; {expert} is not needed"), home, _("Open the letter"), letter_page,
               cc=home_absent, when=had_letter, each=stopped_by),
        Notice("cancelled_expert", _("the mission is cancelled"), expert, when=was_asked, each=stopped_by),
    ),
    "report_due": (
        Notice("report_due", _("the mission report is due"), leader, _("Write the report"), report_page, when=has_leader),
    ),
    "report_submitted": (
        Notice("report_submitted", _("a mission report to read"), secretariat, _("Read the report"), report_page, cc=rocb),
    ),
    "report_returned": (
        Notice("report_returned", _("please complete the mission report"), team, _("Complete the report"), report_page),
    ),
    "report_accepted": (
        Notice("report_accepted", _("your mission report is accepted"), team, _("Open the report"), report_page),
        Notice("report_opened", _("the mission report"), beneficiary, _("Open the report"), report_page),
        Notice("report_opened", _("the mission report"), home, _("Open the report"), report_page, each=one_for_each_home),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One e-mail of a job: the notice and the thing it is about."""

    key: str
    notice: Notice
    about: Any


def parts_of(kind: str, entry: LogEntry) -> list[Part]:
    obj = apps.get_model(entry.kind)._default_manager.get(pk=entry.object_id)
    return [
        Part(f"{number}:{thing.pk}", notice, thing)
        for number, notice in enumerate(NOTICES[kind])
        for thing in notice.each(obj, entry)
        if notice.when(thing, entry)
    ]


def send_notice(job: OutboxJob) -> None:
    """Send the one e-mail of the job; of several, make a job for each, with keys of their own, so that none is made twice."""
    entry = LogEntry.objects.select_related("by").get(pk=job.payload["entry_id"])
    wanted = job.payload.get("part")
    parts = [part for part in parts_of(job.kind, entry) if wanted in (None, part.key)]
    if not parts:
        raise NothingToDo("There is nobody to tell.")
    if len(parts) > 1:
        for part in parts:
            key = uuid.uuid5(job.pk, part.key)
            outbox.enqueue(job.kind, job_id=key, **{**job.payload, "part": part.key})
        raise NothingToDo(f"Divided into {len(parts)} e-mails.")
    _send(job, parts[0], entry)


def _send(job: OutboxJob, part: Part, entry: LogEntry) -> None:
    notice, about = part.notice, part.about
    to = notice.to(about)
    link, days = "", 0
    if notice.link and to:
        days = int(policy("consultation.link_days"))
        link = reverse("missions:link-consultation", args=[links.mint(notice.link, about.pk, to[0], days=days)])
    _mail(
        job,
        notice.words,
        about,
        to=to,
        cc=[address for address in notice.cc(about) if address not in to],
        subject=notice.subject,
        button=notice.button,
        path=notice.page(about),
        link=link,
        reply_to=_reply_address(entry, to),
        link_days=days,
        context={"entry": entry, "answers": entry.answers},
    )


# The letter


def draw_letter_document(job: OutboxJob) -> None:
    """Draw the letter's PDF, once."""
    letter_document(Letter.objects.get(pk=job.payload["object_id"]))


def letter_document(letter: Letter) -> StoredFile:
    """The kept PDF of a letter that has left; drawn if that has not happened yet."""
    return letter.document or services.keep_letter_document(letter, letters.draw_letter(letter))


def send_letter_email(job: OutboxJob) -> None:
    """The formal letter to the focal points: claimed once, never repeated by itself."""
    _mail_letter(job, "letter", _("letter {letter} about {expert}"))


def send_reminder(job: OutboxJob) -> None:
    """A reminder, with a fresh link; it says nothing more than that the answer is still looked for."""
    _mail_letter(job, "letter_reminder", _("reminder of letter {letter} about {expert}"))


def _mail_letter(job: OutboxJob, words: str, subject: Any) -> None:
    letter = Letter.objects.select_related("mission__beneficiary", "administration", "sent_by", "document").get(
        pk=job.payload["object_id"]
    )
    waiting = letter.unanswered()
    if letter.revoked_at or not waiting:
        raise NothingToDo("Nothing is left to answer.")
    try:
        document = letter_document(letter)
    except Exception as error:
        raise NotStarted(f"The PDF could not be drawn: {error}") from error
    found = addressees(letter.administration)
    to = [user.email for user in found.to]
    days = int(policy("letter.link_days"))
    link = ""
    if to:
        links.revoke(services.LETTER_LINK, letter.pk)
        token = links.mint(services.LETTER_LINK, letter.pk, to[0], days=days)
        link = reverse("missions:link-letter", args=[token])
    _mail(
        job,
        words,
        letter,
        to=to,
        cc=[user.email for user in found.cc],
        subject=subject,
        button=_("Answer the letter"),
        path=letter.get_absolute_url(),
        link=link,
        reply_to=letter.sent_by.email if letter.sent_by else "",
        files=[document],
        link_days=days,
        context={
            "letter": letter,
            "waiting": waiting,
            "number": job.payload.get("number"),
            "reply_by": letters.day_of(letter.particulars["reply_by"]),
        },
    )


# Documents


def draw_request_letter(job: OutboxJob) -> None:
    """The beneficiary's letter as it was sent to ROCB; a request sent again gets a new one beside the old."""
    request = CapacityRequest.objects.select_related("beneficiary", "area").get(pk=job.payload["object_id"])
    if request_letter(request) is None:
        raise NothingToDo("The request has not been sent.")


def request_letter(request: CapacityRequest) -> StoredFile | None:
    """The kept PDF of a request as it was last sent, drawn if that has not happened yet; None before it is sent."""
    kept = request.letter_pdf
    if request.filed_at and (kept is None or kept.created_at < request.filed_at):
        kept = services.keep_request_letter(request, letters.draw_request_letter(request)).letter_pdf
    return kept


def draw_report_document(job: OutboxJob) -> None:
    """The accepted report as PDF, once."""
    report_document(Report.objects.with_team().get(pk=job.payload["object_id"]))


def report_document(report: Report) -> StoredFile | None:
    """The kept PDF of an accepted report, drawn if that has not happened yet; None before it is accepted."""
    from missions import reports  # draws with charts; loaded where it is used

    if report.accepted_at and report.document is None:
        return services.keep_report_document(report, reports.draw_report(report)).document
    return report.document


# One e-mail


def _mail(job: OutboxJob, words: str, about: Any, *, subject: Any, context: dict[str, Any], **how: Any) -> None:
    """A notice about something of a mission: its subject begins with the number, its facts stand below the words."""
    said = str(subject).format(**_subject_words(about))
    mission = _mission(about)
    notices.send_notice(
        job,
        words,
        subject=f"{mission.number if mission else about.number}: {said}",
        about_id=about.pk,
        headline=said[:1].upper() + said[1:],
        mission=mission,
        request=about if isinstance(about, CapacityRequest) else None,
        invitation=about if isinstance(about, Invitation) else None,
        report=about if isinstance(about, Report) else None,
        **context,
        **how,
    )


def _subject_words(about: Any) -> dict[str, str]:
    if isinstance(about, Letter):
        names = ", ".join(i.expert.name for i in about.invitations.select_related("expert"))
        return {**about.mission.inbox_words, "letter": str(about.number), "expert": names}
    return dict(about.inbox_words)


def _mission(about: Any) -> Any:
    """The mission a thing belongs to; a request has one from the plan on."""
    if isinstance(about, CapacityRequest):
        return Mission.objects.filter(request=about).select_related("beneficiary", "area").first()
    return about if isinstance(about, Mission) else about.mission


def _reply_address(entry: LogEntry, to: Addresses) -> str:
    """An answer goes to the person of the offices who wrote; between administrations and experts, through ROCB."""
    if entry.by and (entry.by.is_office or set(to) <= set(offices(None))):
        return entry.by.email
    return next(iter(rocb()), "")


def _unique(addresses: Iterable[str]) -> Addresses:
    return list(dict.fromkeys(address for address in addresses if address))


def outbox_needs_eyes(user: Any, party: str) -> Iterable[InboxItem]:
    """What may or may not have left is the offices' to decide."""
    if party not in Party.offices() or not user.is_office:
        return
    jobs = list(OutboxJob.objects.needs_eyes().order_by("created_at").values_list("created_at", flat=True))
    if jobs:
        sentence = ngettext(
            "An e-mail or document may not have left: decide what happens with it",
            "%(n)d e-mails or documents may not have left: decide what happens with them",
            len(jobs),
        ) % {"n": len(jobs)}
        yield InboxItem(sentence=sentence, since=jobs[0], url=reverse("core:outbox"), button=str(_("Open the outbox")))


def register() -> None:
    """Every job by its name; the letter alone is formal."""
    for kind in NOTICES:
        outbox.register(kind, send_notice)
    outbox.register("letter", send_letter_email, formal=True)
    outbox.register("letter_reminder", send_reminder)
    outbox.register("letter_document", draw_letter_document)
    outbox.register("request_letter", draw_request_letter)
    outbox.register("report_document", draw_report_document)
