"""Why something about a round, an answer or a proposal cannot be done now: a sentence, or None."""

from typing import Any

from django.utils.translation import gettext as _

from core.clock import today


def asks_about_something(survey: Any) -> str | None:
    return None if survey.areas.exists() else _("No area is chosen yet.")


def round_is_open(response: Any) -> str | None:
    """Late answers are welcome as long as the round has not been closed by ROCB."""
    return None if response.survey.closed_at is None else _("This round is closed.")


def has_answered_something(response: Any) -> str | None:
    told = any(answer.need or answer.experts is not None for answer in response.area_answers.all())
    return None if told else _("Nothing is answered yet. An area left empty is read as unknown, never as no need.")


def required_questions_answered(response: Any) -> str | None:
    told = {answer.question_id for answer in response.question_answers.all() if answer.value not in (None, "", [])}
    missing = [
        question.text
        for question in response.survey.questions.all()
        if question.required and question.retired_at is None and question.pk not in told
    ]
    return _("Still to be answered: %(list)s.") % {"list": "; ".join(missing)} if missing else None


def lies_ahead(_obj: Any, day: Any) -> str | None:
    return None if day is None or day > today() else _("This day should be still to come.")


def its_day_has_come(proposal: Any) -> bool:
    """A proposal that was deferred waits for nobody until the day on which it is looked at again."""
    return proposal.deferred_until is None or proposal.deferred_until <= today()


def proposal_is_complete(proposal: Any) -> str | None:
    missing = [
        str(label)
        for label, text in (
            (_("the gap and its evidence"), proposal.need),
            (_("what was tried with members"), proposal.tried),
            (_("objective"), proposal.objective),
            (_("participants"), proposal.participants),
        )
        if not text.strip()
    ]
    return _("Still missing: %(list)s.") % {"list": "; ".join(missing)} if missing else None
