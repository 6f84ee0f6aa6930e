"""Administrations, and the people who sign in with the parties they belong to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import PortalAdmin, PortalInline
from members import services
from members.models import Absence, Administration, Membership, User


@admin.register(Administration)
class AdministrationAdmin(PortalAdmin):
    list_display = (
        "name",
        "organisation",
        "head_title",
        "subregion",
        "airport",
        "joined_year",
        "is_rocb_host",
        "is_active",
    )
    list_filter = ("subregion", "is_active", "is_rocb_host")
    search_fields = ("name", "organisation", "head_title", "=code", "=airport")


class MembershipInline(PortalInline):
    model = Membership
    fields = (("party", "administration"),)
    autocomplete_fields = ("administration",)
    deletable = True


class AbsenceInline(PortalInline):
    model = Absence
    fields = (("first_day", "last_day"),)
    deletable = True


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("email", "name", "timezone", "is_active")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


@admin.register(User)
class UserAdmin(PortalAdmin):
    """Accounts and their parties. Nobody types a password here: people choose their own by the invitation or the reset link."""

    form = UserForm
    list_display = ("name", "email", "parties_held", "last_login", "is_active")
    list_filter = ("is_active", "memberships__party", "memberships__administration__subregion")
    search_fields = ("name", "email", "memberships__administration__name")
    inlines = (MembershipInline, AbsenceInline)
    readonly_fields = ("last_login", "created_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("memberships__administration")

    @admin.display(description=_("parties"))
    def parties_held(self, user: User) -> str:
        return "; ".join(membership.label for membership in user.memberships.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody shuts the own account."""
        own = ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        elif "email" in form.changed_data:
            services.change_email(obj, by=request.user, email=obj.email)
        super().save_model(request, obj, form, change)
