from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where an accreditation stands on a day (T2 notes 1 and 2)."""

    FIRST_STEP = "first_step", _("first step")
    ENTRY_PENDING = "entry_pending", _("accredited, ACE entry pending")
    FULL = "full", _("fully accredited")
    ENDED = "ended", _("ended")
    NONE = "none", _("not yet")

    @property
    def today_word(self) -> str:
        """The WCO's word of today for a step that the framework names otherwise; empty where they are the same (pitfall P4)."""
        return str(_("pre-accredited")) if self is Stage.FIRST_STEP else ""

    @property
    def words(self) -> str:
        """The framework's word, with that of today beside it."""
        return f"{self.label} ({self.today_word})" if self.today_word else str(self.label)


class Standing(models.TextChoices):
    """How a person stands to an area, best first: the order of the search (§3.4 step 2)."""

    ACCREDITED = "accredited", _("fully accredited")
    FIRST_STEP = "first_step", _("first step")
    CANDIDATE = "candidate", _("listed candidate")
    NONE = "none", _("not known for this area")


class ServiceState(models.TextChoices):
    RESERVED = "reserved", _("reserved")
    USED = "used", _("used")
    RELEASED = "released", _("released")


class ServiceSource(models.TextChoices):
    MISSION = "mission", _("mission of this portal")
    RECORDED = "recorded", _("recorded by staff")


class Role(models.IntegerChoices):
    """The five roles of §3.1."""

    MISSION = 1, _("WCO/ROCB mission")
    PARTNER_PROJECT = 2, _("project of another institution, on behalf of the WCO or ROCB")
    HOME_TRAINING = 3, _("training in the home administration")
    DISTANCE_GUIDANCE = 4, _("distance or online guidance")
    SELF_IMPROVEMENT = 5, _("self-improvement")

    @classmethod
    def counting(cls) -> frozenset[int]:
        """Roles whose days count against the cap by default (pitfall P26)."""
        return frozenset({cls.MISSION, cls.PARTNER_PROJECT})


class LanguageLevel(models.TextChoices):
    NATIVE = "native", _("first language")
    FLUENT = "fluent", _("fluent")
    WORKING = "working", _("working knowledge")


class PriorityKind(models.TextChoices):
    NEEDED = "needed", _("more experts needed")
    INFORMATION_WANTED = "information_wanted", _("information wanted")


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed")
    SENT = "sent", _("sent")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CorrectionField(models.TextChoices):
    """The facts of ACE that can be wrong, by the names of the extract's columns."""

    FAMILY_NAME = "family_name", _("family name")
    GIVEN_NAME = "given_name", _("given name")
    ADMINISTRATION = "administration", _("administration")
    EMAIL = "email", _("e-mail address")
    LANGUAGES = "languages", _("languages")
    ACE_REFERENCE = "ace_reference", _("ACE reference")
    AREA = "area", _("category or area")
    FIRST_STEP = "first_step_on", _("day of the first step")
    ACCREDITED = "accredited_on", _("day of accreditation")
    ENTERED = "ace_entered_on", _("day of entry in ACE")
    MISSING = "missing", _("an accreditation that is missing")
    ENDED = "ended", _("an accreditation that has ended")


class Party(models.TextChoices):
    """Who a person is to an expert's record."""

    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
    HOME = "home", _("home administration")
    EXPERT = "expert", _("expert")
