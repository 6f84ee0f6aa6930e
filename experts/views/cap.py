"""One person's days (§3.2): the ledger with its chart, what falls out when, when a mission fits; what the offices record."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import today
from core.policies import may
from core.views import FormPage, Page
from experts import ledger, services
from experts.charts import cap_chart
from experts.enums import ServiceSource
from experts.forms import ConfirmForm, ConfirmHistoryForm, EarliestForm, PastServiceForm
from experts.models import Expert, ServicePeriod
from experts.views.frame import ExpertFrame


def cap_url(expert: Expert) -> str:
    return reverse("experts:cap", args=[expert.pk])


class CapPage(ExpertFrame, Page):
    """`?days=14&not_before=…` asks for the earliest day."""

    action = "experts.see_private"
    template_name = "experts/cap.html"
    tab = "cap"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expert, day = self.object, today()
        form = EarliestForm(self.request.GET) if "days" in self.request.GET else EarliestForm()
        return super().get_context_data(
            room=ledger.next_room(expert, day),
            lines=ledger.lines(expert, day),
            leaving=ledger.leaving(expert, day),
            unconfirmed=ledger.unconfirmed_before(expert, day),
            chart=cap_chart(expert, today=day),
            recorded_words=_("recorded by staff"),
            may_record=may(self.request.user, "experts.record_service", expert),
            form=form,
            answer=self.answer(form),
            **kwargs,
        )

    def answer(self, form: EarliestForm) -> dict[str, Any] | None:
        if not (form.is_bound and form.is_valid()):
            return None
        length = form.cleaned_data["days"]
        first = ledger.earliest(self.object, length, form.cleaned_data["not_before"])
        return {"length": length, "first": first, "last": first and first + dt.timedelta(days=length - 1)}


class ConfirmHistory(FormPage):
    action = "experts.confirm_history"
    model = Expert
    form_class = ConfirmHistoryForm
    template_name = "experts/history_confirm.html"
    success_message = gettext_lazy("Noted. The counter now says from when the service is known.")

    def initial(self) -> dict[str, Any]:
        return {"complete_from": self.object.history_confirmed_from}

    def cancel_url(self) -> str:
        return cap_url(self.object)

    def save(self, form: Any) -> str:
        services.confirm_history(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return cap_url(self.object)


class AddService(FormPage):
    """Service before the portal: what truly happened is recorded, whatever the cap says (pitfall P28)."""

    action = "experts.record_service"
    model = Expert
    form_class = PastServiceForm
    template_name = "experts/service_add.html"
    success_message = gettext_lazy("Recorded. It stands in the ledger, marked as recorded by staff.")

    def cancel_url(self) -> str:
        return cap_url(self.object)

    def save(self, form: Any) -> str:
        answers = dict(form.cleaned_data)
        services.record_past_service(
            self.object, first=answers.pop("first_day"), last=answers.pop("last_day"), by=self.request.user, **answers
        )
        return cap_url(self.object)


class TakeBackService(FormPage):
    """Asked before it is done; lines of missions follow their mission and are not offered here."""

    action = "experts.record_service"
    model = ServicePeriod
    queryset = ServicePeriod.objects.filter(source=ServiceSource.RECORDED)
    form_class = ConfirmForm
    template_name = "experts/service_take_back.html"
    success_message = gettext_lazy("Taken back. The line stays in the ledger as a trace and counts no more.")

    def rows(self) -> Any:
        return super().rows().select_related("expert")

    def cancel_url(self) -> str:
        return cap_url(self.object.expert)

    def save(self, form: Any) -> str:
        services.remove_past_service(self.object, by=self.request.user)
        return cap_url(self.object.expert)
