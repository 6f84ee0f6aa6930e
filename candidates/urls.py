from django.urls import path

from candidates.views import listings

app_name = "candidates"

urlpatterns = [
    path("", listings.ListingsPage.as_view(), name="listings"),
    path("list.<sheet:ending>", listings.ListingsExport.as_view(), name="listings-export"),
    path("add/", listings.AddListing.as_view(), name="listing-add"),
    path("of-expert/<uuid:pk>/", listings.OfExpert.as_view(), name="of-expert"),
    path("<uuid:pk>/", listings.ListingPage.as_view(), name="listing"),
    path("<uuid:pk>/leave/", listings.LeaveListing.as_view(), name="listing-leave"),
]
