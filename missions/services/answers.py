"""Step 5: the home administration's answer, and whatever ends an invitation (§3.4)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, links
from core.errors import InvalidAnswers
from core.files import SCANS, keep_upload
from core.locks import lock_row
from core.workflow import binding_of, in_reach, parties_of, perform
from experts import services as people
from missions.models import (
    Invitation,
    Letter,
    Mission,
)
from missions.services.letters import LETTER_LINK, judge_cap_again
from missions.services.search import CONSULTATION_LINK
from missions.workflow import INVITATION


@transaction.atomic
def answer_letter(
    invitation: Invitation,
    *,
    by: Any,
    answer: str,
    grants_exception: bool = False,
    scan: Any = None,
    token: str = "",
    **answers: Any,
) -> Invitation:
    """The home administration's answer for one expert: a row of the table, `answer_yes`, `_conditions`, `_no`, `_other_officer`.

    By login, by the single-use link of the letter's e-mail (used up here), or recorded by ROCB with the scan. A yes is judged
    under a lock on the expert: above the cap it has to name the exception the letter asked for (§3.2).
    """
    row = INVITATION.transition(answer)
    people.lock_experts(invitation.expert)
    mission = lock_row(invitation.mission)
    invitation.refresh_from_db()
    if token:
        links.use(LETTER_LINK, token)
    if row.parties.isdisjoint(parties_of(by, invitation)) and not scan:
        raise InvalidAnswers({"scan": _("Please add the scan of the administration's letter.")})
    saying_yes = answer in {"answer_yes", "answer_conditions"}
    if saying_yes:
        judge_cap_again(invitation, grants_exception)
    fields = dict(answers)
    if scan:
        fields["reply_scan"] = keep_upload(scan, by=by if hasattr(by, "pk") else None, endings=SCANS)
    perform(invitation, answer, by=by, grants_exception=saying_yes and grants_exception, **fields)
    _settle(invitation, mission, by=by)
    if invitation.other_name:
        history.record(
            mission, "other_officer", _("Another officer proposed: %(name)s") % {"name": invitation.other_name},
            by=by, note=invitation.other_note, private=True,
        )  # fmt: skip
    _end_link_when_answered(invitation.letter)
    return invitation


def _settle(invitation: Invitation, mission: Mission, *, by: Any) -> None:
    """What follows from where an invitation now stands: days set free, others told that they are not needed, the seat re-opened."""
    final = binding_of(invitation).machine.state(invitation.state)
    if invitation.seat.holder() and invitation.seat.holder().pk == invitation.pk:  # type: ignore[union-attr]
        for other in invitation.seat.invitations.exclude(pk=invitation.pk).order_by("pk"):
            if in_reach(other, INVITATION.transition("not_needed")):
                perform(other, "not_needed", by=by)
    elif final.final and invitation.letter_sent_at:
        people.release_days(invitation.pk)


@transaction.atomic
def answer_by_link(letter: Letter, *, by: Any, token: str, answers: Mapping[Invitation, Mapping[str, Any]]) -> Letter:
    """The answers for every expert of the letter, in one posting of its link: all of them hold, or none, and the link is used up.

    What is wrong with one answer comes back under the key of its invitation: `<id>-<field>`.
    """
    people.lock_experts(*[invitation.expert for invitation in answers])
    lock_row(letter.mission)
    links.use(LETTER_LINK, token)
    for invitation, given in sorted(answers.items(), key=lambda pair: pair[0].pk):
        try:
            answer_letter(invitation, by=by, **given)
        except InvalidAnswers as error:
            raise InvalidAnswers({f"{invitation.pk}-{name}": text for name, text in error.fields.items()}) from error
    return letter


def _end_link_when_answered(letter: Letter | None) -> None:
    if letter is not None and not any(
        i.state == INVITATION.transition("send_letter").target for i in letter.invitations.all()
    ):
        links.revoke(LETTER_LINK, letter.pk)


@transaction.atomic
def accept_conditions(invitation: Invitation, *, by: Any, **answers: Any) -> Invitation:
    """The offices accept the home administration's conditions; only now is the seat filled. The cap is judged again under the lock."""
    people.lock_experts(invitation.expert)
    mission = lock_row(invitation.mission)
    judge_cap_again(invitation, invitation.grants_exception)
    perform(invitation, "accept_conditions", by=by, **answers)
    _settle(invitation, mission, by=by)
    return invitation


def _leave(name: str) -> Callable[..., Invitation]:
    """A row after which the invitation is over: the days are set free, a letter's link ends, and the seat opens again if it was filled."""

    @transaction.atomic
    def service(invitation: Invitation, *, by: Any, **answers: Any) -> Invitation:
        people.lock_experts(invitation.expert)
        mission = lock_row(invitation.mission)
        perform(invitation, name, by=by, **answers)
        _settle(invitation, mission, by=by)
        links.revoke(CONSULTATION_LINK, invitation.pk)
        letter = invitation.letter
        if letter is not None and all(i.state in INVITATION.values(final=True) for i in letter.invitations.all()):
            revoke_letter(letter)
        _reopen(invitation, mission, by=by)
        return invitation

    return service


def revoke_letter(letter: Letter) -> None:
    fresh = lock_row(letter)
    links.revoke(LETTER_LINK, fresh.pk)
    answered = any(i.replied_at for i in fresh.invitations.all())
    if fresh.sent_at and not fresh.revoked_at and not answered:
        fresh.revoked_at = timezone.now()
        fresh.version += 1
        fresh.save(update_fields=["revoked_at", "version"])


def _reopen(invitation: Invitation, mission: Mission, *, by: Any) -> None:
    if mission.leader_id == invitation.pk:
        mission.leader = None
        mission.version += 1
        mission.save(update_fields=["leader", "version"])
    before = {s for t in (binding_of(mission).machine.transition("reopen_seat"),) for s in t.sources}
    if mission.state in before - {binding_of(mission).machine.transition("reopen_seat").target}:
        perform(mission, "reopen_seat", by=by, note=_("Seat %(n)d") % {"n": invitation.seat.position})


withdraw_invitation = _leave("withdraw")
decline_conditions = _leave("decline_conditions")
stand_down = _leave("stand_down")


@transaction.atomic
def record_no_show(invitation: Invitation, *, by: Any, **answers: Any) -> Invitation:
    """Somebody who was expected did not come: the days were not used."""
    people.lock_experts(invitation.expert)
    lock_row(invitation.mission)
    perform(invitation, "record_no_show", by=by, **answers)
    people.release_days(invitation.pk)
    return invitation
