"""What leaves the house about a nomination: every effect of its table, as a job of the outbox.

A notice is one e-mail to people who may read each other's addresses; a step with several readers becomes one job for each.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from candidates import guidance, letters, services
from candidates.enums import NominationState, Origin, Party
from candidates.jobs import send_notice
from candidates.models import Nomination
from core import links, outbox
from core.dated_policy import policy
from core.models import LogEntry, OutboxJob, StoredFile
from core.outbox import NothingToDo
from members.enums import Party as PortalParty
from members.models import User
from members.notices import Addresses, rocb
from members.queries import addressees

# Who reads


def offices_reader(_nomination: Nomination) -> Addresses:
    return rocb()


def home(nomination: Nomination) -> Addresses:
    return [user.email for user in addressees(nomination.home).to] if nomination.home else []


def home_absent(nomination: Nomination) -> Addresses:
    return [user.email for user in addressees(nomination.home).cc] if nomination.home else []


def nominators(nomination: Nomination) -> Addresses:
    """The focal points of the home administration, the heads of the centre, or ROCB."""
    if nomination.origin == Origin.ADMINISTRATION:
        return home(nomination)
    if nomination.origin == Origin.CENTRE:
        heads = User.objects.filter(
            is_active=True,
            memberships__party=PortalParty.CENTRE,
            memberships__administration=nomination.centre_host,
        )
        return [user.email for user in heads.order_by("memberships__created_at")]
    return rocb()


def letter_readers(nomination: Nomination) -> Addresses:
    return home(nomination) if nomination.origin == Origin.ROCB else nominators(nomination)


def nominee(nomination: Nomination) -> Addresses:
    return [nomination.nominee_address] if nomination.nominee_address else []


def nobody(_nomination: Nomination) -> Addresses:
    return []


# Whether at all


def always(_nomination: Nomination, _entry: LogEntry) -> bool:
    return True


def by_others(nomination: Nomination, _entry: LogEntry) -> bool:
    """ROCB need not be told of its own."""
    return nomination.origin != Origin.ROCB


def by_centre(nomination: Nomination, _entry: LogEntry) -> bool:
    return nomination.origin == Origin.CENTRE


def without_consent(nomination: Nomination, _entry: LogEntry) -> bool:
    return nomination.consented_at is None


def first_of_an_outsider(nomination: Nomination, entry: LogEntry) -> bool:
    return nomination.is_from_outside and entry.from_state == NominationState.DRAFT


def listed(_nomination: Nomination, entry: LogEntry) -> bool:
    return entry.to_state == NominationState.LISTED


def listed_from_outside(nomination: Nomination, entry: LogEntry) -> bool:
    return listed(nomination, entry) and nomination.is_from_outside


def not_listed(_nomination: Nomination, entry: LogEntry) -> bool:
    return entry.to_state == NominationState.NOT_LISTED


def not_listed_by_centre(nomination: Nomination, entry: LogEntry) -> bool:
    return not_listed(nomination, entry) and by_centre(nomination, entry)


def was_sent(_nomination: Nomination, entry: LogEntry) -> bool:
    return entry.from_state != NominationState.DRAFT


def withdrawn_by_others(nomination: Nomination, entry: LogEntry) -> bool:
    return was_sent(nomination, entry) and entry.party != Party.ROCB


def withdrawn_by_nominee(nomination: Nomination, entry: LogEntry) -> bool:
    own = Party.NOMINEE in {entry.party, entry.on_behalf_of}
    return was_sent(nomination, entry) and own and nomination.origin != Origin.ROCB


OPEN = _("Open the nomination")


@dataclass(frozen=True, slots=True)
class Notice:
    """One e-mail: its words (`email/words/`), its subject, its readers, and whether there is anything to tell."""

    words: str
    subject: Any
    to: Callable[[Nomination], Addresses]
    button: Any = OPEN
    cc: Callable[[Nomination], Addresses] = nobody
    when: Callable[[Nomination, LogEntry], bool] = always
    has_link: bool = False
    has_letter: bool = False


NOTICES: dict[str, tuple[Notice, ...]] = {
    "nomination_submitted": (
        Notice("nomination_submitted", _("Please review the nomination of {name}, {administration}"), offices_reader,
               _("Read the nomination"), when=by_others),
    ),
    "nominee_asked": (
        Notice("nominee_asked", _("You are proposed for ROCB's candidate list: please complete your part"), nominee,
               _("Complete your part and consent"), when=without_consent, has_link=True),
    ),
    "home_told": (
        Notice("home_told", _("{name} of your administration is proposed for ROCB's candidate list"), home,
               _("Read it, and object or let it go on"), cc=home_absent, when=first_of_an_outsider),
    ),
    "nomination_objected": (
        Notice("nomination_objected", _("{administration} objects to the listing of {name}"), offices_reader),
        Notice("nomination_objected_centre", _("Your nomination of {name} does not go on"), nominators, when=by_centre),
    ),
    "nomination_returned": (
        Notice("nomination_returned", _("Please complete your nomination of {name}"), nominators, _("Complete it"), when=by_others),
    ),
    "nomination_decided": (
        Notice("nomination_listed", _("{name} is on ROCB's candidate list"), nominators, when=listed),
        Notice("nomination_listed", _("{name} is on ROCB's candidate list"), home, cc=home_absent, when=listed_from_outside),
        Notice("nomination_listed_nominee", _("You are on ROCB's candidate list"), nominee, when=listed),
        Notice("nomination_not_listed", _("Your nomination of {name}: our letter"), letter_readers, when=not_listed, has_letter=True),
        Notice("nomination_not_listed_home", _("{name} is not put on the candidate list"), home, cc=home_absent,
               when=not_listed_by_centre),
        Notice("nomination_not_listed_nominee", _("Your nomination for the candidate list"), nominee, when=not_listed),
    ),
    "nomination_withdrawn": (
        Notice("nomination_withdrawn", _("The nomination of {name}, {administration}, is withdrawn"), offices_reader,
               when=withdrawn_by_others),
        Notice("nomination_withdrawn", _("The nomination of {name} is withdrawn"), nominators, when=withdrawn_by_nominee),
    ),
}  # fmt: skip


def send_nomination_notice(job: OutboxJob) -> None:
    """Send the one e-mail of the job; of several, make a job for each, with keys of their own, so that none is made twice."""
    entry = LogEntry.objects.select_related("by").get(pk=job.payload["entry_id"])
    nomination = Nomination.objects.with_standing().get(pk=job.payload["object_id"])
    wanted = job.payload.get("part")
    parts = [
        (number, notice)
        for number, notice in enumerate(NOTICES[job.kind])
        if notice.when(nomination, entry) and wanted in (None, number)
    ]
    if not parts:
        raise NothingToDo("There is nobody to tell.")
    if len(parts) > 1:
        for number, _notice in parts:
            key = uuid.uuid5(job.pk, str(number))
            outbox.enqueue(job.kind, job_id=key, **{**job.payload, "part": number})
        raise NothingToDo(f"Divided into {len(parts)} e-mails.")
    _send(job, parts[0][1], nomination, entry)


def _send(job: OutboxJob, notice: Notice, nomination: Nomination, entry: LogEntry) -> None:
    to = notice.to(nomination)
    link, days = "", 0
    if notice.has_link and to:
        days = int(policy("nomination.link_days"))
        token = links.mint(services.NOMINEE_LINK, nomination.pk, to[0], days=days)
        link = reverse("candidates:link-nominee", args=[token])
    letter = nomination_letter(nomination) if notice.has_letter else None
    said = str(notice.subject).format(**nomination.inbox_words)
    send_notice(
        job,
        notice.words,
        to=to,
        cc=notice.cc(nomination),
        subject=said,
        button=notice.button,
        path=nomination.get_absolute_url(),
        about_id=nomination.pk,
        link=link,
        link_days=days,
        reply_to=entry.by.email if entry.by and entry.by.is_office else "",
        files=[letter] if letter else [],
        nomination=nomination,
        areas=", ".join(str(area) for area in nomination.areas.all()),
        consent=guidance.consent(),
        entry=entry,
    )


def nomination_letter(nomination: Nomination) -> StoredFile | None:
    """The kept PDF about a nomination that is not listed, drawn if that has not happened yet; None of any other."""
    if not nomination.decision_note:
        return None
    if nomination.letter_pdf is None:
        data = letters.draw_nomination_letter(nomination)
        return services.keep_nomination_letter(nomination, data).letter_pdf
    return nomination.letter_pdf


def draw_letter(job: OutboxJob) -> None:
    nomination_letter(Nomination.objects.with_standing().get(pk=job.payload["object_id"]))


def register() -> None:
    """Every job by its name."""
    for kind in NOTICES:
        outbox.register(kind, send_nomination_notice)
    outbox.register("nomination_letter", draw_letter)
