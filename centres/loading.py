"""The regional training centres as the framework data has them."""

import datetime as dt
import json
from pathlib import Path

from django.db import transaction

from centres.models import Centre, CentreFocus
from experts.models import Area
from members.models import Administration

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_centres() -> int:
    """Create the centres that are missing and say how many; the six of 2012 come with the focus areas of T4 (§2.3).

    Focus areas come together with a new centre and never to an old one: what a centre develops later is for staff to
    say. A centre that closes is made inactive, not deleted: a deleted one would come back with the next loading. A host
    whose code staff changed is skipped.
    """
    table = json.loads((DATA / "centres.json").read_text(encoding="utf-8"))
    published = table["published"]
    focus = {row["administration"]: row["focus"] for row in published["rows"]}
    administrations = {administration.code: administration for administration in Administration.objects.all()}
    areas = {area.code: area for area in Area.objects.all()}
    new = 0
    for row in table["centres"]:
        code = row["administration"]
        if code not in administrations:
            continue
        centre, is_new = Centre.objects.get_or_create(
            administration=administrations[code], defaults={"since": row["since"]}
        )
        if not is_new:
            continue
        for printed in focus.get(code, []):
            CentreFocus.objects.create(
                centre=centre,
                area=areas[printed["area"]],
                label=printed["label"],
                since=dt.date.fromisoformat(published["as_of"]),
                source=f"{published['paragraph']}, as of {published['printed_date']}",
            )
        new += 1
    return new
