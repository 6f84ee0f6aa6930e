"""One notice: answered here or by its own link, noted as not deliverable (§5.3)."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core import links
from core.errors import LinkInvalid
from core.models import ActionLink
from core.views import FormPage
from core.workflow import LinkActor
from support import queries, services
from support.forms import NOT_FOR_US, SIGN_UP, AnswerForm, FailedForm, PlainForm
from support.models import Notice
from support.policies import is_own


class OfNotice(FormPage):
    model = Notice

    def rows(self) -> Any:
        return super().rows().with_people().select_related("opportunity__area")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opportunity = self.object.opportunity
        return super().get_context_data(opportunity=opportunity, is_open=services.is_open(opportunity), **kwargs)


class Answer(OfNotice):
    """Whoever was told answers, or ROCB notes what was said."""

    action = "support.answer"
    form_class = AnswerForm
    template_name = "support/notice_answer.html"
    success_message = gettext_lazy("Your answer is kept. It can be changed until ROCB closes this.")

    @property
    def on_behalf(self) -> bool:
        return not is_own(self.request.user, self.object)

    def initial(self) -> dict[str, Any]:
        given = SIGN_UP if self.object.signed_up_at else NOT_FOR_US if self.object.declined_at else ""
        asked = self.request.GET.get("answer", "")
        return {"answer": asked if asked in {SIGN_UP, NOT_FOR_US} else given}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(on_behalf=self.on_behalf, **kwargs)

    def save(self, form: Any) -> str:
        signs_up = form.cleaned_data["answer"] == SIGN_UP
        services.answer(self.object, by=self.request.user, signs_up=signs_up, on_behalf=self.on_behalf)
        return self.object.get_absolute_url()


@method_decorator([login_not_required, never_cache], name="dispatch")
class LinkAnswer(FormPage):
    """The same by the link of the e-mail, without an account: opening tells that it was seen, posting answers and uses it up."""

    action = "support.answer"
    form_class = AnswerForm
    template_name = "support/link_answer.html"
    link: ActionLink

    def check(self) -> None:
        """The link is the right; whether it still acts is said by `dispatch` in words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.link = links.peek(services.ANSWER_LINK, kwargs["token"])
        except LinkInvalid:
            return self.ended(links.known(services.ANSWER_LINK, kwargs["token"]))
        if not services.is_open(self.object.opportunity):
            return self.ended(self.link)
        return super().dispatch(request, *args, **kwargs)

    def ended(self, link: ActionLink | None) -> HttpResponse:
        """Which answer stands, or why the link acts no more."""
        notice = queries.notice_of_link(link.object_id) if link else None
        is_open = notice is not None and services.is_open(notice.opportunity)
        context = {"link": link, "notice": notice, "is_open": is_open}
        status = 200 if notice and (notice.is_answered or not is_open) else 410
        return render(self.request, "support/link_ended.html", context, status=status)

    @cached_property
    def object(self) -> Any:
        notice = queries.notice_of_link(self.link.object_id)
        if notice is None:
            raise Http404
        return notice

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET":
            services.mark_seen_by_link(self.object)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opportunity = self.object.opportunity
        text = opportunity.experts_text if self.object.expert else opportunity.region_text
        return super().get_context_data(opportunity=opportunity, text=text, link=self.link, **kwargs)

    def save(self, form: Any) -> str:
        actor = LinkActor(_("%(name)s, by the link of the e-mail") % {"name": self.object.reader}, frozenset())
        signs_up = form.cleaned_data["answer"] == SIGN_UP
        services.answer(self.object, by=actor, signs_up=signs_up, token=self.kwargs["token"])
        return self.request.path


class NoteFailed(OfNotice):
    """An e-mail that came back, or an address that is known to be wrong."""

    action = "support.note_failed"
    form_class = FailedForm
    template_name = "support/notice_failed.html"
    success_message = gettext_lazy("Noted as not deliverable. It can be taken back.")

    def save(self, form: Any) -> str:
        services.note_failed(self.object, by=self.request.user, note=form.cleaned_data["note"])
        return self.object.get_absolute_url()


class TakeBackFailed(OfNotice):
    """It can be delivered after all; what never left is sent again."""

    action = "support.note_failed"
    form_class = PlainForm
    template_name = "support/notice_deliverable.html"

    @property
    def success_message(self) -> Any:
        return _("It is sent again.") if self.sends else _("The note is taken back.")

    def save(self, form: Any) -> str:
        self.sends = services.take_back_failed(self.object, by=self.request.user)
        return self.object.get_absolute_url()
