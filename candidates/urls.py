from django.urls import path

from candidates import views

app_name = "candidates"

urlpatterns = [
    path("", views.ListingsPage.as_view(), name="listings"),
    path("list.csv", views.ListingsCsv.as_view(), name="listings-csv"),
    path("add/", views.AddListing.as_view(), name="listing-add"),
    path("of-expert/<uuid:pk>/", views.OfExpert.as_view(), name="of-expert"),
    path("<uuid:pk>/", views.ListingPage.as_view(), name="listing"),
    path("<uuid:pk>/leave/", views.LeaveListing.as_view(), name="listing-leave"),
]
