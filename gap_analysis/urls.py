from django.urls import path

from gap_analysis.views import responses, surveys

app_name = "gap_analysis"

urlpatterns = [
    path("survey/", surveys.SurveysPage.as_view(), name="surveys"),
    path("survey/list.<sheet:ending>", surveys.SurveysExport.as_view(), name="surveys-export"),
    path("survey/new/", surveys.SurveyNew.as_view(), name="survey-new"),
    path("survey/<uuid:pk>/", surveys.SurveyPage.as_view(), name="survey"),
    path("survey/<uuid:pk>/board.<sheet:ending>", surveys.BoardExport.as_view(), name="board-export"),
    path("survey/<uuid:pk>/answers.<sheet:ending>", surveys.AnswersExport.as_view(), name="answers-export"),
    path("survey/<uuid:pk>/questions.<sheet:ending>", surveys.QuestionsExport.as_view(), name="questions-export"),
    path("survey/<uuid:pk>/edit/", surveys.SurveyEdit.as_view(), name="survey-edit"),
    path("survey/<uuid:pk>/questions/", surveys.QuestionsPage.as_view(), name="questions"),
    path("survey/<uuid:pk>/questions/add/", surveys.QuestionAdd.as_view(), name="question-add"),
    path("survey/<uuid:pk>/preview/", surveys.PreviewPage.as_view(), name="survey-preview"),
    path("survey/<uuid:pk>/remind/", surveys.Remind.as_view(), name="survey-remind"),
    path("survey/<uuid:pk>/sums/", surveys.SumsPage.as_view(), name="survey-sums"),
    path("survey/<uuid:pk>/sums/list.<sheet:ending>", surveys.SumsExport.as_view(), name="sums-export"),
    path("survey/<uuid:pk>/sums/again/", surveys.Summarise.as_view(), name="survey-summarise"),
    path("survey/<uuid:pk>/do/<str:name>/", surveys.SurveyDo.as_view(), name="survey-do"),
    path("questions/<uuid:pk>/edit/", surveys.QuestionEdit.as_view(), name="question-edit"),
    path("questions/<uuid:pk>/drop/", surveys.QuestionDrop.as_view(), name="question-drop"),
    path("questions/<uuid:pk>/move/<str:way>/", surveys.QuestionMove.as_view(), name="question-move"),
    path("answers/<uuid:pk>/", responses.ResponsePage.as_view(), name="response"),
    path("answers/<uuid:pk>/edit/", responses.ResponseEdit.as_view(), name="response-edit"),
    path("answers/<uuid:pk>/field/", responses.ResponseField.as_view(), name="response-field"),
    path("answers/<uuid:pk>/send/", responses.ResponseSubmit.as_view(), name="response-submit"),
    path("answers/<uuid:pk>/do/<str:name>/", responses.ResponseDo.as_view(), name="response-do"),
    path("area-answers/<uuid:pk>/request/", responses.RequestFrom.as_view(), name="answer-request"),
]
