from allauth.account import views as allauth
from django.contrib import admin
from django.urls import include, path, re_path

from rocb_portal import views
from rocb_portal.health import healthz

portal = (
    [
        path("", views.HomePage.as_view(), name="home"),
        path("search/", views.SearchPage.as_view(), name="search"),
        path("framework/", views.FrameworkLive.as_view(), name="framework-live"),
        path("demo/sign-in/", views.DemoSignIn.as_view(), name="demo-sign-in"),
    ],
    "rocb_portal",
)

# Of allauth's pages only those that the portal uses; accounts and their addresses are ROCB's to keep. Signing up is closed, its
# page says so.
account = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("signup/", allauth.signup, name="account_signup"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

urlpatterns = [
    path("", include(portal)),
    path("healthz", healthz, name="healthz"),
    path("account/", include(account)),
    path("", include("core.urls")),
    path("people/", include("members.urls")),
    path("", include("experts.urls")),
    path("centres/", include("centres.urls")),
    path("candidates/", include("candidates.urls")),
    path("", include("missions.urls")),
    path("opportunities/", include("support.urls")),
    path("gaps/", include("gap_analysis.urls")),
    path("admin/", admin.site.urls),
]
