from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """The parties a person can belong to."""

    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
    ADMINISTRATION = "administration", _("Member administration")
    CENTRE = "centre", _("Regional training centre")
    EXPERT = "expert", _("Expert")

    @classmethod
    def offices(cls) -> frozenset[str]:
        """The two offices that run the scheme together."""
        return frozenset({cls.ROCB, cls.SECRETARIAT})


class Subregion(models.TextChoices):
    ASEAN = "ASEAN", _("ASEAN")
    OCEANIA = "Australasia / Oceania", _("Australasia / Oceania")
    FAR_EAST = "Far East", _("Far East")
    SUBCONTINENT = "Sub-Continent", _("Sub-Continent")
