"""Two snapshots beside each other: what changed in each area, and why, from the people and demands behind the figures."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from experts.models import Area, Expert
from gap_analysis.models import GapRow, GapSnapshot
from members.models import Administration


@dataclass(frozen=True, slots=True)
class Change:
    area: Area
    old: GapRow | None
    new: GapRow | None
    reasons: tuple[str, ...]


def changes_between(old: GapSnapshot, new: GapSnapshot) -> list[Change]:
    """Every area of either, in the order of the newer one."""
    before = {row.area_id: row for row in old.rows.select_related("area")}
    after = {row.area_id: row for row in new.rows.select_related("area")}
    names = _names([*before.values(), *after.values()])
    rows = [(before.get(area), row) for area, row in after.items()]
    gone = [(row, None) for area, row in before.items() if area not in after]
    return [
        Change((b or a).area, a, b, tuple(_reasons(a, b, names, old, new)))  # type: ignore[union-attr]
        for a, b in [*rows, *gone]
    ]


def _names(rows: list[GapRow]) -> dict[str, str]:
    keys = {uuid.UUID(key) for row in rows for group in row.people.values() for key in group}
    names = {str(expert.pk): str(expert) for expert in Expert.objects.filter(pk__in=keys)}
    return names | {str(member.pk): member.name for member in Administration.objects.all()}


def _reasons(old: GapRow | None, new: GapRow | None, names: dict[str, str], was: Any, now: Any) -> list[str]:
    if old is None or new is None:
        return [_("The area is new.") if old is None else _("The area is no longer active.")]
    words = {"full": _("Fully accredited"), "first_step": _("First step"), "candidates": _("Candidates")}
    found = []
    for group in GapRow.PEOPLE:
        then, here = set(old.people.get(group, ())), set(new.people.get(group, ()))
        for keys, sentence in (
            (here - then, _("%(group)s, new: %(names)s")),
            (then - here, _("%(group)s, gone: %(names)s")),
        ):
            if keys:
                said = ", ".join(sorted(names.get(key, _("somebody")) for key in keys))
                found.append(sentence % {"group": words[group], "names": said})
    asked, asks = ({line["member"] for line in row.demands} for row in (old, new))
    if asks - asked:
        found.append(_("Now asking: %(names)s") % {"names": ", ".join(sorted(names.get(k, "") for k in asks - asked))})
    if asked - asks:
        found.append(
            _("No longer asking: %(names)s") % {"names": ", ".join(sorted(names.get(k, "") for k in asked - asks))}
        )
    for name, label in (("demand_weeks", _("Expert-weeks wanted")), ("free_weeks", _("Free expert-weeks"))):
        then, here = getattr(old, name), getattr(new, name)
        if then != here:
            found.append(_("%(what)s: %(old)s → %(new)s") % {"what": label, "old": _said(then), "new": _said(here)})
    if old.priority != new.priority:
        found.append(_("A priority was stated.") if new.priority else _("The priority has ended."))
    if old.level != new.level:
        level = _("Level: %(old)s → %(new)s") % {"old": old.get_level_display(), "new": new.get_level_display()}
        found.insert(0, level)
        if was.method != now.method:
            found.append(_("The target band was changed."))
    return found


def _said(value: Any) -> str:
    return _("unknown") if value is None else f"{float(value):g}"
