"""The mission report (§3.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import SomebodyWasFaster, TransitionRefused
from core.files import keep
from core.locks import lock_row
from core.workflow import binding_of, in_reach, perform
from missions.models import (
    FutureNeed,
    Report,
)


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
    """Save the draft; `needs` are the rows of future needs, whole or not yet, replaced as a whole when given.

    What is unchanged raises no version. Text that is saved while it is typed leaves no trace of its own (`keeps_trace`): the next
    saving by hand does.
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
        fresh.skip_history_when_saving = True  # type: ignore[attr-defined]
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
