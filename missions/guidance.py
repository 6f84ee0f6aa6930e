"""What belongs into the parts of the terms of reference (§3.4 step 7) and into the sections of the report (§3.5)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

TERMS = "terms_parts"
REPORT = "report_sections"


@cache
def guidance(name: str) -> tuple[dict[str, Any], ...]:
    """The parts in their order: field, title, paragraph, and a word on what to write."""
    path = Path(__file__).parent / "data" / f"{name}.json"
    parts: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(sorted(parts, key=lambda part: part["order"]))
