"""The candidate list is ROCB's; others see their own lines (pitfall P14)."""

from typing import Any

from core.decisions import YES, Decision, no


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """list: offices, administrations, centres. see, of_expert: whoever has lines there, the person too. add, leave: ROCB."""
    if not user.is_authenticated:
        return no()
    if action == "list":
        return YES if user.parties - {"expert"} else no()
    if action in {"see", "of_expert"}:
        return YES
    if action in {"add", "leave"}:
        return YES if user.is_rocb else no()
    raise LookupError(action)
