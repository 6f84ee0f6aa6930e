"""One fact each: `(object) -> the reason why not, or None`. Who the person is does not matter here.

They read what `with_people` and `with_standing` have fetched, so that a list costs no query a row.
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.clock import day_of, today
from experts import ledger
from missions.enums import BearsCost, ConfirmingParty, Financing, MissionState, Mode
from missions.models import FINAL, CapacityRequest, Invitation, Mission, Report, Seat

# Requests


def questions() -> dict[str, str]:
    """What a request has to say before it is sent (§3.4 step 1), each by its word."""
    return {
        "title": _("title"),
        "area": _("area"),
        "objective": _("what should be different afterwards"),
        "audience": _("who will take part"),
        "first_day": _("first day wished"),
        "last_day": _("last day wished"),
        "mode": _("how it takes place"),
        "place": _("place"),
        "bears_cost": _("whether your administration bears cost"),
        "cost_note": _("which cost"),
        "origin": _("whether it was reported in a survey"),
        "contact_name": _("contact person"),
        "contact_email": _("contact's e-mail address"),
    }


def open_questions(request: CapacityRequest) -> dict[str, str]:
    """The questions that are not answered yet, or cannot be meant as they stand, each with its sentence."""
    needless = {"place", "cost_note"}
    found = {
        name: _("Please answer this.")
        for name in questions()
        if name not in needless and not str(getattr(request, name) or "").strip()
    }
    if request.first_day and request.last_day and request.last_day < request.first_day:
        found["last_day"] = _("The last day is before the first.")
    if request.bears_cost == BearsCost.PARTLY and not request.cost_note.strip():
        found["cost_note"] = _("You bear part of the cost: please say which.")
    if request.mode in {Mode.ON_SITE, Mode.HYBRID} and not request.place.strip():
        found["place"] = _("Please say where people will meet.")
    if "contact_email" not in found and not _is_address(request.contact_email):
        found["contact_email"] = _("This is not a whole e-mail address.")
    return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def is_unfinished(request: CapacityRequest) -> bool:
    return bool(open_questions(request))


def answers_complete(request: CapacityRequest) -> str | None:
    """A draft may have gaps; what is sent has none."""
    still = open_questions(request)
    words = [word for name, word in questions().items() if name in still]
    return _("Still to answer: %(parts)s.") % {"parts": ", ".join(words)} if words else None


def dates_lie_ahead(request: CapacityRequest) -> str | None:
    if request.last_day is None or request.last_day >= today():
        return None
    return _("The dates wished have passed; please correct them first.")


# Missions


def own_experts_looked_at(mission: Mission) -> str | None:
    """The Secretariat's own experts come first, and that is recorded (§3.4 step 2)."""
    if mission.own_experts_at:
        return None
    return _("First record that the Secretariat's own experts were looked at (§3.4, step 2).")


def other_office_consulted(mission: Mission) -> str | None:
    """The search is made in consultation with the other office (§3.4 step 2)."""
    if mission.consulted_at:
        return None
    return _("First record the consultation of the other office (§3.4, step 2).")


def every_seat_has_somebody(mission: Mission) -> str | None:
    empty = [seat for seat in mission.open_seats() if not seat.running()]
    if not mission.open_seats():
        return _("The mission has no seat.")
    return _("Nobody is on the shortlist for seat %(seat)s.") % {"seat": empty[0].position} if empty else None


def every_seat_filled(mission: Mission) -> str | None:
    """Formal contact and preparation come after the approval (§3.4 steps 5 to 7)."""
    empty = [seat for seat in mission.open_seats() if not seat.holder()]
    if not mission.open_seats():
        return _("The mission has no seat.")
    if not empty:
        return None
    return _("Seat %(seat)s is not filled yet: a home administration's approval is missing.") % {
        "seat": empty[0].position
    }


def has_leader(mission: Mission) -> str | None:
    return None if mission.leader_id else _("No leader is named.")


def terms_complete(mission: Mission) -> str | None:
    """The terms of reference have three parts: background, required input, desired result (§3.4 step 7)."""
    parts = {
        _("background"): mission.tor_background,
        _("required input"): mission.tor_input,
        _("desired result"): mission.tor_result,
    }
    missing = [name for name, text in parts.items() if not text.strip()]
    return _("The terms of reference lack: %(parts)s.") % {"parts": ", ".join(missing)} if missing else None


def agenda_written(mission: Mission) -> str | None:
    return None if mission.agenda.strip() else _("The agenda is not written yet.")


def neutrality_acknowledged(mission: Mission) -> str | None:
    """On a mission an expert speaks for the WCO; each one has acknowledged it (§3.2)."""
    missing = [i.expert.name for i in mission.team() if not i.neutrality_at]
    return _("Not yet acknowledged to act for the WCO: %(names)s.") % {"names": ", ".join(missing)} if missing else None


def _with_letter(invitations: Iterable[Invitation]) -> bool:
    return any(i.letter_sent_at and i.state not in FINAL for i in invitations)


def dates_open(mission: Mission) -> str | None:
    """From the first letter on the dates are frozen: cancel and write again."""
    if not _with_letter(mission.invitations()):
        return None
    return _("A letter has left: the dates are frozen. Withdraw the letters, or cancel and plan anew.")


def days_open(seat: Seat) -> str | None:
    if not _with_letter(seat.invitations.all()):
        return None
    return _("A letter has left for this seat: its days are frozen. Withdraw the letter and write again.")


def expertise_open(seat: Seat) -> str | None:
    """Who is on a seat was chosen for its area and category."""
    if not seat.running() and not seat.holder():
        return None
    return _("Somebody is on this seat for its area and category; withdraw first.")


def begins_by_today(mission: Mission) -> bool:
    return mission.first_day <= today()


def start_is_plausible(mission: Mission, day: dt.date) -> str | None:
    """A mission begins after its letters left and not in days to come; the day decides when it falls out of the cap (§3.2)."""
    sent = [day_of(i.letter_sent_at) for i in mission.team() if i.letter_sent_at]
    if day > today():
        return _("This day is still to come. The beginning is recorded once the mission has begun.")
    if sent and day < min(sent):
        return _("The letter left on %(day)s; the mission cannot have begun before.") % {
            "day": f"{min(sent):%-d %b %Y}"
        }
    return None


def ends_by_today(mission: Mission) -> bool:
    return mission.last_day <= today()


def has_empty_seat(mission: Mission) -> bool:
    return any(not seat.running() for seat in mission.open_seats())


def team_is_needed(mission: Mission) -> bool:
    return bool(mission.team_needed)


def brief_is_missing(mission: Mission) -> bool:
    return bool(terms_complete(mission) or agenda_written(mission))


def team_options(mission: Mission) -> list[tuple[str, str]]:
    return [(str(i.pk), i.expert.name) for i in mission.team()]


# Invitations


def shortlist_is_final(invitation: Invitation) -> str | None:
    if invitation.mission.state == MissionState.INVITING:
        return None
    return _("Experts are asked once the shortlist is final (§3.4, steps 2 and 3).")


def seat_is_free(invitation: Invitation) -> str | None:
    seat: Seat = invitation.seat
    holder = seat.holder()
    if seat.is_dropped:
        return _("This seat is no longer needed.")
    if holder and holder.pk != invitation.pk:
        return _("The seat is filled by %(name)s.") % {"name": holder.expert.name}
    return None


def required_parties(invitation: Invitation) -> list[str]:
    """Whose yes a listed candidate or first-step expert needs on this mission: Secretariat, ROCB, beneficiary, and the donor if
    there is one (§3.1). Fully accredited experts need none."""
    if not invitation.is_candidate:
        return []
    parties = [ConfirmingParty.SECRETARIAT, ConfirmingParty.ROCB, ConfirmingParty.BENEFICIARY]
    mission = invitation.mission
    if mission.donor or mission.financing == Financing.DONOR:
        parties.append(ConfirmingParty.DONOR)
    return [str(p) for p in parties]


def missing_parties(invitation: Invitation) -> list[str]:
    said = {c.party for c in invitation.confirmations.all()}
    return [p for p in required_parties(invitation) if p not in said]


def parties_confirmed(invitation: Invitation) -> str | None:
    missing = [str(ConfirmingParty(p).label) for p in missing_parties(invitation)]
    if not missing:
        return None
    return _("For a %(standing)s the yes of these parties is still missing: %(parties)s (§3.1).") % {
        "standing": invitation.get_standing_display(),
        "parties": ", ".join(missing),
    }


def bearer_known(invitation: Invitation) -> str | None:
    if invitation.bearer:
        return None
    return _("Who bears the cost is not agreed; for a %(standing)s there is no default (§3.3).") % {
        "standing": invitation.get_standing_display()
    }


def agreements_missing(invitation: Invitation) -> bool:
    return bool(parties_confirmed(invitation) or bearer_known(invitation))


def release_is_free(invitation: Invitation) -> str | None:
    clash = ledger.overlapping(invitation.expert, invitation.seat.release, without=invitation.pk)
    if not clash:
        return None
    return _("%(name)s is already away %(other)s on these days.") % {
        "name": invitation.expert.name,
        "other": f"{clash[0].first_day} – {clash[0].last_day} ({clash[0].place})",
    }


def fits_cap_or_asks_exception(invitation: Invitation) -> str | None:
    """At most 12 weeks over 3 years: above, no letter leaves unless it asks for an exception in so many words (§3.2)."""
    found = ledger.check(invitation.expert, invitation.seat.release, without=invitation.pk, counts=invitation.counts)
    letter = invitation.letter
    if found.fits or (letter is not None and letter.exception_reason.strip()):
        return None
    return _(
        "%(name)s would reach %(after)d of %(limit)d days (§3.2). The letter has to ask the home administration for an exception, "
        "with a reason, or another expert has to be found."
    ) % {"name": invitation.expert.name, "after": found.after, "limit": found.limit}


def letter_prepared(invitation: Invitation) -> str | None:
    letter = invitation.letter
    return None if letter is not None and letter.ready_at else _("The letter is not prepared yet.")


def letter_open(invitation: Invitation) -> str | None:
    letter = invitation.letter
    return None if letter is not None and not letter.revoked_at else _("The letter has been revoked.")


def reply_is_overdue(invitation: Invitation) -> bool:
    due = invitation.due_on
    return due is not None and due < today()


def mission_has_begun(invitation: Invitation) -> str | None:
    begun = {MissionState.UNDER_WAY, MissionState.COMPLETED, MissionState.REPORTED}
    return None if invitation.mission.state in begun else _("The mission has not begun.")


def mission_not_begun(invitation: Invitation) -> str | None:
    begun = {MissionState.UNDER_WAY, MissionState.COMPLETED, MissionState.REPORTED, MissionState.CLOSED}
    if invitation.mission.state not in begun:
        return None
    return _("The mission has begun; whoever did not come is recorded as such.")


# Reports


def sections_written(report: Report) -> str | None:
    """The five contents of §3.5; future needs are whole rows, or a word that there are none."""
    parts = {
        _("purpose"): report.purpose,
        _("profile of the participants"): report.participants,
        _("main activities"): report.activities,
        _("initial feedback and outcomes"): report.feedback,
    }
    missing = [name for name, text in parts.items() if not text.strip()]
    if not report.needs_note.strip() and not report.needs.all():
        missing.append(_("future needs (at least one row, or a word that there are none)"))
    missing += [
        _("future needs, row %(n)d (area, need and how soon)") % {"n": n}
        for n, need in enumerate(report.needs.all(), 1)
        if not need.is_whole
    ]
    return _("Still to write: %(parts)s.") % {"parts": ", ".join(missing)} if missing else None
