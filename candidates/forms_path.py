"""Forms of accreditation workshops and of the way to accreditation."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.enums import Assessment, NomineeState
from candidates.forms import KnownOrNewForm, KnownPerson
from candidates.models import WorkshopNominee
from candidates.services import OUTCOMES, Outcome
from core.clock import today
from core.forms import PortalForm
from experts.models import AccreditationWorkshop, Area, Category, Expert


class WorkshopForm(PortalForm, forms.ModelForm):
    """A workshop that is planned, or one that was held elsewhere and is kept for its outcomes."""

    category = forms.ModelChoiceField(label=_("For accreditation as"), queryset=Category.objects.filter(is_active=True))
    area = forms.ModelChoiceField(
        label=_("In which area?"),
        queryset=Area.objects.active(),
        required=False,
        empty_label=_("the category has no areas"),
    )
    first_day = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))
    tell = forms.BooleanField(
        label=_("Send the changed announcement to all member administrations"),
        required=False,
        help_text=_("They have the announcement as it was."),
    )

    class Meta:
        model = AccreditationWorkshop
        fields = (
            "title", "category", "area", "first_day", "last_day", "place", "places", "nominate_by", "text", "source",
        )  # fmt: skip
        labels = {
            "title": _("Title"),
            "places": _("How many places?"),
            "nominate_by": _("Until when are people put forward?"),
            "text": _("What members read"),
            "source": _("Where it is known from"),
        }
        help_texts = {
            "title": _("A few words: “AEO experts”."),
            "nominate_by": _("Only if members are asked. Later nominees can come in until the workshop begins."),
            "text": _("Whom the workshop is for, in which language, who pays."),
            "source": _("For workshops that were held elsewhere, in Brussels for one."),
        }

    def __init__(self, *args: Any, is_announced: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_announced:
            del self.fields["tell"]

    def clean_title(self) -> str:
        return str(self.cleaned_data["title"]).strip()

    def validate_unique(self) -> None:
        """Asked by the service, which knows the month."""

    def validate_constraints(self) -> None:
        """Asked by the service too."""


class PutForwardForm(KnownOrNewForm):
    expert = KnownPerson(
        label=_("Who is put forward?"),
        queryset=Expert.objects.none(),
        required=False,
        empty_label=_("somebody new, named below"),
    )
    note = forms.CharField(
        label=_("Why this person?"),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text=_("Experience in the area, English, teaching: what helps the offices to choose."),
    )

    def __init__(self, *args: Any, homes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["administration"].queryset = homes  # type: ignore[attr-defined]
        self.only_home = homes[0] if len(homes) == 1 else None
        if self.only_home:
            del self.fields["administration"]
        named = [name for name in self.NEW if name in self.fields]
        new = Fieldset(_("If it is somebody new"), *named, "office", "email", css_class="part")
        self.helper.layout = Layout("expert", new, "note")

    @property
    def nominee(self) -> dict[str, Any]:
        """As `put_forward` takes it."""
        answers = {"administration": self.only_home, **self.cleaned_data}
        person = {name: answers.pop(name) for name in (*self.NEW, "office", "email")}
        return {**answers, "person": None if answers["expert"] else person}


class NomineeChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.expert.family_name}, {obj.expert.given_name} ({obj.expert.administration})"


class InviteForm(PortalForm, forms.Form):
    nominees = NomineeChoice(
        label=_("Who is invited?"),
        queryset=WorkshopNominee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody is chosen.")},
    )

    def __init__(self, *args: Any, nominees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nominees"].queryset = nominees  # type: ignore[attr-defined]
        self.fields["nominees"].error_messages["required"] = _("Nobody is chosen.")


class OutcomesForm(PortalForm, forms.Form):
    """One line a nominee: what came of it, and a remark; what is left open can be entered later."""

    on = forms.DateField(
        label=_("On which day did the workshop end?"), help_text=_("The first step of whoever has passed has this day.")
    )

    def __init__(self, *args: Any, nominees: list[WorkshopNominee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nominees = {f"outcome-{row.pk}": row for row in nominees}
        choices = [("", _("still open")), *((value.value, NomineeState(value).label) for value in OUTCOMES)]
        for name, row in self.nominees.items():
            who = {"name": row.expert}
            self.fields[name] = forms.ChoiceField(
                label=_("Outcome of %(name)s") % who,
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"note-{row.pk}"] = forms.CharField(
                label=_("Remark about %(name)s") % who,
                max_length=500,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    @property
    def rows(self) -> list[tuple[WorkshopNominee, Any, Any]]:
        return [(row, self[name], self[f"note-{row.pk}"]) for name, row in self.nominees.items()]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not any(answers.get(name) for name in self.nominees):
            raise forms.ValidationError(_("No outcome is entered yet."))
        return answers

    @property
    def outcomes(self) -> dict[WorkshopNominee, Outcome]:
        """As `enter_outcomes` takes it."""
        said = self.cleaned_data
        return {
            row: Outcome(said[name], said[f"note-{row.pk}"]) for name, row in self.nominees.items() if said.get(name)
        }


class FieldMissionForm(PortalForm, forms.Form):
    """The field mission that somebody owed, with who assessed it; the word may come later."""

    first_day = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))
    place = forms.CharField(label=_("Place"), max_length=160)
    assessor = KnownPerson(
        label=_("Who assessed it?"),
        queryset=Expert.objects.none(),
        required=False,
        empty_label=_("nobody of this list"),
        help_text=_("People who are fully accredited in this area."),
    )
    assessor_name = forms.CharField(
        label=_("Another assessor"), max_length=160, required=False, help_text=_("Name and office, if not in the list.")
    )
    assessment = forms.ChoiceField(
        label=_("The assessor's word"),
        choices=[("", _("not known yet")), *Assessment.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, max_length=2000, required=False)
    reference = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, assessors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].queryset = assessors  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("assessor") and answers.get("assessor_name"):
            self.add_error("assessor_name", _("Choose from the list, or give a name; not both."))
        return answers


class ConfirmFullForm(PortalForm, forms.Form):
    """The word of the Secretariat; `reason` is asked for only while no mission that was passed is recorded."""

    ace_reference = forms.CharField(label=_("Reference in ACE"), max_length=40)
    accredited_on = forms.DateField(label=_("Accredited on"))
    ace_entered_on = forms.DateField(label=_("Entered in ACE on"), initial=today)
    reason = forms.CharField(
        label=_("From where is the field mission known?"),
        max_length=300,
        required=False,
        help_text=_("No field mission that was passed is recorded here."),
    )

    def __init__(self, *args: Any, has_passed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_passed:
            del self.fields["reason"]
