from django.contrib import admin
from django.urls import include, path

from rocb_portal import views
from rocb_portal.health import healthz

portal = (
    [
        path("", views.HomePage.as_view(), name="home"),
        path("search/", views.SearchPage.as_view(), name="search"),
        path("demo/sign-in/", views.DemoSignIn.as_view(), name="demo-sign-in"),
    ],
    "rocb_portal",
)

urlpatterns = [
    path("", include(portal)),
    path("healthz", healthz, name="healthz"),
    path("account/login/", views.SignIn.as_view(), name="account_login"),
    path("account/", include("allauth.account.urls")),
    path("outbox/", include("core.urls")),
    path("people/", include("members.urls")),
    path("", include("experts.urls")),
    path("centres/", include("centres.urls")),
    path("candidates/", include("candidates.urls")),
    path("", include("missions.urls")),
    path("admin/", admin.site.urls),
]
