"""The questions about a record: the profile that a person keeps up, a correction of ACE, two records that become one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.asks import UploadField
from core.clock import today
from core.forms import PortalForm
from experts import services
from experts.enums import CorrectionField, LanguageLevel
from experts.models import Expert

ROWS_MOST = 40


class RowForm(forms.Form):
    """One row of a list; an empty one is no row, and `remove` takes it away."""

    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            tick = isinstance(field, forms.BooleanField)
            pick = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-check-input" if tick else "form-select" if pick else "form-control"


class LanguageForm(RowForm):
    language = forms.CharField(label=gettext_lazy("Language"), max_length=40, required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"), choices=LanguageLevel.choices, initial=LanguageLevel.FLUENT, required=False
    )

    field_order = ("language", "level", "remove")

    @property
    def typed(self) -> tuple[str, str] | None:
        answers = self.cleaned_data
        language = " ".join(answers.get("language", "").split())
        if not language or answers.get("remove"):
            return None
        return language, answers.get("level") or LanguageLevel.FLUENT


class PublicationForm(RowForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1950, required=False)
    url = forms.URLField(label=gettext_lazy("Link"), max_length=200, required=False, assume_scheme="https")

    field_order = ("title", "year", "url", "remove")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("url") or cleaned.get("year")) and not cleaned.get("title") and not cleaned.get("remove"):
            self.add_error("title", _("Please give the title, or remove the row."))
        if cleaned.get("year") and cleaned["year"] > today().year:
            self.add_error("year", _("This year is still to come."))
        return cleaned

    @property
    def typed(self) -> tuple[str, int | None, str] | None:
        answers = self.cleaned_data
        if not answers.get("title") or answers.get("remove"):
            return None
        return answers["title"], answers.get("year"), answers.get("url") or ""


LanguageRows = forms.formset_factory(LanguageForm, extra=2, max_num=ROWS_MOST, absolute_max=ROWS_MOST)
PublicationRows = forms.formset_factory(PublicationForm, extra=1, max_num=ROWS_MOST, absolute_max=ROWS_MOST)


class ProfileForm(PortalForm, forms.Form):
    """What the person keeps up; what an extract of ACE brought is not asked (pitfall P15)."""

    office = forms.CharField(label=gettext_lazy("Office"), max_length=160, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    customs_since = forms.IntegerField(
        label=gettext_lazy("In Customs since"),
        help_text=gettext_lazy("The year in which the work in Customs began."),
        required=False,
    )
    specialisms = forms.CharField(
        label=gettext_lazy("What you work on"),
        help_text=gettext_lazy(
            "Subjects, systems, kinds of goods: what a mission could ask for beyond the area itself."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    cv = UploadField(
        label=gettext_lazy("Curriculum vitae"),
        help_text=gettext_lazy("PDF or Word. The two offices, the home administration and the person can open it."),
        endings=services.CV_ENDINGS,
        required=False,
    )
    remove_cv = forms.BooleanField(label=gettext_lazy("Take the present curriculum vitae away"), required=False)

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) & set(expert.provenance):
            del self.fields[name]
        if expert.cv_id is None:
            del self.fields["remove_cv"]
        languages = [{"language": row.language, "level": row.level} for row in expert.languages.all()]
        written = [{"title": row.title, "year": row.year, "url": row.url} for row in expert.publications.all()]
        # What was posted is the whole list: a row is not left out because it says what stood there before.
        self.languages, self.publications = (
            rows(self.data, prefix=prefix) if self.is_bound else rows(initial=initial, prefix=prefix)
            for rows, initial, prefix in (
                (LanguageRows, languages, "languages"),
                (PublicationRows, written, "publications"),
            )
        )

    def is_valid(self) -> bool:
        return super().is_valid() and self.languages.is_valid() and self.publications.is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.languages.is_valid():
            self.add_error(None, _("Please look at the languages again."))
        if not self.publications.is_valid():
            self.add_error(None, _("Please look at the publications again."))
        return cleaned

    def rows(self) -> dict[str, list[Any]]:
        return {
            "languages": [row.typed for row in self.languages if row.typed],
            "publications": [row.typed for row in self.publications if row.typed],
        }


class AccreditationField(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.area or row.category} ({row.category.code})"


class CorrectionForm(PortalForm, forms.Form):
    """What is wrong in ACE, and what it should say."""

    field = forms.ChoiceField(label=gettext_lazy("What is wrong?"), choices=CorrectionField.choices)
    accreditation = AccreditationField(
        label=gettext_lazy("Which accreditation?"),
        help_text=gettext_lazy("Only for an area, a step or a day of an accreditation."),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("It is about the person"),
    )
    should_say = forms.CharField(label=gettext_lazy("What should it say?"), max_length=200)
    reason = forms.CharField(
        label=gettext_lazy("How is this known?"),
        help_text=gettext_lazy(
            "A certificate, a letter, a list: what the home administration and the Secretariat can look at."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = expert.accreditations.select_related("area", "category")
        self.fields["accreditation"].queryset = rows  # type: ignore[attr-defined]


class MergeForm(PortalForm, forms.Form):
    """Which record stays, and for each field on which the two differ, which of them is right."""

    def __init__(self, *args: Any, fields: Sequence[tuple[str, Any, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, mine, theirs in fields:
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("kept", mine or "–"), ("other", theirs or "–")],
                initial="kept",
                widget=forms.RadioSelect,
            )
        self.fields["other_version"] = forms.IntegerField(widget=forms.HiddenInput)

    def taken(self) -> list[str]:
        return [name for name, chosen in self.cleaned_data.items() if chosen == "other"]


class TwoPeopleForm(PortalForm, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("How this is known"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("May stay empty."),
    )
