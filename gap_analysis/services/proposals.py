"""The proposal for an accreditation workshop: composed from the evidence, edited, sent, answered (§5.3, pitfall P45)."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.clock import day_of, today
from core.errors import SomebodyWasFaster, TransitionRefused
from core.files import ALLOWED, keep
from core.locks import lock_row
from core.numbers import next_number
from core.workflow import parties_of, perform, start
from experts.models import Area
from gap_analysis import letters
from gap_analysis.enums import Party
from gap_analysis.models import Proposal
from gap_analysis.queries import proposals as queries
from support import services as support
from support.enums import OpportunityKind


@transaction.atomic
def propose(area: Area, *, by: Any) -> Proposal:
    """A draft composed from the evidence of the day. TransitionRefused while another draft for the area is there."""
    lock_row(area)
    if earlier := queries.steps_for(area, by).draft:
        raise TransitionRefused(_("There is a draft for this area already: %(number)s.") % {"number": earlier.number})
    snapshot, evidence = queries.evidence_on(area, by)
    words = letters.composed(area, evidence)
    year = today().year
    proposal = Proposal(
        number=f"P-{year}-{next_number(f'proposal-{year}'):03d}",
        area=area,
        snapshot=snapshot,
        call=queries.last_call(area, by),
        evidence=evidence | {"words": words},
        created_by=by,
        **words,
    )
    made: Proposal = start(proposal, by=by, title=_("Draft composed from the evidence"), private=True)
    return made


def _draft(proposal: Proposal, version: int) -> Proposal:
    """The draft, fresh and locked. TransitionRefused once it is sent; SomebodyWasFaster if it is not what was looked at."""
    fresh = lock_row(proposal)
    if not queries.is_draft(fresh):
        raise TransitionRefused(_("The proposal has been sent; its words stay as they are."))
    if fresh.version != version:
        raise SomebodyWasFaster
    return fresh


@transaction.atomic
def save_proposal(proposal: Proposal, *, by: Any, version: int, keeps_trace: bool = True, **fields: Any) -> Proposal:
    """Save the draft. What is unchanged raises no version; what is saved while it is typed leaves no trace of its own."""
    fresh = _draft(proposal, version)
    changed = [name for name, value in fields.items() if getattr(fresh, name) != value]
    if not changed:
        return fresh
    for name in changed:
        setattr(fresh, name, fields[name])
    fresh.version += 1
    if not keeps_trace:
        fresh.skip_history_when_saving = True  # type: ignore[attr-defined]
    fresh.save(update_fields=[*changed, "version"])
    return fresh


@transaction.atomic
def compose_again(proposal: Proposal, *, by: Any, version: int, parts: Collection[str]) -> Proposal:
    """Renew the evidence, and write the named parts anew from it; the others stay as they were edited."""
    fresh = _draft(proposal, version)
    fresh.snapshot, evidence = queries.evidence_on(fresh.area, by)
    words = letters.composed(fresh.area, evidence)
    fresh.evidence, fresh.call = evidence | {"words": words}, queries.last_call(fresh.area, by)
    for name in parts:
        setattr(fresh, name, words[name])
    fresh.version += 1
    fresh.save(update_fields=["snapshot", "evidence", "call", "version", *parts])
    history.record(fresh, "composed", _("Evidence renewed"), by=by, private=True)
    return fresh


@transaction.atomic
def send_proposal(proposal: Proposal, *, by: Any, version: int) -> Proposal:
    """Send what was read over: the words are frozen, the documents drawn, the Secretariat is told."""
    if lock_row(proposal).version != version:
        raise SomebodyWasFaster
    return perform(proposal, "send", by=by)


@transaction.atomic
def accept_proposal(proposal: Proposal, *, by: Any, **answers: Any) -> Proposal:
    """The Secretariat accepts: a draft of the notice to the experts known in the area waits for ROCB at once (§5.3)."""
    accepted = _answered(perform(proposal, "accept", by=by, **answers), by)
    support.draft(
        by=by,
        kind=OpportunityKind.WORKSHOP,
        title=accepted.title,
        area=accepted.area,
        reference=accepted.pk,
        decided_on=day_of(accepted.decided_at or timezone.now()),
        first_day=accepted.month,
        experts_text=letters.experts_words(accepted),
    )
    return accepted


@transaction.atomic
def defer_proposal(proposal: Proposal, *, by: Any, **answers: Any) -> Proposal:
    return _answered(perform(proposal, "defer", by=by, **answers), by)


@transaction.atomic
def decline_proposal(proposal: Proposal, *, by: Any, **answers: Any) -> Proposal:
    return _answered(perform(proposal, "decline", by=by, **answers), by)


def _answered(proposal: Proposal, by: Any) -> Proposal:
    """A new answer is for ROCB to read, unless ROCB itself has noted it for the Secretariat."""
    noted = Party.SECRETARIAT not in parties_of(by, proposal)
    proposal.answer_read_at = timezone.now() if noted else None
    proposal.save(update_fields=["answer_read_at"])
    return proposal


@transaction.atomic
def keep_documents(proposal: Proposal, document: bytes, editable: bytes) -> Proposal:
    """Keep both documents of a proposal that was sent, once."""
    fresh = lock_row(proposal)
    if fresh.sent_at and fresh.document_id is None:
        name = f"Proposal {fresh.number}"
        fresh.document = keep(document, name=f"{name}.pdf", content_type=ALLOWED["pdf"][0])
        fresh.editable = keep(editable, name=f"{name}.docx", content_type=ALLOWED["docx"][0])
        fresh.save(update_fields=["document", "editable"])
    return fresh


PROPOSAL_ACTIONS = {"accept": accept_proposal, "defer": defer_proposal, "decline": decline_proposal}
