"""Every write of part III that obeys a rule (§3.1–§3.5). Locks in this order: experts, mission, invitations, letter, counter."""

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import history, links, outbox
from core.clock import day_of, today
from core.dated_policy import policy
from core.edits import edit
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.files import SCANS, keep, keep_upload
from core.locks import lock_row, lock_rows
from core.models import StoredFile
from core.numbers import next_number
from core.workflow import binding_of, in_reach, parties_of, perform, start
from experts import ledger
from experts import services as people
from experts.models import Area, Category, Expert
from missions import guards
from missions.enums import ConfirmingParty, MaterialKind, Mode, RequestOrigin
from missions.letters import particulars_of
from missions.models import (
    CapacityRequest,
    Confirmation,
    FutureNeed,
    Invitation,
    Letter,
    Material,
    Mission,
    Report,
    Seat,
)
from missions.workflow import INVITATION

LETTER_LINK = "answer_letter"
CONSULTATION_LINK = "answer_consultation"
CONSULTATION_ANSWERS = ("answer_available", "answer_other_dates", "answer_not_available")


def plan_year_of(day: dt.date) -> int:
    """The year in which the plan year of a day begins (July to June, a house setting)."""
    return day.year if day.month >= int(policy("plan.first_month", day)) else day.year - 1


def _plan_label(day: dt.date) -> str:
    year = plan_year_of(day)
    return f"{year}-{(year + 1) % 100:02d}"


# Step 1: the request


@transaction.atomic
def draft_request(*, by: Any, beneficiary: Any, origin: str = RequestOrigin.AD_HOC, **fields: Any) -> CapacityRequest:
    """A request as a draft of the beneficiary's. NotAllowed for whoever does not speak for that administration."""
    if beneficiary.pk not in by.administration_ids():
        raise NotAllowed(_("Requests are filed by the administration itself."))
    year = today().year
    number = f"R-{year}-{next_number(f'request-{year}'):03d}"
    request = CapacityRequest(number=number, beneficiary=beneficiary, origin=origin, created_by=by, **fields)
    return start(request, by=by, title=_("Draft begun"))


def edit_request(request: CapacityRequest, *, by: Any, version: int, **fields: Any) -> CapacityRequest:
    """The beneficiary corrects a draft or a returned request."""
    return edit(request, by=by, version=version, says=_("Request edited"), **fields)


@transaction.atomic
def file_request(request: CapacityRequest, *, by: Any, version: int) -> CapacityRequest:
    """The beneficiary sends what it has just read over; SomebodyWasFaster if it is no longer the same."""
    if lock_row(request).version != version:
        raise SomebodyWasFaster
    return perform(request, "file", by=by)


@transaction.atomic
def enter_in_plan(request: CapacityRequest, *, by: Any, seats: int = 1, **fields: Any) -> Mission:
    """The Secretariat enters the request in the annual plan and so opens the mission, with its seats (§3.4 step 1).

    Every mission says from here on: scheme or not, who finances it, role 1 or 2 of §3.1, mode, plan year.
    """
    perform(request, "enter_in_plan", by=by)
    first = fields["first_day"]
    label = _plan_label(first)
    mission = Mission(
        number=f"M-{label}-{next_number(f'mission-{label}'):03d}",
        request=request,
        beneficiary=request.beneficiary,
        area=request.area,
        **{"objective": request.objective, "audience": request.audience, "plan_year": plan_year_of(first), **fields},
    )
    start(mission, by=by, title=_("Entered in the annual plan"))
    for _position in range(seats):
        add_seat(mission, by=by)
    return mission


@transaction.atomic
def keep_request_letter(request: CapacityRequest, data: bytes) -> CapacityRequest:
    """Keep the PDF of a request as it was sent, once for each sending; an earlier one stays as it was."""
    fresh = lock_row(request)
    if fresh.filed_at and (fresh.letter_pdf is None or fresh.letter_pdf.created_at < fresh.filed_at):
        fresh.letter_pdf = keep(
            data, name=f"Request {fresh.number}.pdf", content_type="application/pdf", by=fresh.created_by
        )
        fresh.save(update_fields=["letter_pdf"])
    return fresh


# Seats and particulars


def default_release(mission: Mission) -> tuple[dt.date, dt.date]:
    """The days away from home: the mission's, and on site one travel day each way (house setting)."""
    away = 0 if mission.mode == Mode.REMOTE else int(policy("travel.days_each_way", mission.first_day))
    return mission.first_day - dt.timedelta(days=away), mission.last_day + dt.timedelta(days=away)


@transaction.atomic
def add_seat(
    mission: Mission, *, by: Any, area: Area | None = None, category: Category | None = None, task: str = ""
) -> Seat:
    """One more place on the mission, for its area unless said otherwise."""
    mission = lock_row(mission)
    first, last = default_release(mission)
    seat = Seat.objects.create(
        mission=mission,
        position=mission.seats.count() + 1,
        area=area or mission.area,
        category=category,
        task=task,
        release_first=first,
        release_last=last,
    )
    history.record(mission, "add_seat", _("Seat %(n)d added") % {"n": seat.position}, by=by, note=task, private=True)
    return seat


@transaction.atomic
def edit_seat(seat: Seat, *, by: Any, version: int, **fields: Any) -> Seat:
    """Task, area and days away; the days are frozen from the letter on."""
    mission = lock_row(seat.mission)
    changed = {name for name, value in fields.items() if getattr(seat, name) != value}
    if changed & {"release_first", "release_last"} and (reason := guards.days_open(seat)):
        raise TransitionRefused(reason)
    if changed & {"area", "category"} and (reason := guards.expertise_open(seat)):
        raise TransitionRefused(reason)
    if fields.get("release_last", seat.release_last) < fields.get("release_first", seat.release_first):
        raise InvalidAnswers({"release_last": _("The last day away is before the first.")})
    fresh = edit(seat, by=by, version=version, says=_("Seat edited"), private=True, **fields)
    history.record(mission, "edit_seat", _("Seat %(n)d edited") % {"n": seat.position}, by=by, private=True)
    return fresh


@transaction.atomic
def drop_seat(seat: Seat, *, by: Any) -> Seat:
    """A seat that is no longer needed; refused while somebody may still fill it or fills it."""
    mission = lock_row(seat.mission)
    fresh = lock_row(seat)
    if fresh.running() or fresh.holder():
        raise TransitionRefused(_("Somebody is still on this seat; withdraw or stand down first."))
    if len(mission.open_seats()) == 1:
        raise TransitionRefused(_("A mission has at least one seat."))
    fresh.is_dropped = True
    fresh.version += 1
    fresh.save(update_fields=["is_dropped", "version"])
    history.record(mission, "drop_seat", _("Seat %(n)d no longer needed") % {"n": fresh.position}, by=by, private=True)
    return fresh


@transaction.atomic
def shape_mission(mission: Mission, *, by: Any, version: int, **fields: Any) -> Mission:
    """Title, place, dates, mode, financing. From the first letter on the dates are frozen: cancel and write again.

    With new dates the days away of every seat are set anew.
    """
    fresh = lock_row(mission)
    moved = [k for k in ("first_day", "last_day", "mode") if k in fields and getattr(fresh, k) != fields[k]]
    if fields.get("last_day", fresh.last_day) < fields.get("first_day", fresh.first_day):
        raise InvalidAnswers({"last_day": _("The last day is before the first.")})
    if moved and (reason := guards.dates_open(fresh)):
        raise TransitionRefused(reason)
    fresh = edit(fresh, by=by, version=version, says=_("Particulars edited"), **fields)
    if moved:
        first, last = default_release(fresh)
        fresh.seats.update(release_first=first, release_last=last)
    return fresh


# Step 2: the shortlist


@transaction.atomic
def shortlist(
    mission: Mission,
    *,
    by: Any,
    seat: Seat,
    expert: Expert,
    standing: str,
    rank: int = 1,
    facts: Sequence[str] = (),
    passed_over: int = 0,
    reason: str = "",
) -> Invitation:
    """Put a person on the shortlist of a seat, with the facts that spoke for it on that day.

    `passed_over` people stood before this one in the order of the search; then a reason is asked (§3.4 step 2: "proper experts").
    """
    if passed_over and not reason.strip():
        sentence = ngettext(
            "%(n)d person stands before this one. Please say why.",
            "%(n)d people stand before this one. Please say why they are passed over.",
            passed_over,
        )
        raise InvalidAnswers({"reason": sentence % {"n": passed_over}})
    perform(mission, "shortlist", by=by, note=expert.name)
    invitation = Invitation(
        mission=mission,
        seat=seat,
        expert=expert,
        standing=standing,
        rank=rank,
        facts=[str(fact) for fact in facts],
        passed_over_reason=reason.strip(),
        counts=True,
    )
    try:
        with transaction.atomic():
            return start(invitation, by=by, note=reason.strip(), title=_("Put on the shortlist"), private=True)
    except IntegrityError as error:
        raise SomebodyWasFaster(_("%(name)s is already on this mission's list.") % {"name": expert.name}) from error


# Step 3: the informal consultation


@transaction.atomic
def answer_consultation(invitation: Invitation, *, by: Any, answer: str, token: str = "", **answers: Any) -> Invitation:
    """The expert's informal answer: a row of the table, `answer_available`, `_other_dates` or `_not_available` (§3.4 step 3).

    By login, by the link of the e-mail (used up here), or noted by the offices. However it came, no link acts after it; a second
    posting of the same link is LinkInvalid. It commits nobody.
    """
    if answer not in CONSULTATION_ANSWERS:
        raise InvalidAnswers({"answer": _("Please choose one of the answers.")})
    fresh = lock_row(invitation)
    if token:
        links.use(CONSULTATION_LINK, token)
    perform(fresh, answer, by=by, **answers)
    links.revoke(CONSULTATION_LINK, fresh.pk)
    invitation.refresh_from_db()
    return invitation


# Step 4: agreements, letter


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
        _judge_cap_again(fresh, fresh.grants_exception, counts=True)
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
    for invitation in invitations:
        perform(invitation, "send_letter", by=by)
    fresh = lock_row(letter)
    if fresh.version != version or fresh.sent_at:
        raise SomebodyWasFaster
    moment = timezone.now()
    day = sent_on or today()
    fresh.number = f"{_plan_label(day)}/{next_number(f'letter-{_plan_label(day)}'):04d}"
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
        outbox.enqueue("letter_document", object_id=fresh.pk)
        outbox.enqueue("letter", object_id=fresh.pk)
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
            outbox.enqueue("letter_reminder", object_id=letter.pk, number=passed)
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


# Step 5: the answer


@transaction.atomic
def answer_letter(
    invitation: Invitation,
    *,
    by: Any,
    answer: str,
    grants_exception: bool = False,
    scan: Any = None,
    token: str = "",
    **answers: Any,
) -> Invitation:
    """The home administration's answer for one expert: a row of the table, `answer_yes`, `_conditions`, `_no`, `_other_officer`.

    By login, by the single-use link of the letter's e-mail (used up here), or recorded by ROCB with the scan. A yes is judged
    under a lock on the expert: above the cap it has to name the exception the letter asked for (§3.2).
    """
    row = INVITATION.transition(answer)
    people.lock_experts(invitation.expert)
    mission = lock_row(invitation.mission)
    invitation.refresh_from_db()
    if token:
        links.use(LETTER_LINK, token)
    if row.parties.isdisjoint(parties_of(by, invitation)) and not scan:
        raise InvalidAnswers({"scan": _("Please add the scan of the administration's letter.")})
    saying_yes = answer in {"answer_yes", "answer_conditions"}
    if saying_yes:
        _judge_cap_again(invitation, grants_exception)
    fields = dict(answers)
    if scan:
        fields["reply_scan"] = keep_upload(scan, by=by if hasattr(by, "pk") else None, endings=SCANS)
    perform(invitation, answer, by=by, grants_exception=saying_yes and grants_exception, **fields)
    _settle(invitation, mission, by=by)
    if invitation.other_name:
        history.record(
            mission, "other_officer", _("Another officer proposed: %(name)s") % {"name": invitation.other_name},
            by=by, note=invitation.other_note, private=True,
        )  # fmt: skip
    _end_link_when_answered(invitation.letter)
    return invitation


def _judge_cap_again(invitation: Invitation, grants_exception: bool, *, counts: bool | None = None) -> None:
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


def _settle(invitation: Invitation, mission: Mission, *, by: Any) -> None:
    """What follows from where an invitation now stands: days set free, others told that they are not needed, the seat re-opened."""
    final = binding_of(invitation).machine.state(invitation.state)
    if invitation.seat.holder() and invitation.seat.holder().pk == invitation.pk:  # type: ignore[union-attr]
        for other in invitation.seat.invitations.exclude(pk=invitation.pk).order_by("pk"):
            if in_reach(other, INVITATION.transition("not_needed")):
                perform(other, "not_needed", by=by)
    elif final.final and invitation.letter_sent_at:
        people.release_days(invitation.pk)


@transaction.atomic
def answer_by_link(letter: Letter, *, by: Any, token: str, answers: Mapping[Invitation, Mapping[str, Any]]) -> Letter:
    """The answers for every expert of the letter, in one posting of its link: all of them hold, or none, and the link is used up.

    What is wrong with one answer comes back under the key of its invitation: `<id>-<field>`.
    """
    people.lock_experts(*[invitation.expert for invitation in answers])
    lock_row(letter.mission)
    links.use(LETTER_LINK, token)
    for invitation, given in sorted(answers.items(), key=lambda pair: pair[0].pk):
        try:
            answer_letter(invitation, by=by, **given)
        except InvalidAnswers as error:
            raise InvalidAnswers({f"{invitation.pk}-{name}": text for name, text in error.fields.items()}) from error
    return letter


def _end_link_when_answered(letter: Letter | None) -> None:
    if letter is not None and not any(
        i.state == INVITATION.transition("send_letter").target for i in letter.invitations.all()
    ):
        links.revoke(LETTER_LINK, letter.pk)


@transaction.atomic
def accept_conditions(invitation: Invitation, *, by: Any, **answers: Any) -> Invitation:
    """The offices accept the home administration's conditions; only now is the seat filled. The cap is judged again under the lock."""
    people.lock_experts(invitation.expert)
    mission = lock_row(invitation.mission)
    _judge_cap_again(invitation, invitation.grants_exception)
    perform(invitation, "accept_conditions", by=by, **answers)
    _settle(invitation, mission, by=by)
    return invitation


def _leave(name: str) -> Callable[..., Invitation]:
    """A row after which the invitation is over: the days are set free, a letter's link ends, and the seat opens again if it was filled."""

    @transaction.atomic
    def service(invitation: Invitation, *, by: Any, **answers: Any) -> Invitation:
        people.lock_experts(invitation.expert)
        mission = lock_row(invitation.mission)
        perform(invitation, name, by=by, **answers)
        _settle(invitation, mission, by=by)
        links.revoke(CONSULTATION_LINK, invitation.pk)
        letter = invitation.letter
        if letter is not None and all(i.state in INVITATION.values(final=True) for i in letter.invitations.all()):
            _revoke_letter(letter)
        _reopen(invitation, mission, by=by)
        return invitation

    return service


def _revoke_letter(letter: Letter) -> None:
    fresh = lock_row(letter)
    links.revoke(LETTER_LINK, fresh.pk)
    answered = any(i.replied_at for i in fresh.invitations.all())
    if fresh.sent_at and not fresh.revoked_at and not answered:
        fresh.revoked_at = timezone.now()
        fresh.version += 1
        fresh.save(update_fields=["revoked_at", "version"])


def _reopen(invitation: Invitation, mission: Mission, *, by: Any) -> None:
    if mission.leader_id == invitation.pk:
        mission.leader = None
        mission.version += 1
        mission.save(update_fields=["leader", "version"])
    before = {s for t in (binding_of(mission).machine.transition("reopen_seat"),) for s in t.sources}
    if mission.state in before - {binding_of(mission).machine.transition("reopen_seat").target}:
        perform(mission, "reopen_seat", by=by, note=_("Seat %(n)d") % {"n": invitation.seat.position})


withdraw_invitation = _leave("withdraw")
decline_conditions = _leave("decline_conditions")
stand_down = _leave("stand_down")


@transaction.atomic
def record_no_show(invitation: Invitation, *, by: Any, **answers: Any) -> Invitation:
    """Somebody who was expected did not come: the days were not used."""
    people.lock_experts(invitation.expert)
    lock_row(invitation.mission)
    perform(invitation, "record_no_show", by=by, **answers)
    people.release_days(invitation.pk)
    return invitation


# Step 6: the team


@transaction.atomic
def decide_team(mission: Mission, *, by: Any, team_needed: bool, leader: str, team_note: str = "") -> Mission:
    """Whether a facilitator team is needed, and who leads; a single expert leads alone (§3.4 step 6)."""
    fresh = lock_row(mission)
    chosen = next((i for i in fresh.team() if str(i.pk) == str(leader)), None)
    if chosen is None:
        raise InvalidAnswers({"leader": _("The leader is one of those whose seats are filled.")})
    perform(mission, "decide_team", by=by, team_needed=team_needed, leader=chosen, team_note=team_note)
    return mission


# Step 7: preparation and mission


@transaction.atomic
def prepare(mission: Mission, *, by: Any, version: int, **fields: Any) -> Mission:
    """Terms of reference in their three parts, and the agenda (§3.4 step 7)."""
    fresh = lock_row(mission)
    if fresh.version != version:
        raise SomebodyWasFaster
    perform(mission, "prepare", by=by, **fields)
    return mission


@transaction.atomic
def add_material(mission: Mission, *, by: Any, kind: str, title: str, upload: Any) -> Material:
    """A file for those who may see the mission; type and size are checked. An annex belongs to a report that is being written."""
    if kind == MaterialKind.ANNEX:
        _check_annexes_open(mission)
    material = Material.objects.create(
        mission=mission, kind=kind, title=title, file=keep_upload(upload, by=by), added_by=by
    )
    history.record(mission, "add_material", _("Material added"), by=by, note=title)
    return material


def _check_annexes_open(mission: Mission) -> None:
    report = Report.objects.filter(mission=mission).first()
    if report is None or not in_reach(report, binding_of(report).machine.transition("write")):
        raise TransitionRefused(_("Annexes are added and removed while the report is being written."))


@transaction.atomic
def remove_material(material: Material, *, by: Any) -> None:
    """Take a file out of the mission; the history keeps its name."""
    if material.kind == MaterialKind.ANNEX:
        _check_annexes_open(material.mission)
    history.record(material.mission, "remove_material", _("Material removed"), by=by, note=material.title)
    material.delete()


@transaction.atomic
def record_end(
    mission: Mission, *, by: Any, actual_last_day: dt.date, actual_first_day: dt.date, away: Mapping[Any, tuple[dt.date, dt.date]]
) -> Mission:  # fmt: skip
    """The mission has ended: the actual days take the place of the planned ones, and the report falls due.

    `away` maps the key of each approved invitation to the first and last day away from home, travel included. Recording what truly
    happened is never blocked by the cap (§3.2).
    """
    if actual_last_day < actual_first_day:
        raise InvalidAnswers({"actual_last_day": _("The last day is before the first.")})
    team = list(Invitation.objects.filter(mission=mission).select_related("expert"))
    people.lock_experts(*[i.expert for i in team])
    perform(mission, "record_end", by=by, actual_first_day=actual_first_day, actual_last_day=actual_last_day)
    for invitation in sorted(mission.team(), key=lambda i: i.pk):
        first, last = away.get(invitation.pk, invitation.seat.release)
        if last < first:
            raise InvalidAnswers({f"last_{invitation.pk}": _("The last day is before the first.")})
        perform(invitation, "take_part", by=by)
        people.use_days(invitation.pk, first=first, last=last)
    due = actual_last_day + dt.timedelta(days=int(policy("report.due_days", actual_last_day)))
    start(Report(mission=mission, due_on=due), by=by, title=_("Report due"))
    return mission


@transaction.atomic
def cancel_mission(mission: Mission, *, by: Any, **answers: Any) -> Mission:
    """Cancel: reserved days are free again, open letters end, and everybody who was asked is told."""
    everybody = list(Invitation.objects.filter(mission=mission).select_related("expert").order_by("pk"))
    people.lock_experts(*[i.expert for i in everybody])
    perform(mission, "cancel", by=by, **answers)
    for invitation in everybody:
        for name in ("withdraw", "stand_down"):
            row = INVITATION.transition(name)
            if in_reach(invitation, row):
                links.revoke(CONSULTATION_LINK, invitation.pk)
                people.release_days(invitation.pk)
                perform(invitation, name, by=by)
                break
    for letter in mission.letters.order_by("pk"):
        _revoke_letter(letter)
    return mission


# The report


@transaction.atomic
def save_report(
    report: Report,
    *,
    by: Any,
    version: int,
    needs: Sequence[Mapping[str, Any]] | None = None,
    keeps_trace: bool = True,
    **sections: str,
) -> Report:
    """Save the draft; `needs` are the rows of future needs, replaced as a whole when given. What is unchanged raises no version.

    Text that is saved while it is typed leaves no trace of its own (`keeps_trace`): the next saving by hand does.
    """
    fresh = lock_row(report)
    if fresh.version != version:
        raise SomebodyWasFaster
    if not in_reach(fresh, binding_of(fresh).machine.transition("write")):
        raise TransitionRefused(_("The report has been submitted; it can be returned for changes."))
    changed = [name for name, text in sections.items() if getattr(fresh, name) != text]
    kept = [
        {"area": need.area, "what": need.what, "urgency": need.urgency} for need in fresh.needs.select_related("area")
    ]
    rows_changed = needs is not None and list(needs) != kept
    if not changed and not rows_changed and not keeps_trace:
        return fresh
    for name in changed:
        setattr(fresh, name, sections[name])
    if changed or rows_changed:
        fresh.version += 1
    if not keeps_trace:
        fresh.skip_history_when_saving = True
    fresh.save(update_fields=[*changed, "version"])
    if rows_changed:
        fresh.needs.all().delete()
        for need in needs or ():
            FutureNeed.objects.create(report=fresh, **need)
    return fresh


@transaction.atomic
def accept_report(report: Report, *, by: Any, **answers: Any) -> Report:
    """Accept: the PDF is drawn, and the mission counts as reported (§3.5)."""
    mission = lock_row(report.mission)
    perform(report, "accept", by=by, **answers)
    perform(mission, "mark_reported", by=by)
    return report


@transaction.atomic
def keep_report_document(report: Report, data: bytes) -> Report:
    """Keep the PDF of an accepted report, once."""
    fresh = lock_row(report)
    if fresh.accepted_at and fresh.document_id is None:
        fresh.document = keep(data, name=f"Report {report.mission.number}.pdf", content_type="application/pdf")
        fresh.save(update_fields=["document"])
    return fresh


# Rows of the tables that write more than a state; all others go through `perform`.
INVITATION_ACTIONS: dict[str, Callable[..., Any]] = {
    "accept_conditions": accept_conditions,
    "decline_conditions": decline_conditions,
    "withdraw": withdraw_invitation,
    "stand_down": stand_down,
    "record_no_show": record_no_show,
}
MISSION_ACTIONS: dict[str, Callable[..., Any]] = {"decide_team": decide_team, "cancel": cancel_mission}
REPORT_ACTIONS: dict[str, Callable[..., Any]] = {"accept": accept_report}
