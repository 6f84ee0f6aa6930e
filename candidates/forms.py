from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.enums import Origin
from core.clock import today
from core.forms import PortalForm
from experts.models import Area, Expert
from members.models import Administration


class KnownPerson(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.family_name}, {obj.given_name} ({obj.administration})"


class ListingForm(PortalForm, forms.Form):
    """A person known here, or a new one: exactly one of the two."""

    expert = KnownPerson(
        label=_("Somebody known here"),
        queryset=Expert.objects.none(),
        required=False,
        empty_label=_("somebody new, named below"),
    )
    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    administration = forms.ModelChoiceField(
        label=_("Home administration"), queryset=Administration.objects.active(), required=False
    )
    office = forms.CharField(label=_("Office"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.active())
    origin = forms.ChoiceField(label=_("Who brought the person to the list?"), choices=Origin, widget=forms.RadioSelect)
    recommended_by = forms.ModelChoiceField(
        label=_("Which centre"),
        queryset=Administration.objects.filter(centre__is_active=True),
        required=False,
        help_text=_("Only if a training centre recommends the person; named by its host."),
    )
    listed_on = forms.DateField(label=_("On the list since"), initial=today)
    note = forms.CharField(
        label=_("What the person is known for"), widget=forms.Textarea, max_length=2000, required=False
    )

    NEW = ("given_name", "family_name", "administration")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = people  # type: ignore[attr-defined]
        self.helper.layout = Layout(
            "expert",
            Fieldset(_("If it is somebody new"), *self.NEW, "office", "email", css_class="part"),
            Fieldset(_("The listing"), "area", "origin", "recommended_by", "listed_on", "note", css_class="part"),
        )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        named = [name for name in self.NEW if answers.get(name)]
        if answers.get("expert") and named:
            self.add_error("expert", _("Choose somebody known here, or name somebody new; not both."))
        if not answers.get("expert") and "expert" not in self.errors:
            for name in self.NEW:
                if not answers.get(name) and name not in self.errors:
                    self.add_error(name, _("Please answer this, or choose somebody known above."))
        return answers

    @property
    def listing(self) -> dict[str, Any]:
        """As `list_candidate` takes it."""
        answers = dict(self.cleaned_data)
        person = {name: answers.pop(name) for name in (*self.NEW, "office", "email")}
        return {**answers, "person": None if answers["expert"] else person}


class LeaveForm(PortalForm, forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
