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


class Standing(models.TextChoices):
    """How far a notice has come, as far as the portal can know."""

    ON_ITS_WAY = "on_its_way", _("on its way")
    UNSEEN = "unseen", _("told, not seen yet")
    SEEN = "seen", _("seen, no answer yet")
    SIGNED_UP = "signed_up", _("signed up")
    DECLINED = "declined", _("not interested")
    FAILED = "failed", _("not deliverable")

    @property
    def tone(self) -> str:
        return {"signed_up": "good", "seen": "info", "unseen": "warn", "failed": "bad"}.get(self.value, "neutral")


class Party(models.TextChoices):
    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
