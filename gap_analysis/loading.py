"""The framework's own remark on a gap (§5.1)."""

import datetime as dt
import json
from pathlib import Path

from experts.models import Area
from gap_analysis.models import Evidence

DATA = Path(__file__).parent / "data"


def load_evidence() -> int:
    """Create the remarks that are missing and say how many; an area whose code staff changed is skipped."""
    areas = {area.code: area for area in Area.objects.all()}
    new = 0
    for row in json.loads((DATA / "evidence.json").read_text(encoding="utf-8")):
        if row["area"] in areas:
            _row, is_new = Evidence.objects.get_or_create(
                area=areas[row["area"]],
                since=dt.date.fromisoformat(row["since"]),
                paragraph=row["paragraph"],
                defaults={"text": row["text"], "source": row["source"]},
            )
            new += is_new
    return new
