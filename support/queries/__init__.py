"""Reads of opportunities: whom a text is for, who was told and what came back, what waits for whom."""

from support.queries.audiences import (
    Preview,
    Reader,
    experts_readers,
    hints,
    not_yet_told,
    preview,
    readers_of,
    region_readers,
)
from support.queries.notices import (
    Counts,
    Told,
    about_own_people,
    by_standing,
    counts_of,
    notice_of_link,
    notices_of,
    own_notices,
    texts_for,
    told_rows,
)
from support.queries.waiting import told_of

__all__ = [
    "Counts",
    "Preview",
    "Reader",
    "Told",
    "about_own_people",
    "by_standing",
    "counts_of",
    "experts_readers",
    "hints",
    "not_yet_told",
    "notice_of_link",
    "notices_of",
    "own_notices",
    "preview",
    "readers_of",
    "region_readers",
    "texts_for",
    "told_of",
    "told_rows",
]
