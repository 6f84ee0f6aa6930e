"""What a letter says. The context is frozen data, filled with the sending; pages and the PDF are drawn from that and nothing else."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.clock import today
from core.dated_policy import is_demo, policy
from core.models import plain
from core.pdf import pdf
from core.workflow import State, blocked, in_reach, state_of
from experts import ledger
from experts.enums import Standing
from missions import guards
from missions.enums import BearsCost, ConfirmingParty, Mode
from missions.models import CapacityRequest, Confirmation, Invitation, Letter, Mission, answer_hoped_by
from missions.workflow import INVITATION


def and_list(names: Sequence[str]) -> str:
    """A, B and C."""
    *first, last = names or [""]
    return _("%(names)s and %(last)s") % {"names": ", ".join(first), "last": last} if first else last


@dataclass(frozen=True, slots=True)
class MissionPart:
    """The mission as the letter states it."""

    number: str
    title: str
    beneficiary: str
    place: str
    first_day: dt.date
    last_day: dt.date
    mode: str
    area: str
    objective: str
    role: int
    under_scheme: bool
    financing: str
    donor: str
    deviations: str
    is_remote: bool = False

    @property
    def dates(self) -> str:
        """1–5 March 2027, as a letter writes it."""
        first, last = self.first_day, self.last_day
        if first == last:
            return date_format(first, "j F Y")
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{date_format(last, 'j F Y')}"
        return f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} – {date_format(last, 'j F Y')}"


@dataclass(frozen=True, slots=True)
class ExpertPart:
    """One official as the letter states it: release period, bearer, days of the limit before and after."""

    invitation: str
    name: str
    office: str
    standing: str
    standing_label: str
    area: str
    category: str
    task: str
    release_first: dt.date
    release_last: dt.date
    release_days: int
    bearer: str
    bearer_agreed_by: str
    counts: bool
    counts_reason: str
    cap_binds: bool
    cap_before: int
    cap_after: int
    cap_limit: int
    over_cap: bool
    unconfirmed_before: dt.date | None
    confirmed_by: list[str]

    @property
    def is_candidate(self) -> bool:
        return self.standing != Standing.ACCREDITED

    @property
    def is_first_step(self) -> bool:
        return self.standing == Standing.FIRST_STEP

    @property
    def days_over(self) -> int:
        return max(0, self.cap_after - self.cap_limit)


@dataclass(frozen=True, slots=True)
class LetterContext:
    """Everything the letter states."""

    number: str
    date: dt.date
    addressee: list[str]
    salutation: str
    mission: MissionPart
    experts: list[ExpertPart]
    opening: str
    extra: str
    conditions: str
    exception_reason: str
    signatory: str
    verification: str
    reply_by: dt.date
    years: int
    report_days: int
    demo: bool
    contact: str
    address: str
    is_draft: bool = False

    @property
    def accredited(self) -> list[ExpertPart]:
        return [e for e in self.experts if not e.is_candidate]

    @property
    def candidates(self) -> list[ExpertPart]:
        return [e for e in self.experts if e.is_candidate]

    @property
    def over_cap(self) -> list[ExpertPart]:
        return [e for e in self.experts if e.over_cap]

    @property
    def within_cap(self) -> list[ExpertPart]:
        """Accredited people for whom positive consideration is expected (§3.2)."""
        return [e for e in self.accredited if not e.over_cap]

    @property
    def names_within(self) -> str:
        return and_list([e.name for e in self.within_cap])

    @property
    def signature(self) -> list[str]:
        return [line.strip() for line in self.signatory.splitlines() if line.strip()]

    @property
    def names(self) -> str:
        return and_list([e.name for e in self.experts])

    @property
    def limit_weeks(self) -> int:
        return self.experts[0].cap_limit // 7

    @property
    def bearers(self) -> list[dict[str, str]]:
        """Who bears the cost, and of whom."""
        found: dict[str, list[str]] = {}
        for expert in self.experts:
            found.setdefault(expert.bearer or _("nobody yet"), []).append(expert.name)
        return [{"who": who, "names": and_list(names)} for who, names in found.items()]

    @property
    def code(self) -> str:
        """The verification code in groups that can be read out."""
        return "-".join(self.verification[n : n + 4] for n in range(0, len(self.verification), 4))


def particulars_of(letter: Letter, invitations: Sequence[Invitation]) -> dict[str, Any]:
    """Everything the letter states, as it stands when it is sent: nothing of it changes afterwards.

    Per expert: release period and days, cost bearer, days used of the limit before and after this mission (§3.2), standing.
    """
    mission = letter.mission
    administration = letter.administration
    day = letter.sent_on or today()
    return plain(
        {
            "number": letter.number or "",
            "date": day,
            "addressee": [administration.head_title, administration.organisation, administration.name],
            "salutation": administration.head_title,
            "mission": {
                "number": mission.number,
                "title": mission.title,
                "beneficiary": mission.beneficiary.name,
                "place": mission.place,
                "first_day": mission.first_day,
                "last_day": mission.last_day,
                "mode": mission.get_mode_display(),
                "area": mission.area.name,
                "objective": mission.objective,
                "role": mission.role,
                "under_scheme": mission.under_scheme,
                "financing": mission.get_financing_display(),
                "donor": mission.donor,
                "deviations": mission.deviations,
                "is_remote": mission.mode == Mode.REMOTE,
            },
            "experts": [_expert(one) for one in sorted(invitations, key=lambda i: (i.seat.position, i.expert.name))],
            "opening": letter.opening,
            "extra": letter.extra,
            "conditions": letter.conditions,
            "exception_reason": letter.exception_reason,
            "signatory": letter.signatory,
            "verification": letter.verification,
            "reply_by": answer_hoped_by(day, min(i.seat.release_first for i in invitations)),
            "years": ledger.years_on(mission.last_day),
            "report_days": int(policy("report.due_days", mission.last_day)),
            "demo": is_demo(),
            "contact": letter.sent_by.email if letter.sent_by else "",
            "address": settings.PUBLIC_URL,
        }
    )


def _expert(invitation: Invitation) -> dict[str, Any]:
    seat = invitation.seat
    found = ledger.check(invitation.expert, seat.release, without=invitation.pk, counts=invitation.counts)
    return {
        "invitation": invitation.pk,
        "name": invitation.expert.name,
        "office": invitation.expert.office,
        "standing": invitation.standing,
        "standing_label": invitation.get_standing_display(),
        "area": seat.area.name,
        "category": seat.category.name if seat.category else "",
        "task": seat.task,
        "release_first": seat.release_first,
        "release_last": seat.release_last,
        "release_days": seat.release_days,
        "bearer": invitation.bearer_label,
        "bearer_agreed_by": seat.bearer_agreed_by,
        "counts": invitation.counts,
        "counts_reason": invitation.counts_reason,
        "cap_binds": found.binds,
        "cap_before": found.before,
        "cap_after": found.after,
        "cap_limit": found.limit,
        "over_cap": not found.fits,
        "unconfirmed_before": ledger.unconfirmed_before(invitation.expert, seat.release_last),
        "confirmed_by": [c.get_party_display() for c in invitation.confirmations.all()],
    }


def day_of(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)


def _frozen(kind: Any, values: Mapping[str, Any]) -> Any:
    """A part of the context from its kept form; days come back as days."""
    found = {}
    for field in fields(kind):
        value = values.get(field.name, field.default)
        is_day = value and field.type in (dt.date, dt.date | None)
        found[field.name] = day_of(value) if is_day else value
    return kind(**found)


def context_of(particulars: Mapping[str, Any], *, is_draft: bool = False) -> LetterContext:
    """The kept particulars as frozen data."""
    return _frozen(
        LetterContext,
        {
            **particulars,
            "mission": _frozen(MissionPart, particulars["mission"]),
            "experts": [_frozen(ExpertPart, one) for one in particulars["experts"]],
            "is_draft": is_draft,
        },
    )


def letter_context(letter: Letter, invitations: Sequence[Invitation] | None = None) -> LetterContext:
    """What the letter says: frozen once it has left, as it would be today before that.

    `invitations` is given for a letter that is only being written and has none of its own yet.
    """
    if letter.sent_at:
        return context_of(letter.particulars)
    if invitations is None:
        invitations = list(Invitation.objects.with_standing().filter(letter=letter))
    return context_of(particulars_of(letter, invitations), is_draft=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One expert of a letter as the pages show it: the days of the limit, who agreed, and what still stands in the way."""

    invitation: Invitation
    cap: ledger.CapCheck
    confirmations: list[Confirmation]
    missing: list[str]
    reason: str
    unconfirmed_before: dt.date | None

    @property
    def over(self) -> str:
        """The sentence about an excess, with its figures."""
        words = {"name": self.invitation.expert.name, "after": self.cap.after, "limit": self.cap.limit}
        return "" if self.cap.fits else _("%(name)s would reach %(after)d of %(limit)d days") % words


def row_of(invitation: Invitation, *, step: str = "send_letter") -> Row:
    """The row for an invitation fetched by `with_standing`; `step` is the row of the table whose guards are asked."""
    row = INVITATION.transition(step)
    cap = ledger.check(invitation.expert, invitation.seat.release, without=invitation.pk, counts=invitation.counts)
    closed = "" if in_reach(invitation, row) else _("Stands at “%(state)s”.") % {"state": state_of(invitation).label}
    return Row(
        invitation=invitation,
        cap=cap,
        confirmations=list(invitation.confirmations.all()),
        missing=[str(ConfirmingParty(p).label) for p in guards.missing_parties(invitation)],
        reason=closed or blocked(invitation, row),
        unconfirmed_before=ledger.unconfirmed_before(invitation.expert, invitation.seat.release_last),
    )


def standing_of(letter: Letter) -> State:
    """How a letter stands, in a word; read from its own dates and from the answers, there is no state of its own."""
    everybody, waiting = list(letter.invitations.all()), letter.unanswered()
    if letter.revoked_at:
        return State("revoked", _("withdrawn"), "neutral")
    if not letter.sent_at:
        return State("draft", _("not sent yet"), "neutral")
    if not waiting:
        states = {state_of(invitation) for invitation in everybody}
        return states.pop() if len(states) == 1 else State("answered", _("answered"), "good")
    words = {"n": len(everybody) - len(waiting), "all": len(everybody)}
    label = _("answered for %(n)d of %(all)d") % words if words["n"] else _("no answer yet")
    return State("open", label, "warn" if waiting[0].due_on and waiting[0].due_on < today() else "info")


def default_opening(mission: Mission) -> str:
    """The first paragraph as it is offered; whoever writes the letter may change it."""
    return _(
        "I have the honour to refer to the request of %(beneficiary)s for capacity building in the field of %(area)s, which has "
        "been entered in the annual plan for %(year)s as mission %(number)s."
    ) % {
        "beneficiary": mission.beneficiary.name,
        "area": mission.area.name,
        "year": mission.plan_label,
        "number": mission.number,
    }


def letter_html(letter: Letter) -> str:
    """The whole letter with its annex, as the page that the PDF is drawn from."""
    context = letter_context(letter)
    return render_to_string("documents/letter.html", {"letter": context, "demo": context.demo})


def draw_letter(letter: Letter) -> bytes:
    """The letter as PDF, from the frozen particulars; the same letter always gives the same bytes."""
    return pdf(letter_html(letter), identifier=f"letter {letter.pk}")


def draw_for_signature(letter: Letter) -> bytes:
    """The draft as PDF, with room for number and signature by hand: for a letter that goes on paper."""
    context = replace(letter_context(letter), is_draft=False)
    html = render_to_string("documents/letter.html", {"letter": context, "demo": context.demo})
    return pdf(html, identifier=f"draft {letter.pk} {letter.version}")


def request_letter_context(request: CapacityRequest) -> dict[str, Any]:
    return {
        "request": request,
        "date": clock.day_of(request.filed_at) if request.filed_at else today(),
        "bears_all": request.bears_cost == BearsCost.YES,
        "bears_part": request.bears_cost == BearsCost.PARTLY,
        "demo": is_demo(),
        "is_draft": not request.filed_at,
    }


def request_letter_html(request: CapacityRequest) -> str:
    """The beneficiary's letter to the Secretariat through ROCB; who bears the cost is always in it (§3.3)."""
    return render_to_string("documents/request_letter.html", request_letter_context(request))


def draw_request_letter(request: CapacityRequest) -> bytes:
    return pdf(request_letter_html(request), identifier=f"request {request.pk} {request.filed_at}")
