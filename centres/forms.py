from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from centres.enums import Audience, TrainingRole
from centres.models import Training
from core.asks import UploadField
from core.clock import today
from core.files import ALLOWED
from core.forms import PortalForm
from experts.models import Area, Expert


class FocusForm(PortalForm, forms.Form):
    area = forms.ModelChoiceField(label=_("Which area?"), queryset=Area.objects.active())
    label = forms.CharField(
        label=_("How the centre calls it"),
        max_length=120,
        required=False,
        help_text=_("Only if its own word differs from the name of the area."),
    )
    since = forms.DateField(label=_("Since when?"), initial=today)
    source = forms.CharField(label=_("Where this is stated"), max_length=200, required=False)


class EndFocusForm(PortalForm, forms.Form):
    until = forms.DateField(label=_("From which day on does it no longer hold?"), initial=today)


class ResourceForm(PortalForm, forms.Form):
    """A file or a link: exactly one of the two."""

    title = forms.CharField(label=_("What is it called?"), max_length=160)
    area = forms.ModelChoiceField(
        label=_("In which area?"), queryset=Area.objects.active(), required=False, empty_label=_("no particular area")
    )
    audience = forms.ChoiceField(
        label=_("For whom is it?"), choices=Audience, initial=Audience.EXPERTS, widget=forms.RadioSelect
    )
    upload = UploadField(label=_("File"), endings=tuple(ALLOWED), required=False)
    url = forms.URLField(label=_("Or a link"), required=False, assume_scheme="https")
    note = forms.CharField(label=_("What it is good for"), widget=forms.Textarea, max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("title", "area", "upload", "url", "audience", "note")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "upload" not in self.errors and "url" not in self.errors:
            if answers.get("upload") and answers.get("url"):
                self.add_error("url", _("Please give either a file or a link, not both."))
            elif not answers.get("upload") and not answers.get("url"):
                self.add_error("upload", _("Please give a file or a link."))
        return answers


class TrainingForm(PortalForm, forms.ModelForm):
    class Meta:
        model = Training
        fields = ["kind", "title", "area", "first_day", "last_day", "place", "participants", "note"]
        labels = {
            "kind": _("What was it?"),
            "title": _("What was it called?"),
            "area": _("In which area?"),
            "place": _("Where?"),
            "participants": _("How many took part?"),
            "note": _("What was it about?"),
        }
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [c for c in self.fields["kind"].choices if c[0]]  # type: ignore[attr-defined]
        self.fields["area"].queryset = Area.objects.active()  # type: ignore[attr-defined]
        self.fields["area"].empty_label = _("no particular area")  # type: ignore[attr-defined]


class TrainingPersonForm(PortalForm, forms.Form):
    """Whom, of the few that were found, and as what."""

    expert = forms.ModelChoiceField(label=_("Person"), queryset=Expert.objects.none())
    role = forms.ChoiceField(label=_("As what?"), choices=TrainingRole)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = people  # type: ignore[attr-defined]


class PlainForm(PortalForm, forms.Form):
    """Nothing to fill in: the question is the button."""
