"""What of a record mirrors ACE: each field with the day it was last seen there, and the extract it came from (§2.2(1))."""

import datetime as dt
from dataclasses import dataclass

from experts.models import Accreditation, Expert


@dataclass(frozen=True, slots=True)
class Mirrored:
    as_of: dt.date
    source: str


def mirrored(expert: Expert) -> dict[str, Mirrored]:
    """By the name of the field; what no extract has said is not in it. The newest extract that has the person confirms them all."""
    found = {}
    for name, said in expert.provenance.items():
        day = dt.date.fromisoformat(said["as_of"])
        found[name] = Mirrored(max(day, expert.ace_as_of or day), said["source"])
    return found


def mirrored_step(accreditation: Accreditation) -> Mirrored:
    """Where an accreditation is known from."""
    return Mirrored(accreditation.as_of, accreditation.source)
