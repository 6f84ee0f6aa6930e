"""What is typed, saved while it is typed: what every page shares that keeps a half-written form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import NotAllowed, PortalError, SomebodyWasFaster
from core.views import FormPage

Kept = tuple[Any, list[str]]


def kept_or_why(save: Callable[[], Kept], *, page: Callable[[Any], str] = lambda _kept: "") -> HttpResponse:
    """The answer to the script of the page: nothing to say, or a sentence.

    `save` gives what is kept (None if there is nothing to keep) and the questions whose answers could not be. The answer carries
    the new version, so that the form does not collide with itself; `X-Page` is where the same thing is written on when the page is
    opened again.
    """
    try:
        kept, without = save()
    except NotAllowed as error:
        raise PermissionDenied(str(error.sentence)) from error
    except SomebodyWasFaster:
        sentence = _(
            "Somebody else has saved this meanwhile. Nothing of yours is lost: press the button that saves it, and you see what to do."
        )
        return HttpResponse(sentence, status=409, content_type="text/plain")
    except PortalError as error:
        return HttpResponse(str(error.sentence), status=409, content_type="text/plain")
    headers = {} if kept is None else {"X-Version": str(kept.version), "X-Page": page(kept)}
    if without:
        sentence = _("Saved, but not yet: %(what)s") % {"what": ", ".join(f"“{words}”" for words in without)}
        return HttpResponse(sentence, content_type="text/plain", headers=headers)
    return HttpResponse(status=204, headers=headers)


class Autosave(FormPage):
    """Keeps what can be kept of a form that is not finished."""

    http_method_names = ["post"]

    def keep(self, form: Any) -> Kept:
        raise NotImplementedError

    def page(self, kept: Any) -> str:
        return ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(data=request.POST)
        form.is_valid()
        return kept_or_why(lambda: self.keep(form), page=self.page)
