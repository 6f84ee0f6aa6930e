"""The questions of steps 1 to 3: the request, the plan entry, particulars, seats, the shortlist, the informal answer."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import PortalForm
from experts.models import Area, Category
from missions import guards
from missions.enums import BearsCost, Financing, MissionRole, Mode, RequestOrigin
from missions.models import CapacityRequest


def _in_order(form: Any, first: str, last: str) -> None:
    begin, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begin and end and end < begin:
        form.add_error(last, _("The last day is before the first."))


def _drop_what_is_not_asked(data: dict[str, Any], name: str, *, unless: bool) -> None:
    """What was typed before another answer made the question vanish is not kept."""
    if not unless and name in data:
        data[name] = ""


def yes_no(**kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value in {"yes", True},
        empty_value=None,
        widget=forms.RadioSelect,
        **kwargs,
    )


class RequestForm(PortalForm, forms.ModelForm):
    """What a member asks for (§3.4 step 1). Mode and cost have no preset: both are asked.

    It keeps whatever was typed, as a draft; what is still open is said by the guards of the sending.
    """

    mode = forms.ChoiceField(
        label=_("How should it take place?"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        help_text=_("It decides whether travel days are planned for the experts."),
    )
    bears_cost = forms.ChoiceField(
        label=_("Does your administration bear cost?"),
        choices=BearsCost.choices,
        widget=forms.RadioSelect,
        help_text=_("Asked of everybody (§3.3). “No” never counts against a request."),
    )
    origin = forms.ChoiceField(
        label=_("Has this need been reported in a needs survey?"),
        choices=[(RequestOrigin.AD_HOC, _("No, it has come up since")), (RequestOrigin.SURVEY, _("Yes"))],
        widget=forms.RadioSelect,
        help_text=_("Both ways lead into the plan; it is only noted where the request comes from."),
    )

    class Meta:
        model = CapacityRequest
        fields = [
            "title", "area", "objective", "audience", "first_day", "last_day", "mode", "place", "bears_cost", "cost_note",
            "origin", "contact_name", "contact_email",
        ]  # fmt: skip
        labels = {
            "title": _("What should it be called?"),
            "area": _("In which area?"),
            "objective": _("What should be different afterwards?"),
            "audience": _("Who will take part?"),
            "first_day": _("First day wished"),
            "last_day": _("Last day wished"),
            "place": _("Where?"),
            "cost_note": _("Which cost, if you bear some?"),
            "contact_name": _("Whom can the experts ask?"),
            "contact_email": _("That person's e-mail address"),
        }
        help_texts = {
            "title": _("A few words, as they will stand in the annual plan: “Customs valuation workshop”."),
            "area": _("Experts are searched in this area."),
            "objective": _("The expert prepares from these words, and ROCB checks that they are clear."),
            "audience": _("Their work, their level, about how many. No names."),
            "first_day": _("A first idea; the dates are settled when the request is entered in the plan."),
            "place": _("City or training centre; leave it empty for a remote event."),
            "cost_note": _("For example local transport, meals, interpretation, flights."),
            "contact_name": _("Somebody who knows the subject and the place."),
        }
        widgets = {
            "objective": forms.Textarea(attrs={"rows": 4}),
            "audience": forms.Textarea(attrs={"rows": 3}),
            "cost_note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, administrations: Any = (), **kwargs: Any) -> None:
        """With several `administrations` it is asked for which; with none or one that is settled."""
        super().__init__(*args, **kwargs)
        self.administrations = {str(a.pk): a for a in administrations}
        self.fields["area"].queryset = Area.objects.active()  # type: ignore[attr-defined]
        self.fields["area"].empty_label = _("Choose an area")  # type: ignore[attr-defined]
        # Kept as typed: whether it is an address is looked at when the request is sent.
        email = self.fields["contact_email"]
        self.fields["contact_email"] = forms.CharField(
            label=email.label, help_text=email.help_text, widget=email.widget, max_length=254
        )
        for name in guards.questions():
            self.fields[name].required = name not in {"place", "cost_note"}
        if len(self.administrations) > 1:
            choices = [(key, str(a)) for key, a in self.administrations.items()]
            field = forms.ChoiceField(label=_("For which administration?"), choices=choices)
            self.fields = {"beneficiary": field, **self.fields}

    def full_clean(self) -> None:
        """Nothing is missing in a draft, though the page says what belongs to it."""
        asked = [field for field in self.fields.values() if field.required]
        for field in asked:
            field.required = False
        super().full_clean()
        for field in asked:
            field.required = True

    def _post_clean(self) -> None:
        """The rules of the model are those of what is sent."""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        _drop_what_is_not_asked(data, "cost_note", unless=data.get("bears_cost") != BearsCost.NO)
        _drop_what_is_not_asked(data, "place", unless=data.get("mode") != Mode.REMOTE)
        return data

    def answers(self) -> dict[str, Any]:
        """What was typed, as far as it can be kept."""
        found = dict(self.cleaned_data)
        chosen = self.administrations.get(found.pop("beneficiary", ""))
        return {**found, "beneficiary": chosen} if chosen else found

    @property
    def says_something(self) -> bool:
        """Whether anything was typed beside what stood there already."""
        return bool(set(self.changed_data) - {"beneficiary"})

    def labels(self, names: Iterable[str]) -> list[str]:
        return [str(self.fields[name].label) for name in self.fields if name in names]

    def point_at(self, questions: dict[str, str]) -> None:
        """Show what is still open at its question."""
        for name, sentence in questions.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, sentence)


class SendForm(PortalForm, forms.Form):
    """Nothing more is asked; sending is the answer."""


class MissionForm(PortalForm, forms.Form):
    """The particulars that every mission carries from the start."""

    title = forms.CharField(label=_("Title"), max_length=160)
    place = forms.CharField(label=_("Place"), max_length=120, help_text=_("“Online” for a remote mission."))
    first_day = forms.DateField(
        label=_("First day"), help_text=_("Of the event itself; travel days are kept per seat.")
    )
    last_day = forms.DateField(label=_("Last day"))
    mode = forms.ChoiceField(label=_("How does it take place?"), choices=Mode.choices, widget=forms.RadioSelect)
    under_scheme = yes_no(
        label=_("Is it under the WCO/ROCB scheme?"),
        help_text=_("Missions outside are recorded too; their days count for the experts all the same."),
    )
    financing = forms.ChoiceField(
        label=_("Who finances it?"),
        choices=Financing.choices,
        widget=forms.RadioSelect,
        help_text=_("If it is not the WCO, the same steps are kept and each deviation is noted (§3.4)."),
    )
    donor = forms.CharField(
        label=_("Name of the institution or donor"),
        max_length=120,
        required=False,
        help_text=_("A donor's yes is asked for listed candidates and first-step experts (§3.1)."),
    )
    deviations = forms.CharField(
        label=_("Deviations from the seven steps"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    role = forms.TypedChoiceField(
        label=_("In which role do the experts go?"), choices=MissionRole.choices, coerce=int, widget=forms.RadioSelect
    )

    FROZEN = ("first_day", "last_day", "mode")

    def __init__(self, *args: Any, is_frozen: bool = False, **kwargs: Any) -> None:
        initial = kwargs.get("initial") or {}
        if isinstance(initial.get("under_scheme"), bool):
            kwargs["initial"] = {**initial, "under_scheme": "yes" if initial["under_scheme"] else "no"}
        super().__init__(*args, **kwargs)
        if is_frozen:
            for name in self.FROZEN:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        super().clean()
        _in_order(self, "first_day", "last_day")
        data = self.cleaned_data
        financing = data.get("financing")
        if financing == Financing.DONOR and not data.get("donor", "").strip():
            self.add_error("donor", _("Please name the institution or donor."))
        _drop_what_is_not_asked(data, "donor", unless=financing in {Financing.DONOR, Financing.SHARED})
        _drop_what_is_not_asked(data, "deviations", unless=financing != Financing.WCO)
        return data


class PlanEntryForm(MissionForm):
    """The entry in the annual plan: the particulars, and how many people are needed (§3.4 step 1)."""

    seats = forms.IntegerField(
        label=_("How many experts are needed?"),
        min_value=1,
        max_value=12,
        initial=1,
        help_text=_("One seat each; seats can be added, changed and dropped later."),
    )

    def __init__(self, *args: Any, plan_year_url: str = "", **kwargs: Any) -> None:
        """The plan year is shown as the first day is typed, at `plan_year_url`."""
        super().__init__(*args, **kwargs)
        self.fields["first_day"].widget.attrs |= {
            "hx-get": plan_year_url,
            "hx-target": "#plan-year",
            "hx-swap": "outerHTML",
            "hx-trigger": "change",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.cleaned_data.get("first_day") and self.cleaned_data["first_day"] < today():
            self.add_error("first_day", _("This day has passed. A mission is planned for days to come."))
        return data


class SeatForm(PortalForm, forms.Form):
    """One place on the mission. Days a letter has frozen, and the area somebody was chosen for, are not asked."""

    task = forms.CharField(
        label=_("Task"),
        max_length=200,
        required=False,
        help_text=_("What this person does, if there are several: “leads the sessions on valuation”."),
    )
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Area"), help_text=_("Experts are searched in this area.")
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Category"),
        required=False,
        empty_label=_("Any"),
        help_text=_("Only if it has to be a certain one, for example a diagnostic facilitator."),
    )
    release_first = forms.DateField(
        label=_("Away from"), help_text=_("The first day away from the home administration, travel included.")
    )
    release_last = forms.DateField(
        label=_("Away until"), help_text=_("The last day, travel included. Both ends count against the cap (§3.2).")
    )

    def __init__(self, *args: Any, without: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.active()  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(is_active=True)  # type: ignore[attr-defined]
        for name in without:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        super().clean()
        _in_order(self, "release_first", "release_last")
        return self.cleaned_data


class DropSeatForm(PortalForm, forms.Form):
    """Nothing more is asked."""


class SearchForm(PortalForm, forms.Form):
    """What the search page is asked by its address."""

    languages = forms.MultipleChoiceField(
        label=_("Must speak"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [(name, name) for name in known]  # type: ignore[attr-defined]


class ShortlistForm(PortalForm, forms.Form):
    """Who goes on the shortlist of which seat, and why if others stand before; the order is the server's."""

    seat = forms.UUIDField(widget=forms.HiddenInput)
    expert = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why this person?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ConsultationForm(PortalForm, forms.Form):
    """The informal answer: available, other dates, or not. It commits nobody (§3.4 step 3)."""

    answer = forms.ChoiceField(
        label=_("Are you available on these days?"),
        choices=[
            ("answer_available", _("Yes, I am available")),
            ("answer_other_dates", _("On other dates")),
            ("answer_not_available", _("No")),
        ],
        widget=forms.RadioSelect,
    )
    informal_note = forms.CharField(
        label=_("Anything to add"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("If other dates would do: which. No reason is needed for a no."),
    )

    def __init__(self, *args: Any, answers: dict[str, Any] | None = None, for_staff: str = "", **kwargs: Any) -> None:
        """`answers` are those the table offers now; `for_staff` names the expert whose answer is noted."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answer"]
        if answers is not None:
            field.choices = [(value, label) for value, label in field.choices if value in answers]
        if for_staff:
            field.label = _("What did %(name)s say?") % {"name": for_staff}
            field.choices = [(value, answers[value] if answers else label) for value, label in field.choices]
            self.fields["informal_note"].help_text = _(
                "In the expert's words if possible; which dates, if others would do."
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        note = self.cleaned_data.get("informal_note", "").strip()
        if self.cleaned_data.get("answer") == "answer_other_dates" and not note:
            self.add_error("informal_note", _("Please say which dates would do."))
        return self.cleaned_data


def first_day_in(data: Any) -> dt.date | None:
    """The first day that a half-filled form names, if it is one."""
    try:
        return dt.date.fromisoformat(data.get("first_day", ""))
    except ValueError:
        return None
