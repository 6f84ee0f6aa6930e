"""Steps 2 and 3: the shortlist and the informal consultation (§3.4)."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import links
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.locks import lock_row
from core.workflow import perform, start
from experts.models import Expert
from missions.models import (
    Invitation,
    Mission,
    Seat,
)

CONSULTATION_LINK = "answer_consultation"
CONSULTATION_ANSWERS = ("answer_available", "answer_other_dates", "answer_not_available")


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
