from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Who brought the person to the list (pitfall P13)."""

    ADMINISTRATION = "administration", _("recommended by the home administration")
    CENTRE = "centre", _("recommended by a training centre")
    ROCB = "rocb", _("known to ROCB")
