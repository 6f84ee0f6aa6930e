"""What the four requirements ask for (§2.2(2)), and the text to which a nominee consents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from candidates.enums import Requirement

# What to write under a requirement: for the nominator, and for the nominee.
GUIDANCE: Mapping[int, tuple[Any, Any]] = {
    Requirement.EXPERTISE: (
        _("Posts held, years in the area, results that can be named. Say it for each area that you tick."),
        _("Which posts, since when, and what you have worked on yourself."),
    ),
    Requirement.ENGLISH: (
        _("Test results, studies or work in English. Can the person lecture and answer questions in it?"),
        _("Tests, studies, or meetings and lectures that you have held in English."),
    ),
    Requirement.CAPACITY_BUILDING: (
        _("Training given, curricula written, missions or diagnostics taken part in: when, where, for whom."),
        _("Training you have given and missions you have taken part in: when, where, for whom."),
    ),
    Requirement.WCO: (
        _("Committees, working groups, WCO workshops attended, and the instruments and tools used at work."),
        _("WCO meetings and workshops, and the instruments and tools you use."),
    ),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """A text of consent as it was shown. A changed text is a new version beside the old one, which people have agreed to."""

    version: str
    paragraphs: tuple[Any, ...]


CONSENTS: Mapping[str, Consent] = {
    "1": Consent(
        "1",
        (
            _(
                "I agree that ROCB A/P reviews what is written here and, if the four requirements are met, keeps me on its candidate "
                "list in the areas named."
            ),
            _(
                "The two offices (ROCB A/P and the WCO Secretariat), my own administration and, if a training centre proposes me, "
                "that centre can read it. Other administrations cannot."
            ),
            _(
                "Being listed is no accreditation and no promise of a mission. For any mission my administration is asked, and so am I."
            ),
            _("I can leave the list at any time and need not say why."),
        ),
    )
}
CONSENT_VERSION = "1"


def consent(version: str = "") -> Consent:
    """The text of a version; the present one if none is named."""
    return CONSENTS[version or CONSENT_VERSION]
