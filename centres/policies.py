from typing import Any

from core.decisions import YES, Decision, no


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """list, see: everybody signed in."""
    if action in {"list", "see"}:
        return YES if user.is_authenticated else no()
    raise LookupError(action)
