"""Two scenarios of the fictional region, on its newest snapshot: what becomes of AEO when people go, and what fills Integrity."""

import datetime as dt

from experts.models import Expert
from gap_analysis import services
from gap_analysis.models import GapSnapshot, Scenario
from gap_analysis.queries import scenarios
from gap_analysis.whatif import Steps
from rocb_portal.demo import clock
from rocb_portal.demo.people import Cast
from rocb_portal.demo.rows import moment, weekday

AREA, TO_FILL = "AEO", "INT"


def make_scenarios(cast: Cast) -> None:
    """ROCB's own, of a retirement made good by two who wait; and the Secretariat's, the smallest mix for one area."""
    snapshot = GapSnapshot.objects.filter(published_at__isnull=False).first()
    if snapshot is None:
        return
    people = snapshot.rows.get(area__code=AREA).people
    full, waiting = (_by_name(people.get(group, [])) for group in ("full", "first_step"))
    retiring = Steps(leave=tuple(full[:1]), accredit=tuple((person, AREA) for person in waiting[:2]))
    mix_from = scenarios.what_if(snapshot, Steps())
    weights = scenarios.weights_on(snapshot.as_of)
    filled = scenarios.with_mix(
        mix_from, scenarios.mix_for(mix_from, [TO_FILL], goal=mix_from.band[0], weights=weights)
    )
    kept = (
        (3, cast.rocb[0], "One AEO expert retires, two who wait are accredited", retiring),
        (2, cast.secretariat[0], "Integrity: what would fill it", filled),
    )
    for ago, by, name, steps in kept:
        at = moment(weekday(cast.day - dt.timedelta(days=ago)), 180)
        with clock.at(at):
            scenario = services.save_scenario(snapshot, by=by, name=name, steps=steps)
        Scenario.objects.filter(pk=scenario.pk).update(created_at=at)


def _by_name(keys: list[str]) -> list[str]:
    return [str(person.pk) for person in Expert.objects.filter(pk__in=keys).order_by("family_name", "given_name", "pk")]
