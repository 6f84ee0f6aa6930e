from django.urls import path

from members import views

app_name = "members"

urlpatterns = [
    path("", views.UserList.as_view(), name="users"),
    path("invite/", views.Invite.as_view(), name="invite"),
    path("account/", views.AccountPage.as_view(), name="account"),
    path("account/absence/", views.AddAbsence.as_view(), name="absence-add"),
    path("account/absence/<uuid:pk>/remove/", views.RemoveAbsence.as_view(), name="absence-remove"),
    path("act-as/", views.ActAs.as_view(), name="act-as"),
    path("administrations/", views.AdministrationList.as_view(), name="administrations"),
    path("join/<str:token>/", views.Join.as_view(), name="join"),
    path("<uuid:pk>/", views.UserPage.as_view(), name="user"),
    path("<uuid:pk>/invite/", views.InviteAgain.as_view(), name="invite-again"),
    path("<uuid:pk>/active/", views.SetActive.as_view(), name="set-active"),
    path("<uuid:pk>/party/<uuid:membership>/remove/", views.RemoveMembership.as_view(), name="membership-remove"),
]
