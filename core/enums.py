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


class ImportState(models.TextChoices):
    """How far a sheet has come: read, shown, decided, applied, taken back."""

    READING = "reading", _("being read")
    REFUSED = "refused", _("could not be read")
    STAGED = "staged", _("ready to be decided")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")
    DROPPED = "dropped", _("put away")


class RowVerdict(models.TextChoices):
    """What a row of a sheet is, compared with what is known."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    GONE = "gone", _("gone from the sheet")
    AMBIGUOUS = "ambiguous", _("not clear who is meant")
    INVALID = "invalid", _("cannot be read")
