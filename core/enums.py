from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    INFLIGHT = "inflight", _("being sent")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    UNCERTAIN = "uncertain", _("uncertain")
    DROPPED = "dropped", _("settled by a person")


class Tone(models.TextChoices):
    """How a state looks: always with a word beside it."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
