"""The questions of the survey: those that staff answer about a round, and those that a round asks of a member."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import today
from core.forms import DateInput, PortalForm
from experts.models import Area
from gap_analysis.enums import Half, NeedKind, NeedLevel, QuestionKind
from gap_analysis.models import Question, Response, Survey
from gap_analysis.queries import AREA_FIELDS, area_field, as_text, asked_now, question_field, told
from missions.models import plan_label
from missions.services import plan_year_of

LONG = 20_000
OPEN = ("", gettext_lazy("not answered"))


class PlainForm(PortalForm, forms.Form):
    """Nothing is asked but the yes itself."""


class SurveyForm(PortalForm, forms.Form):
    """A round: its year, its words, its day; while it is a draft, its areas."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    year = forms.TypedChoiceField(
        label=gettext_lazy("Which plan year is it about?"),
        help_text=gettext_lazy("Needs are asked for a year from July to June."),
        coerce=int,
    )
    due = forms.DateField(label=gettext_lazy("Answers wished by"))
    text = forms.CharField(
        label=gettext_lazy("What members read first"), widget=forms.Textarea, required=False, max_length=LONG
    )
    areas = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Areas asked about"), queryset=Area.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, survey: Survey | None = None, is_draft: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = plan_year_of(today())
        years = sorted({*range(now - 1, now + 3), *([survey.year] if survey else [])})
        self.fields["year"].choices = [(year, plan_label(year)) for year in years]  # type: ignore[attr-defined]
        if survey is None or not is_draft:
            del self.fields["areas"]
        if not is_draft:
            del self.fields["year"]

    def clean_due(self) -> dt.date:
        due: dt.date = self.cleaned_data["due"]
        if "due" in self.changed_data and due < today():
            raise forms.ValidationError(_("This day has passed."))
        return due


class QuestionForm(PortalForm, forms.Form):
    """An open question, of one of seven kinds."""

    text = forms.CharField(label=gettext_lazy("Question"), max_length=300)
    help = forms.CharField(label=gettext_lazy("What helps to answer it"), max_length=300, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of answer"), choices=QuestionKind.choices, widget=forms.RadioSelect
    )
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy("A line each; for “one of several” and “several of several”."),
        widget=forms.Textarea,
        required=False,
        max_length=2000,
    )
    required = forms.BooleanField(
        label=gettext_lazy("Has to be answered before the answers can be sent"), required=False
    )

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class RemindForm(PortalForm, forms.Form):
    """Whom to write to once more."""

    members = forms.MultipleChoiceField(label=gettext_lazy("To whom?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, waiting: list[Response], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(str(row.pk), str(row.administration)) for row in waiting]  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["members"] = [str(row.pk) for row in waiting]


# What a member answers


def yes_no(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[OPEN, ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )


class Lines(forms.CharField):
    """Lines end alike, whether a browser or its script sent them."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def area_questions() -> dict[str, forms.Field]:
    return {
        "need": forms.ChoiceField(
            label=gettext_lazy("Future need"), choices=[OPEN, *NeedLevel.choices], required=False
        ),
        "weeks": forms.DecimalField(
            label=gettext_lazy("Expert-weeks"), min_value=0, max_value=999, decimal_places=1, required=False
        ),
        "kinds": forms.MultipleChoiceField(
            label=gettext_lazy("Kind of support"),
            choices=NeedKind.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        ),
        "half": forms.ChoiceField(label=gettext_lazy("When"), choices=[OPEN, *Half.choices], required=False),
        "experts": forms.IntegerField(
            label=gettext_lazy("Experts you have"), min_value=0, max_value=9999, required=False
        ),
        "names": Lines(
            label=gettext_lazy("Their names, if you wish"),
            widget=forms.Textarea(attrs={"rows": 2}),
            required=False,
            max_length=2000,
        ),
        "hosts": yes_no(gettext_lazy("Ready to host")),
        "bears_cost": yes_no(gettext_lazy("Ready to bear cost")),
        "lends": yes_no(gettext_lazy("Ready to lend an expert")),
        "note": Lines(
            label=gettext_lazy("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
        ),
    }


class NumberField(forms.DecimalField):
    """Kept as a plain number."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else float(number)


class DayField(forms.DateField):
    """Kept as its ISO text."""

    widget = DateInput

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if day else None

    def prepare_value(self, value: Any) -> Any:
        return value


def field_for(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": question.text, "help_text": question.help, "required": False}
    options = [(choice, choice) for choice in question.choices]
    match question.kind:
        case QuestionKind.LONG:
            return Lines(widget=forms.Textarea(attrs={"rows": 4}), max_length=LONG, **common)
        case QuestionKind.NUMBER:
            return NumberField(min_value=0, max_digits=12, decimal_places=2, **common)
        case QuestionKind.DATE:
            return DayField(**common)
        case QuestionKind.ONE:
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
        case QuestionKind.SEVERAL:
            return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
        case QuestionKind.SCALE:
            scale = [(str(n), str(n)) for n in range(1, 6)]
            return forms.ChoiceField(choices=scale, widget=forms.RadioSelect, **common)
    return forms.CharField(max_length=300, **common)


class AnswersForm(forms.Form):
    """Everything a round asks of a member. Nothing is missing in a draft; `was` is what stood there when the page was drawn."""

    use_required_attribute = False
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, survey: Survey, stored: dict[str, str], **kwargs: Any) -> None:
        self.survey, self.stored = survey, stored
        super().__init__(*args, **kwargs)
        for area in survey.areas.all():
            for name, field in area_questions().items():
                self.fields[area_field(area.pk, name)] = field
        for question in asked_now(survey):
            self.fields[question_field(question.pk)] = field_for(question)
        for name, field in self.fields.items():
            _dress(field)
            if name in stored:
                many = isinstance(field, forms.MultipleChoiceField)
                self.initial[name] = stored[name].split("\n") if many else stored[name]
        self.initial["was"] = json.dumps(stored)

    def answers(self) -> dict[str, Any]:
        """What was typed and can be kept, as far as it differs from what the page showed."""
        was = self.shown()
        return {
            name: self.cleaned_data[name]
            for name in self.fields
            if name != "was" and name in self.cleaned_data and as_text(self.cleaned_data[name]) != was.get(name, "")
        }

    def shown(self) -> dict[str, str]:
        """What the page showed; of an odd posting nothing, so that nothing is overwritten unseen."""
        try:
            told_before = json.loads(self.data.get("was") or "{}")
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in told_before.items()} if isinstance(told_before, dict) else {}

    def in_areas(self) -> Iterator[tuple[uuid.UUID, dict[str, Any]]]:
        for area in self.survey.areas.all():
            yield area.pk, {name: self[area_field(area.pk, name)] for name in AREA_FIELDS}

    def unread(self) -> list[str]:
        """What could not be kept, by the words over it."""
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]


def _dress(field: forms.Field) -> None:
    widget = field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        widget.attrs["class"] = "form-check-input"
    else:
        widget.attrs["class"] = "form-select" if isinstance(widget, forms.Select) else "form-control"
    if isinstance(widget, forms.NumberInput):
        widget.attrs["inputmode"] = "decimal"


def answers_form(response: Response, **kwargs: Any) -> AnswersForm:
    """The form of a response, with what is kept so far."""
    return AnswersForm(survey=response.survey, stored=told(response), **kwargs)


__all__ = ["AnswersForm", "PlainForm", "QuestionForm", "RemindForm", "SurveyForm", "answers_form"]
