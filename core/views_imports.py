"""Sheets as people meet them: brought, looked at row by row, decided, applied, taken back."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import django_filters as filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import imports
from core.clock import today
from core.dated_policy import policy
from core.enums import RowVerdict
from core.errors import UploadRefused
from core.exports import XLSX, Export
from core.forms import PortalForm
from core.history import history_of
from core.models import ImportRow, SheetImport, StoredFile
from core.policies import may
from core.views import Download, FormPage, Guarded, ListPage, Page

GISTS = (RowVerdict.NEW, RowVerdict.AMBIGUOUS)  # of these one wants to see at once what the sheet says
ENDINGS = {"csv": "text/csv", "txt": "text/csv", "xlsx": XLSX}


class OfImports(Guarded):
    """Sheets are seen by the offices; what may be done with one its importer says."""

    action = "members.sheets"
    model = SheetImport

    def rows(self) -> Any:
        return super().rows().select_related("file", "by", "applied_by", "undone_by", "base__file")

    @cached_property
    def importer(self) -> imports.Importer:
        kind = self.object.kind if self.object is not None else self.kwargs.get("kind", "")
        try:
            return imports.importer_of(kind)
        except LookupError as error:
            raise Http404 from error

    def check(self) -> None:
        if self.object is None and "kind" not in self.kwargs:
            super().check()
        elif not may(self.request.user, self.importer.action):
            raise PermissionDenied(_("You may not bring sheets of this kind."))


def tone_of(sheet: SheetImport) -> str:
    if sheet.is_at_work:
        return "info"
    return "warn" if sheet.is_open else "good" if sheet.is_applied else "neutral"


class ImportsFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind"), empty_label=gettext_lazy("All"))
    state = filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=SheetImport._meta.get_field("state").choices,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = SheetImport
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = imports.importers_for(self.request.user)
        self.form.fields["kind"].choices = [("", _("All")), *((one.kind, one.title) for one in known)]


class ImportsPage(OfImports, ListPage):
    filterset_class = ImportsFilter
    template_name = "core/imports.html"
    results_template = "core/_imports_results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        titles = {one.kind: one.title for one in imports.importers_for(self.request.user)}
        context["sheets"] = [(sheet, titles.get(sheet.kind, sheet.kind), tone_of(sheet)) for sheet in context["rows"]]
        context["importers"] = imports.importers_for(self.request.user)
        return context


class BringForm(PortalForm, forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV or XLSX. It is kept as it is; nothing changes before you have seen what would."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    as_of = forms.DateField(
        label=gettext_lazy("As of"), help_text=gettext_lazy("The day on which the sheet was drawn up.")
    )

    def clean_file(self) -> Any:
        """Size and ending only: what is inside is judged when it is read."""
        upload = self.cleaned_data["file"]
        if upload.name.rpartition(".")[2].lower() not in ENDINGS:
            raise forms.ValidationError(_("Please bring a CSV or XLSX file."))
        most = int(policy("upload.max_bytes"))
        if upload.size > most:
            raise forms.ValidationError(_("The file is larger than %(mb)d MB.") % {"mb": most // 1_000_000})
        return upload

    def clean_as_of(self) -> dt.date:
        day = self.cleaned_data["as_of"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class BringPage(OfImports, FormPage):
    form_class = BringForm
    template_name = "core/import_new.html"

    def initial(self) -> dict[str, Any]:
        return {"as_of": today()}

    def save(self, form: Any) -> Any:
        upload = form.cleaned_data["file"]
        name = upload.name.replace("\\", "/").rpartition("/")[2][-150:]
        upload.seek(0)
        data = upload.read()
        if not data:
            raise UploadRefused(_("The file is empty."))
        return imports.bring(
            self.importer.kind,
            data=data,
            name=name,
            content_type=ENDINGS[name.rpartition(".")[2].lower()],
            as_of=form.cleaned_data["as_of"],
            by=self.request.user,
        ).get_absolute_url()

    def cancel_url(self) -> str:
        return reverse("core:imports")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            (column.name, column.label, column.synonyms[:3], column.required) for column in self.importer.columns
        ]
        most = int(policy("import.max_rows"))
        return super().get_context_data(importer=self.importer, columns=columns, most=most, **kwargs)


def line(row: ImportRow, importer: imports.Importer) -> dict[str, Any]:
    """A row as the page shows it: what it is about, and how it can be decided."""
    labels = {column.name: column.label for column in importer.columns}
    return {
        "row": row,
        "ways": importer.ways(row),
        "changes": list(enumerate(row.changes)),
        "by_field": row.verdict == RowVerdict.CHANGED,
        "gist": " · ".join(row.data["says"].values()) if row.verdict in GISTS else "",
        "column": labels.get(row.column, row.column),
        "says": [(labels.get(name, name), said) for name, said in row.data["says"].items()],
    }


class ImportPage(OfImports, ListPage):
    """One sheet: how far it is; once read, its rows by verdict, each with what would change and the decision on it."""

    template_name = "core/import.html"
    results_template = "core/_import_rows.html"
    per_page = 50

    def found(self) -> Any:
        return self.object.rows.filter(verdict=self.verdict)

    @cached_property
    def counts(self) -> dict[str, int]:
        return {verdict: self.object.counts.get(verdict, 0) for verdict in RowVerdict.values}

    @cached_property
    def verdict(self) -> str:
        """The one of the address; else the first that has rows."""
        wanted = self.request.GET.get("verdict", "")
        if wanted in self.counts:
            return wanted
        return next((verdict for verdict, n in self.counts.items() if n), RowVerdict.NEW)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet, here = self.object, self.object.get_absolute_url()
        context = super().get_context_data(**kwargs)
        taken = imports.taken(sheet) if sheet.is_read else {}
        context.update(
            sheet=sheet,
            importer=self.importer,
            verdict=RowVerdict(self.verdict),
            tone_of=tone_of(sheet),
            tabs=[
                {
                    "url": f"{here}?verdict={value}",
                    "label": label,
                    "count": self.counts[value],
                    "active": value == self.verdict,
                }
                for value, label in RowVerdict.choices
            ],
            lines=[line(row, self.importer) for row in context["rows"]],
            takes=taken.get(self.verdict, (0, 0))[0],
            taken=sum(yes for verdict, (yes, _all) in taken.items() if verdict in imports.DECIDED),
            can_decide=sheet.is_open and self.verdict in imports.DECIDED,
            can_take_all=imports.can_take_all(self.importer, self.verdict),
            way_for_all=self.way_for_all(context["rows"]),
            can_undo=sheet.is_applied and imports.can_undo(sheet),
            message=sheet.message.splitlines(),
            entries=history_of(sheet.pk),
        )
        return context

    def way_for_all(self, rows: Sequence[ImportRow]) -> str:
        """The words of the way in which all rows of the verdict can be taken at once, if it is one of several."""
        way = self.importer.way_for_all.get(self.verdict)
        return next((words for row in rows for value, words in self.importer.ways(row) if value == way), "")


class ImportRows(Export, OfImports, Page):
    """The rows of one verdict, or all, with the decision on each."""

    def table(self) -> Any:
        rows = self.object.rows.all()
        verdict = self.request.GET.get("verdict", "")
        if verdict in RowVerdict.values:
            rows = rows.filter(verdict=verdict)
        head = (
            _("Sheet"),
            _("Row"),
            _("Verdict"),
            _("About"),
            _("Column"),
            _("Reason"),
            _("What would change"),
            _("Taken"),
        )
        return (
            f"sheet-{self.object.as_of}-{verdict or 'all'}",
            head,
            (_exported(row) for row in rows.iterator(chunk_size=2_000)),
        )


def _exported(row: ImportRow) -> tuple[Any, ...]:
    changes = "; ".join(f"{one['label']}: {one['portal'] or '–'} → {one['sheet']}" for one in row.changes)
    verdict = RowVerdict(row.verdict).label
    return row.sheet, row.number, verdict, row.label, row.column, row.reason, changes, _("yes") if row.take else _("no")


class ImportProgress(OfImports, Page):
    """What the page asks every second while the worker has the sheet in hand; the end reloads the page."""

    template_name = "core/_import_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sheet=self.object, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.headers.get("HX-Request"):
            return redirect(self.object.get_absolute_url())
        if not self.object.is_at_work:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().get(request, *args, **kwargs)


class DecideRows(OfImports):
    """The decisions on the rows of one page; or on all rows of a verdict at once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST
        if asked.get("all") in {"take", "leave"}:
            imports.decide_all(self.object, asked.get("verdict", ""), take=asked["all"] == "take")
            messages.success(request, _("Decided for all of them."))
        else:
            n = imports.decide(self.object, self.decisions())
            messages.success(request, _("Saved: %(n)d rows decided.") % {"n": n})
        verdict, page = asked.get("verdict", ""), asked.get("page", "")
        known = f"?verdict={verdict}" if verdict in RowVerdict.values else "?"
        return redirect(self.object.get_absolute_url() + known + (f"&page={page}" if page.isdecimal() else ""))

    def decisions(self) -> dict[uuid.UUID, imports.RowDecision]:
        """What was ticked, by the row; odd keys are left out."""
        fields: dict[uuid.UUID, set[int]] = {}
        for one in self.request.POST.getlist("field"):
            key, _colon, number = one.partition(":")
            row = _key(key)
            if row and number.isdecimal() and len(number) < 4:
                fields.setdefault(row, set()).add(int(number))
        takes = {_key(one) for one in self.request.POST.getlist("take")}
        return {
            row: imports.RowDecision(
                row in takes, self.request.POST.get(f"way-{row}", ""), frozenset(fields.get(row, ()))
            )
            for row in map(_key, self.request.POST.getlist("row"))
            if row
        }


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class _Ask(OfImports, FormPage):
    """One question before something happens with the whole sheet."""

    form_class = forms.Form
    template_name = "core/import_ask.html"
    heading: Any
    question: Any
    text: Any = ""
    button: Any
    tone = "primary"

    def blocked(self) -> Any:
        """Why not, or nothing."""
        raise NotImplementedError

    def facts(self) -> Sequence[tuple[object, object]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sheet=self.object, importer=self.importer, heading=self.heading, question=self.question, text=self.text,
            button=self.button, tone=self.tone, facts=self.facts(), blocked=self.blocked(), **kwargs,
        )  # fmt: skip


class ApplyPage(_Ask):
    heading = gettext_lazy("Apply this sheet")
    question = gettext_lazy("Write what was decided?")
    text = gettext_lazy(
        "All of it is written at once, or nothing. It can be taken back as long as nothing of it has changed."
    )
    button = gettext_lazy("Apply")

    def blocked(self) -> Any:
        return "" if self.object.is_open else _("There is nothing to apply: the sheet is not open to decisions.")

    def facts(self) -> Sequence[tuple[object, object]]:
        labels = dict(RowVerdict.choices)
        rows = imports.taken(self.object)
        return [
            (labels[verdict], _("%(yes)d of %(n)d taken") % {"yes": rows[verdict][0], "n": rows[verdict][1]})
            for verdict in imports.DECIDED
            if verdict in rows
        ] + [(labels[v], _("%(n)d rows") % {"n": rows[v][1]}) for v in ("unchanged", "invalid") if v in rows]

    def save(self, form: Any) -> Any:
        imports.ask_to_apply(self.object, by=self.request.user, version=self.version)
        return self.object.get_absolute_url()


class UndoPage(_Ask):
    heading = gettext_lazy("Take this sheet back")
    question = gettext_lazy("Take everything back that this sheet has written?")
    text = gettext_lazy(
        "Every field gets back what it had. If something of it has changed since, nothing happens, and you see what."
    )
    button = gettext_lazy("Take it back")
    tone = "danger"

    def blocked(self) -> Any:
        if not self.object.is_applied:
            return _("There is nothing to take back.")
        return (
            ""
            if imports.can_undo(self.object)
            else _("A later sheet was applied; that one has to be taken back first.")
        )

    def save(self, form: Any) -> Any:
        imports.ask_to_undo(self.object, by=self.request.user, version=self.version)
        return self.object.get_absolute_url()


class PutAwayPage(_Ask):
    heading = gettext_lazy("Put this sheet away")
    question = gettext_lazy("Apply nothing of this sheet?")
    text = gettext_lazy("The file and its rows stay to be looked at.")
    button = gettext_lazy("Put it away")
    tone = "danger"

    def blocked(self) -> Any:
        return "" if self.object.is_open or not self.object.is_read else _("It is not open any more.")

    def save(self, form: Any) -> Any:
        imports.put_away(self.object, by=self.request.user)
        return self.object.get_absolute_url()


class ReadAgain(OfImports):
    """The same file, compared anew with what is here now."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        imports.read_again(self.object, by=request.user)
        return redirect(self.object.get_absolute_url())


class ImportFile(OfImports, Download):
    """The file as it came."""

    def stored(self) -> StoredFile:
        return self.object.file
