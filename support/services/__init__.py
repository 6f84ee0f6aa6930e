"""Every write of opportunities and of the notices of them."""

from support.services.notices import (
    ANSWER_LINK,
    answer,
    failed_to_arrive,
    left_the_house,
    mark_seen,
    mark_seen_by_link,
    note_failed,
    remind,
    take_back_failed,
)
from support.services.opportunities import (
    FIELDS,
    OPPORTUNITY_ACTIONS,
    discard,
    draft,
    edit,
    is_draft,
    is_open,
    keep,
    tell,
    tell_rest,
)

__all__ = [
    "ANSWER_LINK",
    "FIELDS",
    "OPPORTUNITY_ACTIONS",
    "answer",
    "discard",
    "draft",
    "edit",
    "failed_to_arrive",
    "is_draft",
    "is_open",
    "keep",
    "left_the_house",
    "mark_seen",
    "mark_seen_by_link",
    "note_failed",
    "remind",
    "take_back_failed",
    "tell",
    "tell_rest",
]
