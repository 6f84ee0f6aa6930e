"""The register of members as the framework data has it."""

import json
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from members.models import Administration

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_administrations() -> int:
    """Create the member administrations that are missing and say how many; one known by code or name stays.

    What staff has edited is therefore never overwritten. An administration that leaves is made inactive, not deleted: a
    deleted one would come back with the next loading.
    """
    new = 0
    for row in json.loads((DATA / "administrations.json").read_text(encoding="utf-8")):
        if Administration.objects.filter(Q(code=row["code"]) | Q(name=row["name"])).exists():
            continue
        is_rocb_host = row.pop("rocb_host")
        Administration.objects.create(is_rocb_host=is_rocb_host, **row)
        new += 1
    return new
