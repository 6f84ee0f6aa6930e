"""Why something about a nomination, a call or a workshop nominee cannot be done now: a sentence, or None."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from candidates.enums import Origin, Requirement
from core.clock import day_of, today
from core.dated_policy import policy


def is_complete(nomination: Any) -> str | None:
    missing = [
        label
        for label, there in (
            (_("the person's name"), nomination.given_name and nomination.family_name),
            (_("the home administration"), nomination.home_id),
            (_("an e-mail address of the person"), nomination.email),
            (_("at least one area"), nomination.areas.exists()),
        )
        if not there
    ]
    told = {row.requirement for row in nomination.evidence.all() if row.by_nominator.strip()}
    missing += [str(label) for value, label in Requirement.choices if value not in told]
    return _("Still missing: %(list)s.") % {"list": "; ".join(missing)} if missing else None


def nominee_consented(nomination: Any) -> str | None:
    return None if nomination.consented_at else _("The nominee has not given consent yet.")


def somebody_reviewed(nomination: Any) -> str | None:
    given = [review for review in nomination.reviews.all() if review.given_at]
    return None if given else _("Nobody has reviewed it yet.")


def everybody_has_spoken(nomination: Any) -> str | None:
    """Reviews are independent: no decision while one that was begun is still open."""
    waiting = [str(review.reviewer) for review in nomination.reviews.all() if not review.given_at]
    return _("Still reviewing: %(names)s.") % {"names": ", ".join(waiting)} if waiting else None


def home_could_object(nomination: Any) -> str | None:
    """A nomination by a centre or ROCB waits for the home administration's word or for the days it has to object (pitfall P13)."""
    until = objection_until(nomination)
    if until is None or nomination.home_agreed_at or until < today():
        return None
    return _("The home administration has been told and may object until %(day)s.") % {"day": until}


def objection_until(nomination: Any) -> dt.date | None:
    """The last of the days for an objection; None if there is nothing to object to, or the administration is not told yet."""
    if nomination.origin == Origin.ADMINISTRATION or nomination.home_told_at is None:
        return None
    told = day_of(nomination.home_told_at)
    return told + dt.timedelta(days=int(policy("nomination.objection_days", told)))


def came_from_outside(nomination: Any) -> str | None:
    return _("Your administration made this nomination itself.") if nomination.origin == Origin.ADMINISTRATION else None


def has_members(call: Any) -> str | None:
    return None if call.members.exists() else _("No administration is chosen yet.")
