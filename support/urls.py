from django.urls import path

from support.views import notices, opportunities

app_name = "support"

urlpatterns = [
    path("", opportunities.OpportunitiesPage.as_view(), name="opportunities"),
    path("list.<sheet:ending>", opportunities.OpportunitiesExport.as_view(), name="opportunities-export"),
    path("new/", opportunities.OpportunityNew.as_view(), name="opportunity-new"),
    path("<uuid:pk>/", opportunities.OpportunityPage.as_view(), name="opportunity"),
    path("<uuid:pk>/edit/", opportunities.OpportunityEdit.as_view(), name="opportunity-edit"),
    path("<uuid:pk>/autosave/", opportunities.OpportunityAutosave.as_view(), name="opportunity-autosave"),
    path("<uuid:pk>/discard/", opportunities.OpportunityDiscard.as_view(), name="opportunity-discard"),
    path("<uuid:pk>/tell/", opportunities.OpportunityTell.as_view(), name="opportunity-tell"),
    path("<uuid:pk>/tell-more/", opportunities.TellRest.as_view(), name="opportunity-tell-rest"),
    path("<uuid:pk>/remind/", opportunities.Remind.as_view(), name="opportunity-remind"),
    path("<uuid:pk>/list.<sheet:ending>", opportunities.NoticesExport.as_view(), name="notices-export"),
    path("<uuid:pk>/do/<str:name>/", opportunities.OpportunityDo.as_view(), name="opportunity-do"),
    path("notices/<uuid:pk>/answer/", notices.Answer.as_view(), name="notice-answer"),
    path("notices/<uuid:pk>/failed/", notices.NoteFailed.as_view(), name="notice-failed"),
    path("notices/<uuid:pk>/deliverable/", notices.TakeBackFailed.as_view(), name="notice-deliverable"),
    path("answer/<str:token>/", notices.LinkAnswer.as_view(), name="link-answer"),
]
