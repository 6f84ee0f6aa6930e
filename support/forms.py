from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import PortalForm
from experts.models import AccreditationWorkshop, Area
from support.models import Opportunity


class BeginForm(PortalForm, forms.ModelForm):
    """Enough to keep a draft; all else is written on the page that keeps what is typed."""

    area = forms.ModelChoiceField(
        label=_("In which area?"),
        queryset=Area.objects.active(),
        required=False,
        help_text=_("The experts who are told are those known in this area."),
    )

    class Meta:
        model = Opportunity
        fields = ["kind", "title", "area"]
        labels = {"kind": _("What is it?"), "title": _("What is it called?")}
        help_texts = {"title": _("A few words: “Accreditation of dog handlers”.")}
        widgets: dict[str, Any] = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = self.fields["kind"].choices[1:]  # type: ignore[attr-defined]


class OpportunityForm(BeginForm):
    """The whole draft: two texts for two audiences, each told only if something is written."""

    workshop = forms.ModelChoiceField(
        label=_("Which accreditation workshop?"),
        queryset=AccreditationWorkshop.objects.filter(outcomes_at__isnull=True, first_day__isnull=False),
        required=False,
        help_text=_("If it is about one that stands in the portal."),
    )

    url = forms.URLField(label=_("Where is more to be read?"), required=False, assume_scheme="https")

    class Meta(BeginForm.Meta):
        fields = [
            "kind", "title", "area", "workshop", "decided_on", "first_day", "deadline", "url", "region_text", "experts_text",
        ]  # fmt: skip
        labels = {
            **BeginForm.Meta.labels,
            "decided_on": _("When did the WCO decide it?"),
            "first_day": _("When does it begin?"),
            "deadline": _("Sign up by when?"),
            "region_text": _("What the whole region reads"),
            "experts_text": _("What the experts known in the area read"),
        }
        help_texts = {
            **BeginForm.Meta.help_texts,
            "decided_on": _("From this day the portal counts how long it took until those concerned were told."),
            "deadline": _("May stay empty if there is nothing to sign up for by a day."),
            "region_text": _(
                "An e-mail to the focal points of every member administration. A new concept is for all of them. Left empty, the "
                "region is not told."
            ),
            "experts_text": _(
                "An e-mail to each of them with the home administration in copy. A decided mechanism is for those who can "
                "use it. Left empty, nobody is written to in person."
            ),
        }
        widgets = {
            **BeginForm.Meta.widgets,
            "region_text": forms.Textarea(attrs={"rows": 9}),
            "experts_text": forms.Textarea(attrs={"rows": 9}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "kind",
            "title",
            "area",
            "workshop",
            Fieldset(_("Days"), "decided_on", "first_day", "deadline", "url", css_class="part"),
            Fieldset(_("Two audiences, two texts"), "region_text", "experts_text", css_class="part"),
        )

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day and day > today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        first, deadline = answers.get("first_day"), answers.get("deadline")
        if first and deadline and deadline > first:
            self.add_error("deadline", _("It has begun by then. Please choose an earlier day."))
        return answers


SIGN_UP, NOT_FOR_US = "sign_up", "not_interested"


class AnswerForm(PortalForm, forms.Form):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(SIGN_UP, _("Sign up")), (NOT_FOR_US, _("Not interested"))],
        widget=forms.RadioSelect,
    )


class FailedForm(PortalForm, forms.Form):
    note = forms.CharField(
        label=_("How do you know?"),
        max_length=300,
        help_text=_("“Came back: mailbox unknown”, “told by telephone that the address is old”."),
    )


class PlainForm(PortalForm, forms.Form):
    """Nothing to fill in: the question is the button."""
