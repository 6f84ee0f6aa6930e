"""The admin of staff: states are read and never set, what has a past is not deleted, and who may is asked in one place.

Every admin is a `PortalAdmin`, with a workflow a `WorkflowAdmin`, or a `ReadOnlyAdmin`. Their rights are those of the site, which
asks `may`; Django's own permissions are not looked at.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from core import history
from core.clock import today
from core.errors import SomebodyWasFaster
from core.forms import DateInput
from core.locks import lock_row
from core.models import (
    ActionLink,
    Base,
    Counter,
    LogEntry,
    Message,
    OutboxJob,
    PolicyRow,
    SheetImport,
    StoredFile,
    Versioned,
)
from core.workflow import binding_of, blocked, in_reach, state_of, transition_url

VERSION = "drawn_version"


class VersionedForm(forms.ModelForm):
    """Carries the version it was drawn with: a row that has changed since is refused, and what was typed stays."""

    drawn_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial[VERSION] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance._state.adding:
            return cleaned
        fresh = lock_row(self.instance)
        if fresh.version != cleaned.get(VERSION):
            again: Any = self.data.copy()  # type: ignore[attr-defined]
            again[self.add_prefix(VERSION)] = fresh.version
            self.data = again
            raise ValidationError(SomebodyWasFaster.sentence)
        return cleaned

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != VERSION]


class _Manners:
    """What the rows allow besides the site's own yes: `addable`, `deletable`, and `is_open(obj)` for changes.

    Days are asked by the browser's own calendar; related rows are chosen here and edited on their own page.
    """

    addable = True
    deletable = False
    admin_site: admin.AdminSite
    formfield_overrides: Any = {
        models.DateField: {"widget": DateInput},
        models.URLField: {"assume_scheme": "https"},
    }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, button):
                setattr(field.widget, button, False)
        return field

    def is_open(self, obj: Any) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.addable and self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or self.is_open(obj)) and self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and self.admin_site.has_permission(request)


def _form_for(model: type[models.Model], form: Any) -> Any:
    return VersionedForm if issubclass(model, Versioned) and form is forms.ModelForm else form


class PortalAdmin(_Manners, SimpleHistoryAdmin):
    """Edits are checked against the version the form was drawn with, raise it, and leave a line in the history.

    simple_history's own history page where the model keeps one, Django's everywhere else; nothing is reverted there.
    """

    form: Any = forms.ModelForm
    list_per_page = 50

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        self.form = _form_for(model, self.form)
        super().__init__(model, admin_site)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the version, wherever it can be changed and the class names its own fieldsets."""
        sets = [(title, dict(options)) for title, options in super().get_fieldsets(request, obj)]
        named = {name for _title, options in sets for name in options["fields"]}
        if obj is not None and issubclass(self.form, VersionedForm) and self.has_change_permission(request, obj):
            if VERSION not in named:
                sets[0][1]["fields"] = [*sets[0][1]["fields"], VERSION]
        else:
            sets[0][1]["fields"] = [name for name in sets[0][1]["fields"] if name != VERSION]
        return sets

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj is not None and hasattr(obj, "get_absolute_url") else None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._history_user = request.user
        changed = _changed_columns(obj, form)
        if change and not changed:
            return
        if change:
            obj.save(update_fields=[*changed, *_raise_version(obj)])
        else:
            obj.save()
        if isinstance(obj, Base):
            title = _("Edited in the admin") if change else _("Added in the admin")
            answers = {name: form.cleaned_data[name] for name in changed}
            history.record(obj, "admin", title, by=request.user, answers=answers, private=True)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for obj in formset.save(commit=False):
            obj._history_user = request.user
            if not obj._state.adding:
                _raise_version(obj)
            obj.save()
        for obj in formset.deleted_objects:
            obj.delete()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if hasattr(self.model._meta, "simple_history_manager_attribute"):
            return super().history_view(request, object_id, extra_context)
        return admin.ModelAdmin.history_view(self, request, object_id, extra_context)

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, *args, **kwargs)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


def _changed_columns(obj: models.Model, form: Any) -> list[str]:
    columns = {field.name for field in obj._meta.concrete_fields}
    return [name for name in form.changed_data if name in columns]


def _raise_version(obj: Any) -> list[str]:
    if not isinstance(obj, Versioned):
        return []
    obj.version += 1
    return ["version"]


class ReadOnlyAdmin(PortalAdmin):
    """Written by the portal alone; staff look things up here."""

    addable = False

    def is_open(self, obj: Any) -> bool:
        return False


class PortalInline(_Manners, admin.StackedInline):
    extra = 0

    def __init__(self, parent_model: type[models.Model], admin_site: admin.AdminSite) -> None:
        self.form = _form_for(self.model, self.form)
        super().__init__(parent_model, admin_site)


class ReadOnlyInline(PortalInline):
    """What belongs to the record but is written elsewhere: a table whose rows link there."""

    template = "admin/inline_rows.html"
    addable = False
    show_change_link = True

    def is_open(self, obj: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StateFilter(admin.SimpleListFilter):
    """By the states of the model's own table, in its order and words."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(state.value, state.label) for state in binding_of(model_admin.model).machine.states]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() else queryset


class WorkflowAdmin(PortalAdmin):
    """A record with a workflow: where it stands and what can follow are read from its table, each act with a link to its page."""

    exclude = ("state",)
    addable = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["stands", "follows", *super().get_readonly_fields(request, obj)]

    @admin.display(description=_("state"), ordering="state")
    def stands(self, obj: Any) -> Any:
        return state_of(obj).label

    @admin.display(description=_("what can follow"))
    def follows(self, obj: Any) -> Any:
        """Every row of the table that starts here: a link to its page, by whom, and why not yet."""
        rows = [
            row
            for row in binding_of(obj).machine.transitions
            if not row.hidden and not row.consequence and in_reach(obj, row)
        ]
        if not rows:
            return _("Nothing: this is its last state.")
        lines = format_html_join(
            "",
            '<li><a href="{}">{}</a> ({}) {}</li>',
            (
                (transition_url(obj, row), row.button or row.label, _words(row.all_parties), blocked(obj, row))
                for row in rows
            ),
        )
        return format_html("<ul>{}</ul>", lines)


def _words(parties: Iterable[Any]) -> str:
    return ", ".join(sorted(str(getattr(party, "label", party)) for party in parties))


class PolicyRowForm(forms.ModelForm):
    """A new figure for a key that the portal knows, of the same kind as its last one, from today on or later."""

    key = forms.ChoiceField(label=_("key"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            known = (
                PolicyRow.objects.exclude(key__startswith="portal.")
                .order_by("key")
                .values_list("key", flat=True)
                .distinct()
            )
            field: Any = self.fields["key"]
            field.choices = [(key, key) for key in known]

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day < today():
            raise ValidationError(
                _(
                    "A decision is judged by the policy of its own day: a new figure holds from today on at the earliest."
                )
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        last = PolicyRow.objects.filter(key=cleaned.get("key")).order_by("-valid_from").first()
        if last is not None and "value" in cleaned and type(cleaned["value"]) is not type(last.value):
            self.add_error("value", _("This figure is written like the last one: %(value)s") % {"value": last.value})
        return cleaned


@admin.register(PolicyRow)
class PolicyRowAdmin(PortalAdmin):
    """A decision is judged by the policy of its own day: new figures are new rows, and one that has begun is never changed."""

    form = PolicyRowForm
    list_display = ("key", "value", "unit", "valid_from", "paragraph", "origin", "text")
    list_filter = ("origin", "paragraph")
    search_fields = ("key", "text", "paragraph")

    def is_open(self, obj: Any) -> bool:
        return obj.valid_from > today()


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "title", "kind", "actor", "party", "on_behalf_of", "from_state", "to_state")
    list_filter = ("kind", "party", "private")
    search_fields = ("title", "actor", "note", "object_id")
    date_hierarchy = "at"


@admin.register(OutboxJob)
class OutboxJobAdmin(ReadOnlyAdmin):
    list_display = ("kind", "state", "formal", "attempts", "due_at", "done_at", "error")
    list_filter = ("state", "formal", "kind")
    search_fields = ("kind", "error")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("subject", "to", "sent_at")
    search_fields = ("subject", "to", "text")
    date_hierarchy = "sent_at"


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """Name, size and hash; the file itself is served by the page it belongs to, which knows who may read it."""

    list_display = ("name", "content_type", "size", "sha256", "uploaded_by", "created_at")
    list_select_related = ("uploaded_by",)
    list_filter = ("content_type",)
    search_fields = ("name", "sha256")
    exclude = ("blob",)


@admin.register(ActionLink)
class ActionLinkAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "recipient", "expires_at", "used_at", "ended_at")
    list_filter = ("purpose",)
    search_fields = ("recipient", "object_id")
    exclude = ("token_hash",)


@admin.register(Counter)
class CounterAdmin(ReadOnlyAdmin):
    list_display = ("series", "last")
    search_fields = ("series",)


@admin.register(SheetImport)
class SheetImportAdmin(ReadOnlyAdmin):
    """Sheets are decided, applied and taken back on their own pages."""

    list_display = ("kind", "file", "as_of", "state", "by", "applied_at", "undone_at")
    list_filter = ("kind", "state")
    list_select_related = ("file", "by")
    search_fields = ("file__name",)
    date_hierarchy = "as_of"
