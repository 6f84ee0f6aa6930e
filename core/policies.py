"""One question for rights: may this person do this to that? Each app answers for the actions that begin with its name."""

from collections.abc import Callable
from typing import Any

from core.decisions import Decision

Answer = Callable[[Any, str, Any], Decision]

_answers: dict[str, Answer] = {}


def register(app: str, answer: Answer) -> None:
    """`answer(user, action, obj)` speaks for every action "app.…"."""
    _answers[app] = answer


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """Whether `user` may do `action` ("app.verb") to `obj`; LookupError for an app that never registered."""
    return _answers[action.partition(".")[0]](user, action.partition(".")[2], obj)
