from django.urls import path

from missions.views import missions, requests, search

app_name = "missions"

urlpatterns = [
    path("requests/", requests.RequestList.as_view(), name="requests"),
    path("requests/new/", requests.RequestNew.as_view(), name="request-new"),
    path("requests/<uuid:pk>/", requests.RequestPage.as_view(), name="request"),
    path("requests/<uuid:pk>/edit/", requests.RequestEdit.as_view(), name="request-edit"),
    path("requests/<uuid:pk>/send/", requests.RequestFile.as_view(), name="request-file"),
    path("requests/<uuid:pk>/letter/", requests.RequestLetter.as_view(), name="request-letter"),
    path("requests/<uuid:pk>/plan/", requests.PlanEntry.as_view(), name="plan-entry"),
    path("requests/<uuid:pk>/do/<str:name>/", requests.RequestDo.as_view(), name="request-do"),
    path("plan/", requests.Plan.as_view(), name="plan"),
    path("missions/", missions.MissionList.as_view(), name="missions"),
    path("missions/<uuid:pk>/", missions.MissionPage.as_view(), name="mission"),
    path("missions/<uuid:pk>/people/", missions.PeoplePage.as_view(), name="mission-people"),
    path("missions/<uuid:pk>/history/", missions.HistoryPage.as_view(), name="mission-history"),
    path("missions/<uuid:pk>/edit/", missions.MissionEdit.as_view(), name="mission-edit"),
    path("missions/<uuid:pk>/do/<str:name>/", missions.MissionDo.as_view(), name="mission-do"),
    path("missions/<uuid:pk>/seats/add/", missions.SeatAdd.as_view(), name="seat-add"),
    path("seats/<uuid:pk>/", missions.SeatEdit.as_view(), name="seat-edit"),
    path("seats/<uuid:pk>/drop/", missions.SeatDrop.as_view(), name="seat-drop"),
    path("experts/<uuid:pk>/missions/", missions.OfExpert.as_view(), name="of-expert"),
    path("missions/<uuid:pk>/search/", search.SearchPage.as_view(), name="search"),
    path("missions/<uuid:pk>/shortlist/", search.Shortlist.as_view(), name="shortlist"),
    path("invitations/<uuid:pk>/", search.InvitationPage.as_view(), name="invitation"),
    path("invitations/<uuid:pk>/do/<str:name>/", search.InvitationDo.as_view(), name="invitation-do"),
    path("invitations/<uuid:pk>/answer/", search.Consultation.as_view(), name="consultation"),
    path("answer/consultation/<str:token>/", search.LinkConsultation.as_view(), name="link-consultation"),
]
