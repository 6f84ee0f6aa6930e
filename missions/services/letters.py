"""Step 4: who agreed, who pays, and the formal letter (§3.1, §3.3, §3.4)."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, outbox
from core.clock import day_of, today
from core.dated_policy import policy
from core.edits import edit
from core.errors import InvalidAnswers, SomebodyWasFaster, TransitionRefused
from core.files import SCANS, keep, keep_upload
from core.locks import lock_row, lock_rows
from core.models import StoredFile
from core.numbers import next_number
from core.workflow import in_reach, perform
from experts import ledger
from experts import services as people
from experts.models import Expert
from missions import guards
from missions.enums import ConfirmingParty
from missions.letters import particulars_of
from missions.models import (
    Confirmation,
    Invitation,
    Letter,
    Mission,
    Seat,
)
from missions.services.plan import plan_label
from missions.workflow import INVITATION

LETTER_LINK = "answer_letter"


@transaction.atomic
def record_confirmation(
    invitation: Invitation, *, by: Any, party: str, said_by: str, said_on: dt.date, note: str = ""
) -> Confirmation:
    """Note that a party said yes to a listed candidate or first-step expert on this mission (§3.1)."""
    if party not in guards.required_parties(invitation):
        raise InvalidAnswers({"party": _("This party's yes is not needed here.")})
    perform(invitation, "record_agreements", by=by, note=f"{ConfirmingParty(party).label}: {said_by}")
    confirmation, _created = Confirmation.objects.update_or_create(
        invitation=invitation,
        party=party,
        defaults={"said_by": said_by, "said_on": said_on, "note": note, "recorded_by": by},
    )
    return confirmation


@transaction.atomic
def record_bearer(
    invitation: Invitation, *, by: Any, bearer: str, agreed_by: str, agreed_on: dt.date, note: str = ""
) -> Seat:
    """Note who bears the cost of the seat: an offer for a fully accredited expert, an agreement for everybody else (§3.3)."""
    perform(invitation, "record_agreements", by=by, note=_("Cost bearer: %(who)s") % {"who": agreed_by})
    seat = lock_row(invitation.seat)
    seat.bearer, seat.bearer_agreed_by, seat.bearer_agreed_on, seat.bearer_note = bearer, agreed_by, agreed_on, note
    seat.version += 1
    seat.save(update_fields=["bearer", "bearer_agreed_by", "bearer_agreed_on", "bearer_note", "version"])
    return seat


@transaction.atomic
def set_counting(invitation: Invitation, *, by: Any, counts: bool, reason: str) -> Invitation:
    """Say for one invitation whether its days count against the cap, with the reason (design, section 6).

    The line in the ledger follows. Days that are only reserved cannot be made to count above the cap behind the home
    administration's back; days carried out are recorded as they are.
    """
    if not reason.strip():
        raise InvalidAnswers({"counts_reason": _("Please give the reason.")})
    people.lock_experts(invitation.expert)
    fresh = lock_row(invitation)
    if counts and fresh.letter_sent_at and in_reach(fresh, INVITATION.transition("stand_down")):
        judge_cap_again(fresh, fresh.grants_exception, counts=True)
    people.set_counting(fresh.pk, counts=counts, reason=reason.strip())
    fresh.counts, fresh.counts_reason = counts, reason.strip()
    fresh.version += 1
    fresh.save(update_fields=["counts", "counts_reason", "version"])
    history.record(
        fresh, "set_counting", _("Days count") if counts else _("Days do not count"), by=by, note=reason, private=True
    )
    return fresh


@transaction.atomic
def prepare_letter(
    mission: Mission,
    *,
    by: Any,
    invitations: Sequence[Invitation],
    opening: str,
    extra: str = "",
    conditions: str = "",
    exception_reason: str = "",
) -> Letter:
    """Draw up one letter to one administration about its experts who are ready together, and hand it to the Secretariat."""
    administrations = {i.expert.administration_id for i in invitations}
    if len(administrations) != 1:
        raise InvalidAnswers({"invitations": _("Choose at least one expert; all of one administration.")})
    letter = Letter.objects.create(
        mission=mission,
        administration=invitations[0].expert.administration,
        opening=opening,
        extra=extra,
        conditions=conditions,
        exception_reason=exception_reason.strip(),
        prepared_by=by,
        ready_at=timezone.now(),
    )
    for invitation in invitations:
        perform(invitation, "prepare_letter", by=by, letter=letter)
    return letter


@transaction.atomic
def edit_letter(letter: Letter, *, by: Any, version: int, **fields: Any) -> Letter:
    """Change a letter that has not left."""
    if lock_row(letter).sent_at:
        raise TransitionRefused(_("The letter has left; what it says is frozen."))
    return edit(letter, by=by, version=version, says=_("Letter edited"), private=True, **fields)


@transaction.atomic
def discard_letter(letter: Letter, *, by: Any) -> None:
    """Take back a letter that has not left; its experts are ready for another one."""
    fresh = lock_row(letter)
    if fresh.sent_at:
        raise TransitionRefused(_("The letter has left. It can only be withdrawn."))
    for invitation in lock_rows(Invitation.objects.filter(letter=fresh)):
        invitation.letter, invitation.letter_ready_at = None, None
        invitation.version += 1
        invitation.save(update_fields=["letter", "letter_ready_at", "version"])
    history.record(fresh.mission, "discard_letter", _("Draft letter discarded"), by=by, note=str(fresh), private=True)
    fresh.delete()


@transaction.atomic
def send_letter(
    letter: Letter, *, by: Any, version: int, signatory: str, on_paper: bool = False, scan: Any = None,
    sent_on: dt.date | None = None,
) -> Letter:  # fmt: skip
    """The Secretariat sends the formal letter (§3.4 step 4). In this order, in one transaction:

    locks on the experts; cap, overlap, confirmations and bearer judged again by the table; days reserved; what the letter says is
    frozen; it gets its number; PDF and e-mail are put in the outbox. On paper: the signed scan is the kept document, no e-mail
    leaves. Of two letters at once that fit only one by one, one is refused.
    """
    invitations = list(letter.invitations.order_by("pk").select_related("expert"))
    if not invitations:
        raise TransitionRefused(_("The letter names no expert any more."))
    if on_paper and not scan:
        raise InvalidAnswers({"scan": _("Please add the scan of the signed letter.")})
    if sent_on and sent_on > today():
        raise InvalidAnswers({"sent_on": _("A letter cannot have been sent on a day to come.")})
    people.lock_experts(*[i.expert for i in invitations])
    mission = lock_row(letter.mission)
    if sent_on and not day_of(mission.created_at) <= sent_on <= today():
        raise InvalidAnswers({"sent_on": _("The letter is dated between the day the mission was planned and today.")})
    for invitation in invitations:
        perform(invitation, "send_letter", by=by)
    fresh = lock_row(letter)
    if fresh.version != version or fresh.sent_at:
        raise SomebodyWasFaster
    moment = timezone.now()
    day = sent_on or today()
    fresh.number = f"{plan_label(day)}/{next_number(f'letter-{plan_label(day)}'):04d}"
    fresh.sent_at, fresh.sent_on, fresh.sent_by, fresh.signatory, fresh.on_paper = moment, day, by, signatory, on_paper
    fresh.verification = secrets.token_hex(6).upper()
    fresh.particulars = particulars_of(fresh, [Invitation.objects.with_standing().get(pk=i.pk) for i in invitations])
    if on_paper:
        fresh.document = keep_upload(scan, by=by, endings=SCANS)
    fresh.version += 1
    fresh.save()
    for invitation in invitations:
        _reserve(invitation, mission, by=by)
    if not on_paper:
        about = f"{fresh.number}, {fresh.administration}"
        outbox.enqueue("letter_document", about=about, object_id=fresh.pk)
        outbox.enqueue("letter", about=about, object_id=fresh.pk)
    return fresh


@transaction.atomic
def keep_letter_document(letter: Letter, data: bytes) -> StoredFile:
    """Keep the PDF of a letter that has left: once, and never another one in its place."""
    fresh = lock_row(letter)
    if not fresh.sent_at:
        raise TransitionRefused(_("The letter has not left."))
    if fresh.document is None:
        name = f"Letter {str(fresh.number).replace('/', '-')}.pdf"
        fresh.document = keep(data, name=name, content_type="application/pdf", by=fresh.sent_by)
        fresh.save(update_fields=["document"])
    return fresh.document


@transaction.atomic
def remind_letters(*, day: dt.date | None = None) -> int:
    """Remind of the letters that are unanswered on the days of the policy; silence itself decides nothing (§3.4 step 5).

    Returns how many reminders were put in the outbox. A reminder that was missed is not made up for by a second one.
    """
    now = day or today()
    reminded = 0
    for letter in lock_rows(Letter.objects.unanswered()):
        sent = day_of(letter.sent_at)  # type: ignore[arg-type]
        passed = sum(sent + dt.timedelta(days=n) <= now for n in policy("letter.reminder_days", sent))
        if passed > letter.reminders:
            letter.reminders = passed
            letter.save(update_fields=["reminders"])
            outbox.enqueue(
                "letter_reminder", about=f"{letter.number}, {letter.administration}", object_id=letter.pk, number=passed
            )
            history.record(
                letter.mission, "reminder", _("Reminder of letter %(number)s") % {"number": letter.number},
                by=_("the portal"), private=True,
            )  # fmt: skip
            reminded += 1
    return reminded


def _reserve(invitation: Invitation, mission: Mission, *, by: Any) -> None:
    seat = invitation.seat
    people.reserve_days(
        invitation.expert,
        first=seat.release_first,
        last=seat.release_last,
        reference=invitation.pk,
        place=f"{mission.place}, {mission.beneficiary}",
        title=str(mission),
        role=mission.role,
        under_scheme=mission.under_scheme,
        counts=invitation.counts,
        counts_reason=invitation.counts_reason,
        by=by if hasattr(by, "pk") else None,
    )


def judge_cap_again(invitation: Invitation, grants_exception: bool, *, counts: bool | None = None) -> None:
    expert = Expert.objects.with_ledger().get(pk=invitation.expert_id)
    does_count = invitation.counts if counts is None else counts
    found = ledger.check(expert, invitation.seat.release, without=invitation.pk, counts=does_count)
    if found.fits:
        return
    letter = invitation.letter
    if letter is None or not letter.exception_reason:
        raise TransitionRefused(
            _("With other service recorded since, %(name)s would reach %(after)d of %(limit)d days (§3.2). The letter did not ask for an "
              "exception; please let ROCB know, so that it can be written again.")
            % {"name": expert.name, "after": found.after, "limit": found.limit}
        )  # fmt: skip
    if not grants_exception:
        raise InvalidAnswers(
            {"grants_exception": _("%(name)s would reach %(after)d of %(limit)d days. A yes has to grant the exception in so many words.")
             % {"name": expert.name, "after": found.after, "limit": found.limit}}
        )  # fmt: skip
