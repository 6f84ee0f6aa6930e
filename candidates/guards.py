"""Why something about a nomination, a call or a workshop nominee cannot be done now: a sentence, or None."""

from typing import Any

from django.utils.translation import gettext as _

from candidates.enums import Requirement
from core.clock import day_words, today


def is_complete(nomination: Any) -> str | None:
    missing = [
        label
        for label, there in (
            (_("the person's name"), nomination.given_name and nomination.family_name),
            (_("the home administration"), nomination.home_id),
            (_("an e-mail address of the person"), nomination.email),
            (_("at least one area"), list(nomination.areas.all())),
        )
        if not there
    ]
    told = {row.requirement for row in nomination.evidence.all() if row.by_nominator.strip()}
    missing += [str(label) for value, label in Requirement.choices if value not in told]
    return _("Still missing: %(list)s.") % {"list": "; ".join(missing)} if missing else None


def nominee_consented(nomination: Any) -> str | None:
    return None if nomination.consented_at else _("The nominee has not given consent yet.")


def somebody_reviewed(nomination: Any) -> str | None:
    return None if any(review.given_at for review in nomination.reviews_now()) else _("Nobody has reviewed it yet.")


def everybody_has_spoken(nomination: Any) -> str | None:
    """Reviews are independent: no decision while one that was begun is still open."""
    waiting = [str(review.reviewer) for review in nomination.reviews_now() if not review.given_at]
    return _("Still reviewing: %(names)s.") % {"names": ", ".join(waiting)} if waiting else None


def nobody_reviews(nomination: Any) -> bool:
    return not nomination.reviews_now()


def consent_is_missing(nomination: Any) -> str | None:
    return _("The nominee has given consent already.") if nomination.consented_at else None


def nominee_can_be_reached(nomination: Any) -> str | None:
    return None if nomination.nominee_address else _("No e-mail address of the person is known.")


def home_could_object(nomination: Any) -> str | None:
    """A nomination by a centre or ROCB waits for the home administration's word or for the days it has to object (pitfall P13)."""
    until = nomination.object_by
    if until is None or nomination.home_agreed_at or until < today():
        return None
    return _("The home administration has been told and may object until %(day)s.") % {"day": day_words(until)}


def came_from_outside(nomination: Any) -> str | None:
    return None if nomination.is_from_outside else _("The home administration made this nomination itself.")


def has_areas(call: Any) -> str | None:
    return None if call.areas.all() else _("No area is chosen yet.")


def deadline_lies_ahead(call: Any) -> str | None:
    return (
        None if call.deadline > today() else _("The day by which answers are wished lies behind; choose a later one.")
    )


def deadline_is_over(call: Any) -> bool:
    return bool(call.deadline < today())


def workshop_is_ahead(nominee: Any) -> str | None:
    return None if nominee.workshop.begins > today() else _("The workshop has begun, or is over.")


def has_members(call: Any) -> str | None:
    return None if call.members.all() else _("No administration is chosen yet.")
