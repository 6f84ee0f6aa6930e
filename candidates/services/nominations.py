"""A nomination from the draft to the candidate list: written, sent, completed by the nominee, decided (§2.2(2), §2.3)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates import guidance
from candidates.enums import Origin, Requirement
from candidates.models import Attachment, Call, Evidence, Listing, Nomination
from candidates.queries import all_four_met, areas_to_list, known_as, takes_words_of_nominee
from candidates.services.listings import leave_after_objection, list_candidate
from core import history, links
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.files import keep, keep_upload
from core.locks import lock_row
from core.workflow import binding_of, in_reach, parties_of, perform, start
from experts.models import Area, Expert
from experts.services import add_person, lock_experts
from members.models import Administration

NOMINEE_LINK = "complete_nomination"
FIELDS = ("given_name", "family_name", "office", "email", "why", "home")
OF_THE_PERSON = frozenset({"given_name", "family_name", "home"})


@transaction.atomic
def draft_nomination(
    *,
    by: Any,
    origin: str,
    home: Administration | None = None,
    centre_host: Administration | None = None,
    expert: Expert | None = None,
    areas: Iterable[Area] = (),
    call: Call | None = None,
    renews: Listing | None = None,
    **fields: str,
) -> Nomination:
    """Begin a nomination: by the home administration, by a centre (its host is named) or by ROCB (pitfall P13).

    A person known here brings the name and the home administration along; of somebody new the record is opened with the sending.
    """
    if expert:
        home = expert.administration
        known = {name: getattr(expert, name) for name in ("given_name", "family_name", "office", "email")}
        fields = {**known, **{name: text for name, text in fields.items() if text}}
    nomination = Nomination(
        origin=origin,
        home=home,
        centre_host=centre_host if origin == Origin.CENTRE else None,
        expert=expert,
        call=call,
        renews=renews,
        created_by=by,
        **fields,
    )
    start(nomination, by=by, title=_("Nomination begun"))
    nomination.areas.set(areas)
    Evidence.objects.bulk_create(Evidence(nomination=nomination, requirement=r) for r in Requirement.values)
    return nomination


@transaction.atomic
def save_nomination(
    nomination: Nomination,
    *,
    by: Any,
    version: int,
    areas: Iterable[Area] | None = None,
    evidence: Mapping[int, str] | None = None,
    keeps_trace: bool = True,
    **fields: Any,
) -> Nomination:
    """Save what the nominator writes, complete or not. Who the person is cannot change any more for somebody known here.

    What is saved while it is typed leaves no trace of its own (`keeps_trace`).
    """
    fresh = lock_row(nomination)
    if fresh.version != version:
        raise SomebodyWasFaster
    if not in_reach(fresh, binding_of(fresh).machine.transition("submit")):
        raise TransitionRefused(_("The nomination has been sent; ROCB can return it for changes."))
    known = OF_THE_PERSON if fresh.expert_id else frozenset()
    changed = [name for name, value in fields.items() if name not in known and getattr(fresh, name) != value]
    for name in changed:
        setattr(fresh, name, fields[name])
    said = _write_evidence(fresh, evidence or {}, "by_nominator")
    wanted = None if areas is None else set(areas)
    moved = wanted is not None and wanted != set(fresh.areas.all())
    if not (changed or said or moved):
        return fresh
    fresh.version += 1
    if not keeps_trace:
        fresh.skip_history_when_saving = True  # type: ignore[attr-defined]
    fresh.save(update_fields=[*changed, "version"])
    if wanted is not None and moved:
        fresh.areas.set(wanted)
    return fresh


def _write_evidence(nomination: Nomination, evidence: Mapping[int, str], field: str) -> bool:
    """Whether any of the texts was another one before."""
    changed = False
    for row in nomination.evidence.filter(requirement__in=evidence):
        if getattr(row, field) != evidence[row.requirement]:
            setattr(row, field, evidence[row.requirement])
            row.version += 1
            row.save(update_fields=[field, "version"])
            changed = True
    return changed


# Sending


@transaction.atomic
def submit_nomination(nomination: Nomination, *, by: Any, version: int | None = None, note: str = "") -> Nomination:
    """Send it to ROCB, for the first time or after it was returned; each sending opens a new round of review.

    The person's record is found or opened. The nominee gets a link to the own part; the home administration of somebody whom a
    centre or ROCB names is told and has some days to object. InvalidAnswers for a namesake whom the nominator can choose instead.
    """
    fresh = lock_row(nomination)
    if version is not None and fresh.version != version:
        raise SomebodyWasFaster
    answers: dict[str, Any] = {"round": fresh.round + 1}
    if fresh.submitted_at is None:
        _check_before_the_record(fresh, by)
        answers["expert"] = _person(fresh, by)
        if fresh.is_from_outside:
            answers["home_told_at"] = timezone.now()
    perform(fresh, "submit", by=by, note=note, **answers)
    nomination.refresh_from_db()
    return nomination


def _check_before_the_record(nomination: Nomination, by: Any) -> None:
    """Nobody gets a record by a sending that will be refused."""
    row = binding_of(nomination).machine.transition("submit")
    if not parties_of(by, nomination) & row.all_parties:
        raise NotAllowed
    if not in_reach(nomination, row):
        raise SomebodyWasFaster
    for guard in row.guards:
        if reason := guard(nomination):
            raise TransitionRefused(reason)


def _person(nomination: Nomination, by: Any) -> Expert:
    """The record of the nominee; an exact namesake at home is the same person, since no administration has two records of one."""
    known = nomination.expert or known_as(nomination.given_name, nomination.family_name, nomination.home)
    if known is None:
        return add_person(
            given_name=nomination.given_name,
            family_name=nomination.family_name,
            administration=nomination.home,  # type: ignore[arg-type]
            office=nomination.office,
            email=nomination.email,
            by=by,
        )
    expert = lock_experts(known)[0]
    if expert.left_on is not None:
        raise TransitionRefused(_("%(name)s has left and cannot be nominated.") % {"name": expert})
    return expert


# The nominee's own part


@transaction.atomic
def save_nominee_part(
    nomination: Nomination, *, by: Any, evidence: Mapping[int, str], upload: Any = None, token: str = ""
) -> Nomination:
    """Keep what the nominee adds, without consent yet; possible until ROCB has decided. A link stays good for the next time."""
    if token:
        links.peek(NOMINEE_LINK, token)
    fresh = lock_row(nomination)
    row = binding_of(fresh).machine.transition("complete_part")
    if not parties_of(by, fresh) & row.all_parties:
        raise NotAllowed
    if not takes_words_of_nominee(fresh):
        raise TransitionRefused(_("The nomination is decided; nothing can be added any more."))
    _write_evidence(fresh, evidence, "by_nominee")
    if upload:
        _attach(fresh, by=by, upload=upload, title="", requirement=None, by_nominee=True)
    return fresh


@transaction.atomic
def complete_nominee_part(
    nomination: Nomination,
    *,
    by: Any,
    consent: bool,
    evidence: Mapping[int, str] | None = None,
    upload: Any = None,
    note: str = "",
    token: str = "",
) -> Nomination:
    """The nominee's consent, with the version of its text, and what the nominee adds. By login, by the link of the e-mail (used up
    here), or noted by ROCB. However it came, no link acts after it."""
    if not consent:
        raise InvalidAnswers({"consent": _("Without consent nothing is listed. You can also save without it.")})
    save_nominee_part(nomination, by=by, evidence=evidence or {}, upload=upload)
    if token:
        links.use(NOMINEE_LINK, token)
    perform(nomination, "complete_part", by=by, note=note, consent_version=guidance.CONSENT_VERSION)
    links.revoke(NOMINEE_LINK, nomination.pk)
    return nomination


@transaction.atomic
def decline_nomination(nomination: Nomination, *, by: Any, note: str = "", token: str = "") -> Nomination:
    """The nominee does not wish to be listed: the nomination is withdrawn, no reason is needed."""
    if token:
        links.use(NOMINEE_LINK, token)
    return withdraw_nomination(nomination, by=by, note=note)


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, by: Any, note: str = "") -> Nomination:
    perform(nomination, "withdraw", by=by, note=note)
    links.revoke(NOMINEE_LINK, nomination.pk)
    return nomination


# Files


@transaction.atomic
def add_attachment(
    nomination: Nomination, *, by: Any, upload: Any, title: str, requirement: int | None = None
) -> Attachment:
    """A file of the nominator, while the nomination is being written."""
    fresh = lock_row(nomination)
    if not in_reach(fresh, binding_of(fresh).machine.transition("submit")):
        raise TransitionRefused(_("The nomination has been sent; ROCB can return it for changes."))
    return _attach(fresh, by=by, upload=upload, title=title, requirement=requirement, by_nominee=False)


def _attach(
    nomination: Nomination, *, by: Any, upload: Any, title: str, requirement: int | None, by_nominee: bool
) -> Attachment:
    file = keep_upload(upload, by=by if hasattr(by, "pk") else None)
    row = Attachment.objects.create(
        nomination=nomination, title=title or file.name[:160], requirement=requirement, file=file, by_nominee=by_nominee
    )
    history.record(nomination, "file_added", _("File added: %(title)s") % {"title": row}, by=by)
    return row


@transaction.atomic
def remove_attachment(row: Attachment, *, by: Any) -> None:
    """Nobody can open it any more; its name stays in the history."""
    lock_row(row.nomination)
    fresh = lock_row(row)
    if fresh.removed_at is not None:
        raise SomebodyWasFaster
    fresh.removed_at = timezone.now()
    fresh.save(update_fields=["removed_at"])
    history.record(row.nomination, "file_removed", _("File removed: %(title)s") % {"title": row}, by=by)


# The home administration


@transaction.atomic
def object_to_nomination(nomination: Nomination, *, by: Any, objection_note: str = "", **answers: Any) -> Nomination:
    """The home administration objects, before the listing or after it: nothing is listed, and what is listed ends (pitfall P13)."""
    perform(nomination, "object", by=by, objection_note=objection_note, **answers)
    leave_after_objection(nomination, by=by)
    return nomination


@transaction.atomic
def lift_objection(nomination: Nomination, *, by: Any, note: str = "") -> Nomination:
    """The objection is lifted, which says too that there is none: no more days to wait for."""
    return perform(nomination, "lift_objection", by=by, note=note, home_agreed_at=timezone.now())


# The decision


@transaction.atomic
def list_nomination(
    nomination: Nomination, *, by: Any, waiver: str = "", version: int | None = None, note: str = ""
) -> Nomination:
    """Put the person on the list in each area named but those in which there is nothing to list.

    All four requirements are met by every review of this round, or `waiver` says why the person is listed all the same
    (InvalidAnswers without it). TransitionRefused if no area is left.
    """
    expert = lock_experts(nomination.expert)[0] if nomination.expert else None
    fresh = lock_row(nomination)
    if version is not None and fresh.version != version:
        raise SomebodyWasFaster
    met = all_four_met(fresh)
    if not met and not waiver.strip():
        raise InvalidAnswers(
            {
                "waiver": _(
                    "Not every requirement is met in every review. Please say why the person is listed all the same."
                )
            }
        )
    areas, passed_over = areas_to_list(fresh)
    if not areas:
        raise TransitionRefused(_("There is no area left to list: %(why)s") % {"why": " ".join(passed_over)})
    perform(fresh, "list", by=by, note=note, waiver="" if met else waiver.strip())
    for area in areas:
        list_candidate(
            expert=expert,
            area=area,
            origin=fresh.origin,
            recommended_by=fresh.centre_host,
            note=fresh.why,
            nomination=fresh,
            by=by,
        )
    nomination.refresh_from_db()
    return nomination


@transaction.atomic
def keep_nomination_letter(nomination: Nomination, data: bytes) -> Nomination:
    """Keep the PDF of the letter about a nomination that was not listed, once."""
    fresh = lock_row(nomination)
    if fresh.letter_pdf_id is None:
        fresh.letter_pdf = keep(data, name=f"Letter {nomination}.pdf", content_type="application/pdf")
        fresh.save(update_fields=["letter_pdf"])
    return fresh


NOMINATION_ACTIONS: dict[str, Callable[..., Nomination]] = {
    "submit": submit_nomination,
    "complete_part": complete_nominee_part,
    "object": object_to_nomination,
    "lift_objection": lift_objection,
    "list": list_nomination,
    "withdraw": withdraw_nomination,
}
