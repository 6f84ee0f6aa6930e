from django.contrib import admin

from centres.models import Centre, CentreFocus, Resource, Training, TrainingPerson
from core.admin import PortalAdmin, PortalInline, ReadOnlyAdmin


class CentreFocusInline(PortalInline):
    """A focus that no longer holds gets its last day; it is not taken out."""

    model = CentreFocus
    autocomplete_fields = ("area",)


@admin.register(Centre)
class CentreAdmin(PortalAdmin):
    list_display = ("administration", "since", "is_active")
    list_filter = ("is_active", "focus__area")
    list_select_related = ("administration",)
    search_fields = ("administration__name", "focus__label", "focus__area__name")
    autocomplete_fields = ("administration",)
    inlines = (CentreFocusInline,)


@admin.register(Resource)
class ResourceAdmin(ReadOnlyAdmin):
    """Added and taken away on the page of the centre."""

    list_display = ("title", "centre", "area", "audience", "created_at", "removed_at")
    list_filter = ("audience", "area", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("centre__administration", "area")
    search_fields = ("title", "note", "centre__administration__name", "area__name")


class TrainingPersonInline(PortalInline):
    model = TrainingPerson
    autocomplete_fields = ("expert",)


@admin.register(Training)
class TrainingAdmin(PortalAdmin):
    list_display = ("title", "centre", "kind", "area", "first_day", "last_day", "participants")
    list_filter = ("kind", "area")
    list_select_related = ("centre__administration", "area")
    search_fields = ("title", "centre__administration__name", "area__name")
    autocomplete_fields = ("centre", "area")
    date_hierarchy = "first_day"
    inlines = (TrainingPersonInline,)
