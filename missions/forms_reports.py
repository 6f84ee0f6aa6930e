"""The questions of step 7 and of the report: terms of reference, material, the end of a mission, the report and its rows."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.asks import UploadField
from core.clock import today
from core.dated_policy import policy
from core.files import ALLOWED
from core.forms import DateInput, PortalForm
from experts.models import Area
from missions import guards
from missions.enums import MaterialKind, Urgency
from missions.guidance import REPORT, TERMS, guidance
from missions.models import Invitation, Mission, Report

Days = tuple[dt.date, dt.date]

LONG = 20_000
ROWS_MORE = 3
ROWS_MOST = 60


class ConfirmForm(PortalForm, forms.Form):
    """Nothing is asked but the yes itself."""


class DraftField(forms.CharField):
    """A long text that is asked for before the thing is sent, and not while it is a draft."""

    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(max_length=LONG, **kwargs)
        self.widget.attrs["rows"] = str(rows)

    def to_python(self, value: Any) -> str:
        """Lines end alike, whether a browser or its script sent them."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        """Nothing is missing in a draft."""


class PreparationForm(PortalForm, forms.Form):
    """Terms of reference in three parts, and the agenda (§3.4 step 7)."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in guidance(TERMS):
            self.fields[part["field"]] = DraftField(rows=6, label=_(part["title"]), help_text=_(part["guidance"]))
        self.fields["agenda"] = DraftField(
            rows=10,
            label=_("Agenda"),
            help_text=_(
                "Day by day, a line each. A longer one can be added as a file below; then say here where to find it."
            ),
        )


class MaterialForm(PortalForm, forms.Form):
    """A file with its kind and title. An annex is offered while the report is being written."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect, choices=MaterialKind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    upload = UploadField(label=gettext_lazy("File"), endings=tuple(ALLOWED))

    def __init__(self, *args: Any, takes_annexes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = int(policy("upload.max_bytes")) // 1_000_000
        self.fields["upload"].help_text = _("PDF, Word, Excel, PowerPoint or a picture, up to %(mb)d MB.") % {
            "mb": most
        }
        if not takes_annexes:
            self.fields["kind"].choices = [c for c in MaterialKind.choices if c[0] != MaterialKind.ANNEX]  # type: ignore[attr-defined]


class RecordEndForm(PortalForm, forms.Form):
    """The days as they were. Whoever's days away are left as they stand follows the mission's own days."""

    actual_first_day = forms.DateField(label=gettext_lazy("First day of the mission"))
    actual_last_day = forms.DateField(label=gettext_lazy("Last day of the mission"))

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        self.mission = mission
        self.people: list[Invitation] = mission.team()
        super().__init__(*args, **kwargs)
        self.fields["actual_last_day"].help_text = _("Planned: %(day)s.") % {"day": f"{mission.last_day:%-d %b %Y}"}
        for person in self.people:
            first, last = self.moved(person, self.initial["actual_first_day"], self.initial["actual_last_day"])
            self.fields[f"first_{person.pk}"] = forms.DateField(
                label=_("First day away"), initial=first, widget=DateInput()
            )
            self.fields[f"last_{person.pk}"] = forms.DateField(
                label=_("Last day away"), initial=last, widget=DateInput()
            )

    def moved(self, person: Invitation, first_day: dt.date, last_day: dt.date) -> Days:
        """The planned days away, moved with the mission's own days: travel stays as long as it was."""
        first, last = person.seat.release
        return first + (first_day - self.mission.first_day), last + (last_day - self.mission.last_day)

    def rows(self) -> list[tuple[Invitation, Any, Any]]:
        return [(person, self[f"first_{person.pk}"], self[f"last_{person.pk}"]) for person in self.people]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("actual_first_day"), cleaned.get("actual_last_day")
        if last and last > today():
            self.add_error(
                "actual_last_day", _("This day is still to come. The end is recorded once the mission has ended.")
            )
        if first and first != self.mission.actual_first_day:
            reason = guards.start_is_plausible(self.mission, first)
            if reason:
                self.add_error("actual_first_day", reason)
        if first and last and last < first:
            self.add_error("actual_last_day", _("The last day is before the first."))
        if first and last and not self.errors:
            for person in self.people:
                self._settle(person, self.moved(person, first, last))
        return cleaned

    def _settle(self, person: Invitation, moved: Days) -> None:
        names = (f"first_{person.pk}", f"last_{person.pk}")
        for name, day in zip(names, moved, strict=True):
            if name not in self.changed_data:
                self.cleaned_data[name] = day
        if self.cleaned_data[names[1]] < self.cleaned_data[names[0]]:
            self.add_error(names[1], _("The last day away is before the first."))

    def away(self) -> dict[Any, Days]:
        return {p.pk: (self.cleaned_data[f"first_{p.pk}"], self.cleaned_data[f"last_{p.pk}"]) for p in self.people}


class NeedForm(forms.Form):
    """One row of future needs; an empty row is no row."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=Area.objects.active(), required=False, empty_label=gettext_lazy("Choose")
    )
    what = forms.CharField(label=gettext_lazy("What is needed"), max_length=300, required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon"), choices=[("", gettext_lazy("Choose")), *Urgency.choices], required=False
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            tick = isinstance(field, forms.BooleanField)
            pick = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-check-input" if tick else "form-select" if pick else "form-control"

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the row, unless it is to be removed."""
        cleaned = getattr(self, "cleaned_data", {})
        if cleaned.get("remove"):
            return {}
        return {name: cleaned[name] for name in ("area", "what", "urgency") if cleaned.get(name)}

    @property
    def is_whole(self) -> bool:
        return len(self.typed) == 3


NeedRows = forms.formset_factory(NeedForm, extra=0, max_num=ROWS_MOST, absolute_max=ROWS_MOST)


class ReportForm(PortalForm, forms.Form):
    """The five sections of §3.5 and a free one; with `deviations` where another institution pays. `needs` are its rows.

    A draft keeps rows as far as they are filled; before it is submitted (`is_draft` is false) each that is not whole is named.
    """

    use_required_attribute = False
    TEXTS = ("purpose", "participants", "activities", "feedback", "needs_note", "other", "deviations")

    def __init__(self, *args: Any, report: Report, is_draft: bool = True, rows: int = ROWS_MORE, **kwargs: Any) -> None:
        self.is_draft = is_draft
        super().__init__(*args, **kwargs)
        for part in guidance(REPORT):
            name = "needs_note" if part["kind"] == "rows" else part["field"]
            title = _("Future needs in general") if part["kind"] == "rows" else _(part["title"])
            self.fields[name] = DraftField(
                rows=3 if name in {"needs_note", "other"} else 7, label=title, help_text=_(part["guidance"])
            )
        self.fields["needs_note"].help_text = _("Optional beside the rows. If there is no need, say so here.")
        self.fields["other"].required = self.fields["needs_note"].required = False
        if not report.mission.is_wco_financed:
            self.fields["deviations"] = DraftField(
                rows=3,
                required=False,
                label=_("Deviations from this outline"),
                help_text=_(
                    "The mission is not financed by the WCO: note what the other side asks to be different (§3.5)."
                ),
            )
        self.needs = self._rows(report, rows)

    def _rows(self, report: Report, empty: int) -> Any:
        if self.is_bound:
            return NeedRows(self.data, prefix="needs")
        kept = [{"area": n.area_id, "what": n.what, "urgency": n.urgency} for n in report.needs.all()]
        made = NeedRows(initial=kept, prefix="needs")
        made.extra = min(empty, ROWS_MOST - len(kept))
        return made

    def is_valid(self) -> bool:
        return super().is_valid() and self.needs.is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.needs.is_valid():
            self.add_error(None, _("Please look at the rows of future needs again."))
        for number, row in enumerate(self.needs, 1):
            if row.typed and not row.is_whole and not self.is_draft:
                self.add_error(
                    None, _("Future needs, row %(n)d: give area, need and how soon, or remove the row.") % {"n": number}
                )
        return cleaned

    def sections(self) -> dict[str, str]:
        """The texts that can be kept: of a valid form, all."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}

    def need_rows(self) -> list[dict[str, Any]] | None:
        """Every row in which something stands, however little; None when one cannot be kept as it is."""
        if not self.needs.is_valid():
            return None
        return [{"area": None, "what": "", "urgency": "", **row.typed} for row in self.needs if row.typed]

    def unread(self) -> list[str]:
        """What could not be kept, by the words over it."""
        found = [str(field.label) for name, field in self.fields.items() if name in self.errors]
        return found if self.needs.is_valid() else [*found, _("Future needs")]

    def unlike(self, report: Report) -> list[tuple[str, str]]:
        """Where the stored report says something else than what was typed: the section and what it says."""
        found = [
            (str(field.label), getattr(report, name))
            for name, field in self.fields.items()
            if getattr(report, name) and getattr(report, name) != self.cleaned_data.get(name)
        ]
        kept = [
            _in_words(need.area, need.what, need.get_urgency_display()) for need in report.needs.select_related("area")
        ]
        typed = [
            _in_words(row["area"], row["what"], Urgency(row["urgency"]).label if row["urgency"] else "")
            for row in self.need_rows() or ()
        ]
        return [*found, (_("Future needs"), "\n".join(kept))] if kept and kept != typed else found


def _in_words(area: Area | None, what: str, urgency: Any) -> str:
    return f"{area or '–'}: {what or '–'} ({urgency or '–'})"
