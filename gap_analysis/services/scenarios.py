"""What-if scenarios kept under a name: the steps, and the picture before and after as it then was (§5.1)."""

import dataclasses
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.locks import lock_row
from gap_analysis.models import GapSnapshot, Scenario
from gap_analysis.queries.scenarios import what_if
from gap_analysis.whatif import Steps


@transaction.atomic
def save_scenario(snapshot: GapSnapshot, *, by: Any, name: str, steps: Steps) -> Scenario:
    """Keep steps with their picture; the keys of people are kept, never their names. InvalidAnswers if nothing is assumed."""
    if not steps:
        raise InvalidAnswers({"name": _("No step is assumed yet: there is nothing to keep.")})
    found = what_if(snapshot, steps)
    scenario = Scenario.objects.create(
        name=name.strip(),
        snapshot=snapshot,
        by=by,
        as_of=snapshot.as_of,
        steps={"pairs": [list(pair) for pair in steps.pairs()]},
        before=[dataclasses.asdict(change.before) for change in found.changes],
        after=[dataclasses.asdict(change.after) for change in found.changes],
    )
    history.record(scenario, "saved", _("Scenario kept"), by=by)
    return scenario


@transaction.atomic
def rename_scenario(scenario: Scenario, *, by: Any, name: str, version: int) -> Scenario:
    fresh = lock_row(scenario)
    if fresh.version != version:
        raise SomebodyWasFaster
    fresh.name, fresh.version = name.strip(), fresh.version + 1
    fresh.save(update_fields=["name", "version"])
    history.record(fresh, "renamed", _("Renamed"), by=by, note=fresh.name)
    return fresh


@transaction.atomic
def delete_scenario(scenario: Scenario, *, by: Any) -> None:
    fresh = lock_row(scenario)
    history.record(fresh, "deleted", _("Scenario deleted"), by=by, note=fresh.name)
    fresh.delete()
