"""The review of a nomination: one judgement a requirement, independent until it is given (§2.2(2), pitfall P12)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.enums import Requirement, Verdict
from candidates.models import Judgement, Nomination, Review
from core import history
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster
from core.locks import lock_row
from core.workflow import decide, perform
from members.models import User

Words = tuple[str, str]  # verdict, comment


@transaction.atomic
def save_review(nomination: Nomination, *, by: Any, judgements: Mapping[int, Words], give: bool = False) -> Review:
    """Keep a reviewer's judgements of this round; with `give` they are the reviewer's word, and no longer changed.

    All four are needed to give it, and a comment for each that is not met or asks for more (InvalidAnswers).
    """
    fresh = lock_row(nomination)
    decision = decide(fresh, by, "review")
    if not decision:
        raise NotAllowed(decision.reason)
    review, _is_new = Review.objects.get_or_create(nomination=fresh, reviewer=by, round=fresh.round)
    if review.given_at is not None:
        raise SomebodyWasFaster(_("You have given your review of this nomination already."))
    if give:
        _check(judgements)
    review.judgements.exclude(requirement__in=[r for r, (verdict, _c) in judgements.items() if verdict]).delete()
    for requirement, (verdict, comment) in judgements.items():
        if verdict:
            Judgement.objects.update_or_create(
                review=review, requirement=requirement, defaults={"verdict": verdict, "comment": comment}
            )
    review.version += 1
    review.given_at = timezone.now() if give else None
    review.save(update_fields=["version", "given_at"])
    if give:
        perform(fresh, "review", by=by)
        nomination.refresh_from_db()
    return review


def _check(judgements: Mapping[int, Words]) -> None:
    missing = {}
    for requirement in Requirement.values:
        verdict, comment = judgements.get(requirement, ("", ""))
        if verdict not in Verdict.values:
            missing[f"verdict_{requirement}"] = _("Please answer this.")
        elif verdict != Verdict.MET and not comment.strip():
            missing[f"comment_{requirement}"] = _("Please say what is missing, or what you ask for.")
    if missing:
        raise InvalidAnswers(missing)


@transaction.atomic
def ask_reviewers(nomination: Nomination, *, by: Any, reviewers: Iterable[User]) -> list[User]:
    """Who is to review in this round besides those who have: each finds it in the inbox, and nothing is decided before they
    have spoken or are asked no more. Returns who is newly asked; somebody without a part in it is not."""
    fresh = lock_row(nomination)
    wanted = {user.pk: user for user in reviewers if decide(fresh, user, "review")}
    here = {review.reviewer_id: review for review in fresh.reviews.select_related("reviewer").filter(round=fresh.round)}
    gone = [review for pk, review in here.items() if pk not in wanted and review.given_at is None]
    asked = [user for pk, user in wanted.items() if pk not in here]
    for review in gone:
        review.delete()
    Review.objects.bulk_create(Review(nomination=fresh, reviewer=user, round=fresh.round) for user in asked)
    words = [_("asked: %(name)s") % {"name": user} for user in asked]
    words += [_("asked no more: %(name)s") % {"name": review.reviewer} for review in gone]
    if words:
        history.record(fresh, "reviewers", _("Reviewers"), by=by, note="; ".join(words), private=True)
    return asked
