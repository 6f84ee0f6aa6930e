from django.urls import path

from missions.views import missions, preparation, reports, requests, search

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
    path("missions/<uuid:pk>/preparation/", preparation.PreparationPage.as_view(), name="preparation"),
    path("missions/<uuid:pk>/material/add/", preparation.MaterialAdd.as_view(), name="material-add"),
    path("missions/<uuid:pk>/end/", preparation.RecordEnd.as_view(), name="record-end"),
    path("material/<uuid:pk>/", preparation.MaterialFile.as_view(), name="material"),
    path("material/<uuid:pk>/remove/", preparation.MaterialRemove.as_view(), name="material-remove"),
    path("missions/<uuid:pk>/report/", reports.ReportPage.as_view(), name="report"),
    path("missions/<uuid:pk>/report/edit/", reports.ReportEdit.as_view(), name="report-edit"),
    path("missions/<uuid:pk>/report/autosave/", reports.ReportAutosave.as_view(), name="report-autosave"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/<uuid:pk>/document/", reports.ReportDocument.as_view(), name="report-document"),
    path("reports/<uuid:pk>/do/<str:name>/", reports.ReportDo.as_view(), name="report-do"),
]
