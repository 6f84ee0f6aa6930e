from django.contrib import admin

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from support.models import Notice, Opportunity


class NoticeInline(ReadOnlyInline):
    model = Notice
    fields = ("audience", "administration", "expert", "sent_at", "seen_at", "failed_at", "signed_up_at")
    show_change_link = False


@admin.register(Opportunity)
class OpportunityAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "area", "state", "told_at", "deadline")
    list_filter = ("kind", "state", "area")
    list_select_related = ("area",)
    search_fields = ("title", "region_text", "experts_text")
    exclude = ("state",)
    inlines = (NoticeInline,)
