from django.urls import path

from centres.views import centres, material, trainings

app_name = "centres"

urlpatterns = [
    path("", centres.CentresPage.as_view(), name="centres"),
    path("list.<sheet:ending>", centres.CentresExport.as_view(), name="centres-export"),
    path("by-area/", centres.ByArea.as_view(), name="by-area"),
    path("coverage/", centres.CoveragePage.as_view(), name="coverage"),
    path("coverage/list.<sheet:ending>", centres.CoverageExport.as_view(), name="coverage-export"),
    path("<uuid:pk>/", centres.CentrePage.as_view(), name="centre"),
    path("<uuid:pk>/areas/add/", centres.FocusAdd.as_view(), name="focus-add"),
    path("areas/<uuid:pk>/end/", centres.FocusEnd.as_view(), name="focus-end"),
    path("material/", material.ResourcesPage.as_view(), name="resources"),
    path("material/list.<sheet:ending>", material.ResourcesExport.as_view(), name="resources-export"),
    path("<uuid:pk>/material/add/", material.ResourceAdd.as_view(), name="resource-add"),
    path("material/<uuid:pk>/", material.ResourceFile.as_view(), name="resource"),
    path("material/<uuid:pk>/remove/", material.ResourceRemove.as_view(), name="resource-remove"),
    path("trainings/", trainings.TrainingsPage.as_view(), name="trainings"),
    path("trainings/list.<sheet:ending>", trainings.TrainingsExport.as_view(), name="trainings-export"),
    path("<uuid:pk>/trainings/add/", trainings.TrainingAdd.as_view(), name="training-add"),
    path("trainings/<uuid:pk>/", trainings.TrainingPage.as_view(), name="training"),
    path("trainings/<uuid:pk>/edit/", trainings.TrainingEdit.as_view(), name="training-edit"),
    path("trainings/<uuid:pk>/remove/", trainings.TrainingRemove.as_view(), name="training-remove"),
    path("trainings/<uuid:pk>/people/", trainings.TrainingPersonAdd.as_view(), name="training-person-add"),
    path("trainings/people/<uuid:pk>/remove/", trainings.TrainingPersonRemove.as_view(), name="training-person-remove"),
    path("of-expert/<uuid:pk>/", trainings.OfExpert.as_view(), name="of-expert"),
]
