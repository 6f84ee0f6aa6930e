"""What the what-if pages ask: whose people to look at, which areas to bring into the band, the name of a scenario."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm
from gap_analysis.models import Scenario


class PickForm(forms.Form):
    """The area whose people are shown for ticking, and a part of their names; an odd answer shows nobody."""

    area = forms.ChoiceField(label=_("People of the area"), required=False)
    who = forms.CharField(label=_("Name"), required=False, max_length=80)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("choose an area")), *areas]  # type: ignore[attr-defined]


class AimForm(forms.Form):
    """The areas to be brought into the band, and how far into it."""

    aim = forms.MultipleChoiceField(label=_("Areas"), required=False, widget=forms.CheckboxSelectMultiple)
    to = forms.ChoiceField(label=_("Bring each to"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], goals: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aim"].choices = areas  # type: ignore[attr-defined]
        self.fields["to"].choices = goals  # type: ignore[attr-defined]


class NameForm(PortalForm, forms.ModelForm):
    class Meta:
        model = Scenario
        fields = ("name",)
