"""What a letter says. The context is frozen data; the PDF is drawn from it, once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.models import plain
from experts import ledger
from missions.models import Invitation, Letter


def particulars_of(letter: Letter, invitations: Sequence[Invitation]) -> dict[str, Any]:
    """Everything the letter states, as it stands when it is sent: nothing of it changes afterwards.

    Per expert: release period and days, cost bearer, days used of the limit before and after this mission (§3.2), standing.
    """
    mission = letter.mission
    return plain(
        {
            "number": letter.number,
            "date": letter.sent_on,
            "addressee": [letter.administration.head_title, letter.administration.organisation, letter.administration.name],
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
            },
            "experts": [_expert(invitation) for invitation in invitations],
            "opening": letter.opening,
            "extra": letter.extra,
            "conditions": letter.conditions,
            "exception_reason": letter.exception_reason,
            "signatory": letter.signatory,
            "verification": letter.verification,
        }
    )


def _expert(invitation: Invitation) -> dict[str, Any]:
    seat = invitation.seat
    found = ledger.check(invitation.expert, seat.release, without=invitation.pk, counts=invitation.counts)
    confirmed = invitation.expert.history_confirmed_from
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
        "cap_binds": found.binds,
        "cap_before": found.before,
        "cap_after": found.after,
        "cap_limit": found.limit,
        "over_cap": not found.fits,
        "history_confirmed_from": confirmed,
    }


def day_of(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)
