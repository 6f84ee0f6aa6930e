from django.urls import path

from experts.views import areas, availability, cap, corrections, duplicates, people, pool, profile, quality

app_name = "experts"

urlpatterns = [
    path("pool/", pool.PoolPage.as_view(), name="pool"),
    path("pool/table.<sheet:ending>", pool.PoolExport.as_view(), name="pool-export"),
    path("areas/", areas.AreasPage.as_view(), name="areas"),
    path("experts/", people.ExpertsPage.as_view(), name="experts"),
    path("experts/list.<sheet:ending>", people.ExpertsExport.as_view(), name="experts-export"),
    path("experts/own/", people.OwnRecord.as_view(), name="own"),
    path("experts/<uuid:pk>/", people.ExpertPage.as_view(), name="expert"),
    path("experts/<uuid:pk>/profile/", profile.ProfilePage.as_view(), name="profile"),
    path("experts/<uuid:pk>/profile/edit/", profile.EditProfile.as_view(), name="profile-edit"),
    path("experts/<uuid:pk>/profile/confirm/", profile.ConfirmProfile.as_view(), name="profile-confirm"),
    path("answer/profile/<str:token>/", profile.LinkProfile.as_view(), name="link-profile"),
    path("experts/<uuid:pk>/cv/", profile.CurriculumVitae.as_view(), name="cv"),
    path("experts/<uuid:pk>/corrections/new/", corrections.RaiseCorrection.as_view(), name="correction-new"),
    path("experts/<uuid:pk>/duplicate/", duplicates.PickDuplicate.as_view(), name="duplicate-pick"),
    path("corrections/", corrections.CorrectionsPage.as_view(), name="corrections"),
    path("corrections/list.<sheet:ending>", corrections.CorrectionsExport.as_view(), name="corrections-export"),
    path("corrections/<uuid:pk>/", corrections.CorrectionPage.as_view(), name="correction"),
    path("corrections/<uuid:pk>/do/<str:name>/", corrections.CorrectionDo.as_view(), name="correction-do"),
    path("quality/", quality.QualityPage.as_view(), name="quality"),
    path("quality/list.<sheet:ending>", quality.QualityExport.as_view(), name="quality-export"),
    path("duplicates/", duplicates.DuplicatesPage.as_view(), name="duplicates"),
    path("duplicates/list.<sheet:ending>", duplicates.DuplicatesExport.as_view(), name="duplicates-export"),
    path("duplicates/<uuid:pk>/<uuid:other>/", duplicates.ComparePage.as_view(), name="compare"),
    path("duplicates/<uuid:pk>/<uuid:other>/two-people/", duplicates.TwoPeople.as_view(), name="two-people"),
    path("experts/<uuid:pk>/cap/", cap.CapPage.as_view(), name="cap"),
    path("experts/<uuid:pk>/cap/confirm/", cap.ConfirmHistory.as_view(), name="history-confirm"),
    path("experts/<uuid:pk>/service/add/", cap.AddService.as_view(), name="service-add"),
    path("service/<uuid:pk>/take-back/", cap.TakeBackService.as_view(), name="service-take-back"),
    path("experts/<uuid:pk>/availability/add/", availability.AddUnavailability.as_view(), name="availability-add"),
    path("availability/<uuid:pk>/remove/", availability.RemoveUnavailability.as_view(), name="availability-remove"),
]
