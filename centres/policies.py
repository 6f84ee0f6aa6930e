"""The centres are open to everybody signed in; a centre keeps its own page, ROCB every one (§2.3)."""

from collections.abc import Callable
from typing import Any

from centres.models import Centre, CentreFocus, Resource, Training, TrainingPerson
from core.decisions import YES, Decision, no
from members.enums import Party


def centre_of(obj: Any) -> Centre:
    if isinstance(obj, TrainingPerson):
        return obj.training.centre
    return obj.centre if isinstance(obj, CentreFocus | Resource | Training) else obj


def runs(user: Any, obj: Any) -> bool:
    """Whether this person speaks for the centre that the thing belongs to."""
    return centre_of(obj).administration_id in user.administration_ids(Party.CENTRE)


def _everybody(_user: Any, _obj: Any) -> Decision:
    return YES


def _keeper(user: Any, obj: Any) -> Decision:
    return YES if user.is_rocb or runs(user, obj) else no()


def _not_expert_only(user: Any, _obj: Any) -> Decision:
    return YES if user.parties - {"expert"} else no()


_RULES: dict[str, Callable[[Any, Any], Decision]] = {
    "list": _everybody,
    "see": _everybody,
    "of_expert": _everybody,
    "coverage": _not_expert_only,
    "edit_focus": _keeper,
    "add_resource": _keeper,
    "remove_resource": _keeper,
    "add_training": _keeper,
    "edit_training": _keeper,
    "remove_training_person": _keeper,
}


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """One rule an action; what anybody may see of a thing, its rows say."""
    if not user.is_authenticated:
        return no()
    if action in _RULES:
        return _RULES[action](user, obj)
    raise LookupError(action)
