from django.urls import path

from core import views_outbox, views_searches

app_name = "core"

urlpatterns = [
    path("outbox/", views_outbox.OutboxPage.as_view(), name="outbox"),
    path("outbox/<uuid:pk>/", views_outbox.MessagePage.as_view(), name="message"),
    path("outbox/<uuid:pk>/settle/", views_outbox.SettlePage.as_view(), name="settle"),
    path("outbox/<uuid:pk>/file/<uuid:file>/", views_outbox.AttachmentFile.as_view(), name="attachment"),
    path("searches/", views_searches.SearchesPage.as_view(), name="searches"),
    path("searches/save/", views_searches.SaveSearch.as_view(), name="search-save"),
    path("searches/<uuid:pk>/rename/", views_searches.RenameSearch.as_view(), name="search-rename"),
    path("searches/<uuid:pk>/delete/", views_searches.DeleteSearch.as_view(), name="search-delete"),
]
