from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """For whom a centre's material is; the offices and the centre's own people always see it."""

    EVERYBODY = "everybody", _("everybody who signs in")
    EXPERTS = "experts", _("experts and candidates")
    HOST = "host", _("the host administration")


class TrainingKind(models.TextChoices):
    GIVEN = "given", _("training given")
    CANDIDATES = "candidates", _("training for candidates")


class TrainingRole(models.TextChoices):
    TRAINER = "trainer", _("trainer")
    PARTICIPANT = "participant", _("participant")
