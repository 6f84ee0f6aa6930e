from django.contrib import admin
from django.urls import include, path

from rocb_portal import views
from rocb_portal.health import healthz

portal = (
    [
        path("", views.HomePage.as_view(), name="home"),
        path("search/", views.SearchPage.as_view(), name="search"),
        # outbox
    ],
    "rocb_portal",
)

urlpatterns = [
    path("", include(portal)),
    path("healthz", healthz, name="healthz"),
    path("account/", include("allauth.account.urls")),
    path("people/", include("members.urls")),
    path("", include("experts.urls")),
    path("centres/", include("centres.urls")),
    path("candidates/", include("candidates.urls")),
    path("", include("missions.urls")),
    path("admin/", admin.site.urls),
]
