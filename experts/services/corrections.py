"""Corrections of ACE: asked for here, agreed by the member, passed to the Secretariat (§2.2(1), IV)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import outbox
from core.errors import InvalidAnswers
from core.workflow import parties_of, perform, start
from experts.enums import CorrectionField, Party
from experts.models import Accreditation, CorrectionRequest, Expert
from experts.workflow import CORRECTION

OF_ACCREDITATION = frozenset(
    {CorrectionField.AREA, CorrectionField.FIRST_STEP, CorrectionField.ACCREDITED, CorrectionField.ENTERED, CorrectionField.ENDED}
)  # fmt: skip


@transaction.atomic
def raise_correction(
    expert: Expert,
    *,
    by: Any,
    field: str,
    should_say: str,
    reason: str,
    says: str = "",
    accreditation: Accreditation | None = None,
) -> CorrectionRequest:
    """Ask that a fact of ACE be corrected. Whoever speaks for the home administration agrees by asking; everybody else's waits for it.

    InvalidAnswers for a fact of an accreditation without saying which, or the same correction under way already.
    """
    if field in OF_ACCREDITATION and accreditation is None:
        raise InvalidAnswers({"accreditation": _("Please say which accreditation this is about.")})
    about = accreditation if field in OF_ACCREDITATION else None
    under_way = [state.value for state in CORRECTION.states if not state.final]
    if CorrectionRequest.objects.filter(expert=expert, field=field, accreditation=about, state__in=under_way).exists():
        raise InvalidAnswers({"field": _("A correction of this is under way already.")})
    correction: CorrectionRequest = start(
        CorrectionRequest(
            expert=expert, accreditation=about, field=field, says=says or said_now(expert, field, about),
            should_say=should_say, reason=reason, raised_by=by,
        ),
        by=by,
        title=_("Correction asked for"),
    )  # fmt: skip
    if Party.HOME in parties_of(by, correction):
        return perform(correction, "agree", by=by)
    outbox.enqueue("correction_raised", about=correction, object_id=correction.pk)
    return correction


def said_now(expert: Expert, field: str, accreditation: Accreditation | None) -> str:
    """What the copy of ACE says of a fact today."""
    if field == CorrectionField.LANGUAGES:
        return ", ".join(row.language for row in expert.languages.all())
    if field == CorrectionField.AREA and accreditation:
        return ", ".join(str(part) for part in (accreditation.category, accreditation.area) if part)
    holder = accreditation if field in OF_ACCREDITATION else expert
    return str(getattr(holder, field, "") or "")
