"""Days on which somebody cannot be asked."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.views import FormPage
from experts import services
from experts.forms import ConfirmForm, UnavailabilityForm
from experts.models import Expert, Unavailability


class AddUnavailability(FormPage):
    action = "experts.availability"
    model = Expert
    form_class = UnavailabilityForm
    template_name = "experts/availability_add.html"
    success_message = gettext_lazy("Noted. The search for experts passes over these days.")

    def save(self, form: Any) -> str:
        answers = form.cleaned_data
        services.add_unavailability(
            self.object,
            first=answers["first_day"],
            last=answers["last_day"],
            reason=answers["reason"],
            by=self.request.user,
        )
        return self.object.get_absolute_url()


class RemoveUnavailability(FormPage):
    """Asked before it is done."""

    action = "experts.availability"
    model = Unavailability
    form_class = ConfirmForm
    template_name = "experts/availability_remove.html"
    success_message = gettext_lazy("Available again on these days.")

    def rows(self) -> Any:
        return super().rows().select_related("expert")

    def cancel_url(self) -> str:
        return self.object.expert.get_absolute_url()

    def save(self, form: Any) -> str:
        expert = self.object.expert
        services.remove_unavailability(self.object, by=self.request.user)
        return expert.get_absolute_url()
