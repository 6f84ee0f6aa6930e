"""What a service raises when it will not do a thing. Views turn each into one sentence and lose nothing typed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _


class PortalError(Exception):
    """A refusal with a sentence that can be shown to the person who asked."""

    sentence: object = _("This is not possible.")

    def __init__(self, sentence: object = "") -> None:
        self.sentence = sentence or self.sentence
        super().__init__(str(self.sentence))


class NotAllowed(PortalError):
    """The person may see the thing but not do this to it (403)."""

    sentence = _("You may not do this.")


class TransitionRefused(PortalError):
    """The step is not possible now: wrong state, or a guard says why."""


class SomebodyWasFaster(TransitionRefused):
    """A lost race: the thing changed between reading and writing."""

    sentence = _("Somebody was faster: this has changed in the meantime. Please look at it again before you go on.")


class SomebodyIsAtIt(TransitionRefused):
    """The row is being changed at this very moment, for longer than one waits."""

    sentence = _("Somebody else is changing this just now. Nothing was saved; please try again in a moment.")


class InvalidAnswers(PortalError):
    """What was typed does not do; `fields` maps the name of a field to its sentence."""

    sentence = _("Please look at the marked answers.")

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.fields = fields
        super().__init__(next(iter(fields.values()), ""))


class LinkInvalid(PortalError):
    """A signed link that acts no more: used, expired, replaced or revoked."""

    sentence = _("This link no longer works. It may have been used, replaced by a newer one, or have expired.")


class UploadRefused(PortalError):
    """A file that may not come in."""
