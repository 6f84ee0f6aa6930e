from django.urls import path

from centres import views

app_name = "centres"

urlpatterns = [
    path("", views.CentresPage.as_view(), name="centres"),
    path("by-area/", views.ByArea.as_view(), name="by-area"),
    path("<uuid:pk>/", views.CentrePage.as_view(), name="centre"),
]
