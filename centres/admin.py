from django.contrib import admin

from centres.models import Centre, CentreFocus
from core.admin import PortalAdmin, PortalInline


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
