from django.urls import path

from experts.views import areas, availability, cap, people, pool

app_name = "experts"

urlpatterns = [
    path("pool/", pool.PoolPage.as_view(), name="pool"),
    path("pool/table.<sheet:ending>", pool.PoolExport.as_view(), name="pool-export"),
    path("areas/", areas.AreasPage.as_view(), name="areas"),
    path("experts/", people.ExpertsPage.as_view(), name="experts"),
    path("experts/list.<sheet:ending>", people.ExpertsExport.as_view(), name="experts-export"),
    path("experts/own/", people.OwnRecord.as_view(), name="own"),
    path("experts/<uuid:pk>/", people.ExpertPage.as_view(), name="expert"),
    path("experts/<uuid:pk>/cap/", cap.CapPage.as_view(), name="cap"),
    path("experts/<uuid:pk>/cap/confirm/", cap.ConfirmHistory.as_view(), name="history-confirm"),
    path("experts/<uuid:pk>/service/add/", cap.AddService.as_view(), name="service-add"),
    path("service/<uuid:pk>/take-back/", cap.TakeBackService.as_view(), name="service-take-back"),
    path("experts/<uuid:pk>/availability/add/", availability.AddUnavailability.as_view(), name="availability-add"),
    path("availability/<uuid:pk>/remove/", availability.RemoveUnavailability.as_view(), name="availability-remove"),
]
