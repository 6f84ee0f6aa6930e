"""What the gap dashboard asks: what to show, which day to build, the note of a publication, a priority with its reason and end."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import today
from core.forms import PortalForm
from experts.models import Area
from gap_analysis.queries import months_ahead
from members.enums import Subregion
from missions.models import plan_label
from missions.services import plan_year_of

LONG = 5_000


class ShowForm(forms.Form):
    """What of the picture to show; an odd answer shows everything."""

    subregion = forms.ChoiceField(
        label=gettext_lazy("Sub-region"), required=False, choices=[("", gettext_lazy("the whole region")), *Subregion.choices]
    )  # fmt: skip
    area = forms.ModelChoiceField(
        label=gettext_lazy("Area"),
        required=False,
        queryset=Area.objects.active(),
        to_field_name="code",
        empty_label=gettext_lazy("all areas"),
    )
    year = forms.TypedChoiceField(
        label=gettext_lazy("Wanted in"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("any plan year"))],
    )
    since = forms.TypedChoiceField(label=gettext_lazy("Trend since"), required=False, coerce=int)

    def __init__(self, *args: Any, as_of: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if as_of:
            plan_years = sorted({plan_year_of(day) for day in months_ahead(as_of)})
            self.fields["year"].choices += [(year, plan_label(year)) for year in plan_years]  # type: ignore[attr-defined]
        years = range(today().year, 2011, -1)
        self.fields["since"].choices = [("", _("the first count")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]


class BuildForm(PortalForm, forms.Form):
    as_of = forms.DateField(
        label=gettext_lazy("As of"), help_text=gettext_lazy("Today, or a day in the past: only what was known by then counts.")
    )  # fmt: skip


class PublishForm(PortalForm, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note to the Secretariat"), widget=forms.Textarea, required=False, max_length=LONG,
        help_text=gettext_lazy("What to look at first. It goes with the e-mail and stands on the snapshot and in the report."),
    )  # fmt: skip


class PriorityForm(PortalForm, forms.Form):
    """A reason and an end: a priority that nobody ends would stand for ever."""

    note = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=LONG)
    until = forms.DateField(
        label=gettext_lazy("Holds until"), help_text=gettext_lazy("From this day on it no longer counts.")
    )

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until <= today():
            raise forms.ValidationError(_("This day should be still to come."))
        return until
