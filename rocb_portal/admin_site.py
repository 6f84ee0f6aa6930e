"""The admin for ROCB staff, behind the portal's own sign-in; its rights are those of `may`."""

from typing import Any

from django.contrib.admin import AdminSite, site
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.policies import may


class PortalAdminSite(AdminSite):
    site_header = "ROCB A/P Regional Expertise Portal"
    site_title = "Portal administration"
    index_title = "Administration"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(may(request.user, "members.admin"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from core.dated_policy import is_demo  # this module is imported before the models are

        return super().each_context(request) | {"demo": is_demo()}

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """No second sign-in: whoever is not signed in goes to the portal's own page; whoever is and may not, home."""
        if request.user.is_authenticated:
            return redirect("/")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


class PortalAdminConfig(AdminConfig):
    default_site = "rocb_portal.admin_site.PortalAdminSite"

    def ready(self) -> None:
        """Pages that other packages register ask Django's permissions, which nobody here has or keeps: they are left out."""
        super().ready()
        from core.admin import PortalAdmin

        for model, page in list(site._registry.items()):
            if not isinstance(page, PortalAdmin):
                site.unregister(model)
