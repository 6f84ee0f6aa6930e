from django.db import models
from django.utils.translation import gettext_lazy as _


class OpportunityKind(models.TextChoices):
    CONCEPT = "concept", _("new accreditation concept")
    MECHANISM = "mechanism", _("accreditation mechanism decided")
    WORKSHOP = "workshop", _("workshop")
    MEETING = "meeting", _("meeting")
    ELEARNING = "elearning", _("e-learning")


class OpportunityState(models.TextChoices):
    DRAFT = "draft", _("draft")
    TOLD = "told", _("told")
    CLOSED = "closed", _("closed")


class Audience(models.TextChoices):
    """Two audiences, two texts (pitfall P44)."""

    REGION = "region", _("the whole region")
    EXPERTS = "experts", _("the experts known in the area")


class Party(models.TextChoices):
    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
