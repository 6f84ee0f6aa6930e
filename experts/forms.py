"""The questions about days: service before the portal, what is confirmed, when somebody is not available, when a mission fits."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import DateInput, PortalForm
from experts.enums import Role

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class PoolDayForm(PortalForm, forms.Form):
    """The day of the pool table; tomorrow's pool is not known."""

    on = forms.DateField(label=_("On the day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = today().isoformat()

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day and day > today():
            raise forms.ValidationError(_("This day is still to come; the table is that of today."))
        return day


class PastServiceForm(PortalForm, forms.Form):
    first_day = forms.DateField(label=_("First day away"), help_text=_("Travel days included."))
    last_day = forms.DateField(label=_("Last day away"))
    place = forms.CharField(label=_("Place"), max_length=160)
    title = forms.CharField(label=_("What for"), max_length=200, required=False)
    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=[(role.value, format_lazy("{}. {}", role.value, role.label)) for role in Role],
        coerce=int,
        initial=Role.MISSION,
        widget=forms.RadioSelect,
        help_text=_("The five roles of §3.1. Days of the first two count against the cap, those of the others do not."),
    )
    under_scheme = forms.TypedChoiceField(
        label=_("Was it under the WCO/ROCB scheme?"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    source_note = forms.CharField(
        label=_("Where is this known from?"),
        max_length=200,
        help_text=_("A letter, a report, a list of the Secretariat: what somebody else could look up."),
    )
    counts = forms.TypedChoiceField(
        label=_("Do these days count against the cap?"),
        choices=[("", _("As the role says")), ("yes", _("They count")), ("no", _("They do not count"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    counts_reason = forms.CharField(label=_("Reason, if it is not as the role says"), max_length=200, required=False)


class ConfirmHistoryForm(PortalForm, forms.Form):
    complete_from = forms.DateField(
        label=_("Service is completely known from"),
        help_text=_("From this day on every period of service stands in the ledger."),
    )
    note = forms.CharField(
        label=_("How this was checked"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )


class UnavailabilityForm(PortalForm, forms.Form):
    first_day = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Seen by the two offices, the home administration and the person. No reason is needed."),
    )


class EarliestForm(PortalForm, forms.Form):
    """A question of the address line: the earliest day for so many days."""

    days = forms.IntegerField(label=_("Days away"), min_value=1, max_value=366)
    not_before = forms.DateField(label=_("Not before"), required=False, widget=DateInput)

    def clean_not_before(self) -> Any:
        """The past is not planned, and nobody plans twenty years ahead."""
        day = max(self.cleaned_data["not_before"] or today(), today())
        if day.year > today().year + 20:
            raise forms.ValidationError(_("This is too far ahead."))
        return day


class ConfirmForm(PortalForm, forms.Form):
    """Nothing to answer: the button is the answer."""
