"""The life of a line on ROCB's candidate list: put on it, confirmed, contacted, renewed, lapsed, left (§2.2(2))."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.enums import LeftKind, Origin
from candidates.models import Listing, Nomination
from centres.models import Centre
from core import history, links, outbox
from core.clock import months_after, today
from core.dated_policy import read_once
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.locks import lock_row, lock_rows
from experts.models import Area, Expert
from experts.queries import ALIVE
from experts.services import add_person, lock_experts
from members.models import Administration

CONFIRM_LINK = "confirm-listings"  # of an administration, or of a person


@transaction.atomic
def list_candidate(
    *,
    area: Area,
    origin: str,
    by: Any,
    expert: Expert | None = None,
    person: dict[str, Any] | None = None,
    recommended_by: Administration | None = None,
    listed_on: dt.date | None = None,
    note: str = "",
    nomination: Nomination | None = None,
) -> Listing:
    """Put a known person, or a new one (`person` as `add_person` takes it), on the list in one area.

    Recommended by the home administration, by the host of a training centre, or known to ROCB (pitfall P13). A nomination that
    renews an open line confirms that line and is its evidence from then on. InvalidAnswers for somebody who has left, who is
    on the list or accredited in this area already, and for a centre that is none.
    """
    day = listed_on or today()
    if day > today():
        raise InvalidAnswers({"listed_on": _("This day is still to come.")})
    somebody = lock_experts(expert)[0] if expert else add_person(**(person or {}), by=by)
    if nomination and (renewed := _renewed(nomination, somebody, area)):
        return _renew(renewed, nomination, day, by)
    _check_person(somebody, area, day)
    listing = Listing.objects.create(
        expert=somebody,
        area=area,
        origin=origin,
        recommended_by=_recommender(somebody, origin, recommended_by),
        listed_on=day,
        listed_by=by,
        nomination=nomination,
        note=note,
    )
    history.record(listing, "listed", _("Put on the candidate list: %(area)s") % {"area": area}, by=by, note=note)
    return listing


def _check_person(expert: Expert, area: Area, day: dt.date) -> None:
    if expert.left_on:
        raise InvalidAnswers({"expert": _("%(name)s has left.") % {"name": expert}})
    if Listing.objects.filter(expert=expert, area=area, left_on__isnull=True).exists():
        raise InvalidAnswers({"area": _("%(name)s is on the list in this area already.") % {"name": expert}})
    if any(a.stage_on(today()) in ALIVE for a in expert.accreditations.filter(area=area)):
        raise InvalidAnswers(
            {"area": _("%(name)s is accredited or on the way to it in this area; the list is for others.") % {"name": expert}}
        )  # fmt: skip


def _recommender(expert: Expert, origin: str, recommended_by: Administration | None) -> Administration | None:
    if origin == Origin.ADMINISTRATION:
        return expert.administration
    if origin == Origin.CENTRE:
        if recommended_by is None:
            raise InvalidAnswers({"recommended_by": _("Please say which centre recommends the person.")})
        if not Centre.objects.filter(administration=recommended_by, is_active=True).exists():
            raise InvalidAnswers({"recommended_by": _("%(host)s hosts no centre.") % {"host": recommended_by}})
        return recommended_by
    return None


def _renewed(nomination: Nomination, expert: Expert, area: Area) -> Listing | None:
    """The open line that the nomination was made to renew; lines in other areas are new ones."""
    if nomination.renews_id is None:
        return None
    return Listing.objects.filter(expert=expert, area=area, left_on__isnull=True).first()


def _renew(listing: Listing, nomination: Nomination, day: dt.date, by: Any) -> Listing:
    fresh = lock_row(listing)
    fresh.nomination, fresh.confirmed_on, fresh.version = nomination, day, fresh.version + 1
    fresh.save(update_fields=["nomination", "confirmed_on", "version"])
    history.record(fresh, "renewed", _("Renewed by a new nomination: %(area)s") % {"area": fresh.area}, by=by)
    return fresh


# Is it still right?


@transaction.atomic
def confirm_listing(listing: Listing, *, by: Any, on: dt.date | None = None, note: str = "") -> Listing:
    """Say that a line is still right: the home administration, the person, or ROCB for them.

    SomebodyWasFaster if it has left the list. Said twice on a day it is said once.
    """
    day = on or today()
    fresh = lock_row(listing)
    if fresh.left_on is not None:
        raise SomebodyWasFaster
    if day > today() or day < fresh.listed_on:
        raise InvalidAnswers({"on": _("This day is still to come, or lies before the listing.")})
    if fresh.confirmed_on is not None and fresh.confirmed_on >= day:
        return fresh
    fresh.confirmed_on, fresh.version = day, fresh.version + 1
    fresh.save(update_fields=["confirmed_on", "version"])
    history.record(fresh, "confirmed", _("Still right: %(area)s") % {"area": fresh.area}, by=by, note=note)
    return fresh


@transaction.atomic
def answer_listings(
    *, confirmed: list[Listing], leaving: list[Listing], by: Any, reason: str = "", token: str = ""
) -> None:
    """The answer of an administration or a person about several lines at once; a signed link is used up by it."""
    if token:
        links.use(CONFIRM_LINK, token)
    if leaving and not reason.strip():
        raise InvalidAnswers({"reason": _("Please give the reason.")})
    for listing in confirmed:
        confirm_listing(listing, by=by)
    for listing in leaving:
        leave_list(listing, kind=LeftKind.WISH, reason=reason, by=by, version=listing.version)


@transaction.atomic
def note_contact(listing: Listing, *, by: Any, on: dt.date, note: str = "") -> Listing:
    """Keep the day on which ROCB was last in touch with the person, in all the person's lines; the note is for the offices."""
    if on > today():
        raise InvalidAnswers({"on": _("This day is still to come.")})
    for line in lock_rows(Listing.objects.filter(expert=listing.expert_id, left_on__isnull=True)):
        if line.contacted_on is None or line.contacted_on < on:
            line.contacted_on, line.version = on, line.version + 1
            line.save(update_fields=["contacted_on", "version"])
    history.record(listing, "contacted", _("In touch with the person"), by=by, note=note, private=True)
    return Listing.objects.get(pk=listing.pk)


@read_once()
@transaction.atomic
def remind_listings(day: dt.date | None = None) -> int:
    """Ask the home administrations and the people whether lines that are a year old are still right, and once more before they lapse.

    One e-mail an administration and one a person, whatever the number of lines. Returns how many lines were asked about.
    """
    now = day or today()
    asked = [line for line in lock_rows(_unconfirmed(now)) if _is_to_be_asked(line, now)]
    for line in asked:
        line.reminded_on = now
        line.save(update_fields=["reminded_on"])
    homes = {line.expert.administration_id: line.expert.administration for line in asked}
    for home in homes.values():
        outbox.enqueue("listings_reminder_home", about=home, object_id=home.pk)
    people = {line.expert_id: line.expert for line in asked}
    for person in people.values():
        if person.email or person.user_id:
            outbox.enqueue("listings_reminder_person", about=person, object_id=person.pk)
    return len(asked)


def _unconfirmed(now: dt.date) -> Any:
    """What may be due; when, each line says by the policy of its own day."""
    return Listing.objects.open(now).filter(left_on__isnull=True).select_related("expert__administration", "area")


def _is_to_be_asked(line: Listing, now: dt.date) -> bool:
    if line.confirm_by > now:
        return False
    first = line.reminded_on is None or line.reminded_on < line.last_word
    last_call = months_after(line.lapses_on, -1)
    again = line.reminded_on is not None and line.reminded_on < last_call <= now
    return first or again


@read_once()
@transaction.atomic
def lapse_listings(day: dt.date | None = None) -> int:
    """End the lines that nobody has confirmed in time, and tell; never before they were asked about and some days have passed.

    A house rule for the list alone: accreditation does not lapse (pitfall P11). Returns how many ended.
    """
    now = day or today()
    ended = 0
    for line in lock_rows(_unconfirmed(now)):
        asked = line.reminded_on is not None and line.reminded_on >= line.last_word
        if asked and line.ends_on <= now:
            _leave(line, LeftKind.LAPSED, _("Nobody confirmed it in time."), now, by=None)
            ended += 1
    return ended


# Leaving


def leave_list(
    listing: Listing, *, reason: str, by: Any, version: int, kind: str = LeftKind.OTHER, on: dt.date | None = None
) -> Listing:
    """Take somebody off the list from today (or an earlier day) on, with kind and reason; the line stays in the records.

    The home administration and the person are told. SomebodyWasFaster if it has changed since it was looked at, or has left already.
    """
    if not reason.strip():
        raise InvalidAnswers({"reason": _("Please give the reason.")})
    day = on or today()
    if day > today() or day < listing.listed_on:
        raise InvalidAnswers({"on": _("This day is still to come, or lies before the listing.")})
    with transaction.atomic():
        fresh = lock_row(listing)
        if fresh.left_on is not None or fresh.version != version:
            raise SomebodyWasFaster
        return _leave(fresh, kind, reason.strip(), day, by=by)


@transaction.atomic
def leave_after_objection(nomination: Nomination, *, by: Any) -> int:
    """The home administration objects to what was listed: the lines of the nomination end. Returns how many."""
    lines = lock_rows(nomination.listings.filter(left_on__isnull=True))
    for line in lines:
        _leave(line, LeftKind.OBJECTED, _("The home administration objects."), today(), by=by)
    return len(lines)


def _leave(listing: Listing, kind: str, reason: str, day: dt.date, *, by: Any) -> Listing:
    """`listing` is locked."""
    listing.left_on, listing.left_kind, listing.left_reason = day, kind, reason[:200]
    listing.version += 1
    listing.save(update_fields=["left_on", "left_kind", "left_reason", "version"])
    entry = history.record(
        listing,
        "left",
        _("Left the candidate list: %(area)s") % {"area": listing.area},
        by=by,
        note=listing.left_reason,
    )
    outbox.enqueue("listing_left", about=listing, object_id=listing.pk, entry_id=entry.pk)
    return listing
