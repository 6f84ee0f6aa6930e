from django.urls import path

from core import views_imports, views_outbox, views_searches

app_name = "core"

urlpatterns = [
    path("sheets/", views_imports.ImportsPage.as_view(), name="imports"),
    path("sheets/bring/<slug:kind>/", views_imports.BringPage.as_view(), name="import-new"),
    path("sheets/<uuid:pk>/", views_imports.ImportPage.as_view(), name="import"),
    path("sheets/<uuid:pk>/rows.<sheet:ending>", views_imports.ImportRows.as_view(), name="import-rows"),
    path("sheets/<uuid:pk>/progress/", views_imports.ImportProgress.as_view(), name="import-progress"),
    path("sheets/<uuid:pk>/decide/", views_imports.DecideRows.as_view(), name="import-decide"),
    path("sheets/<uuid:pk>/apply/", views_imports.ApplyPage.as_view(), name="import-apply"),
    path("sheets/<uuid:pk>/again/", views_imports.ReadAgain.as_view(), name="import-again"),
    path("sheets/<uuid:pk>/undo/", views_imports.UndoPage.as_view(), name="import-undo"),
    path("sheets/<uuid:pk>/put-away/", views_imports.PutAwayPage.as_view(), name="import-drop"),
    path("sheets/<uuid:pk>/file/", views_imports.ImportFile.as_view(), name="import-file"),
    path("outbox/", views_outbox.OutboxPage.as_view(), name="outbox"),
    path("outbox/<uuid:pk>/", views_outbox.MessagePage.as_view(), name="message"),
    path("outbox/<uuid:pk>/settle/", views_outbox.SettlePage.as_view(), name="settle"),
    path("outbox/<uuid:pk>/file/<uuid:file>/", views_outbox.AttachmentFile.as_view(), name="attachment"),
    path("searches/", views_searches.SearchesPage.as_view(), name="searches"),
    path("searches/save/", views_searches.SaveSearch.as_view(), name="search-save"),
    path("searches/<uuid:pk>/rename/", views_searches.RenameSearch.as_view(), name="search-rename"),
    path("searches/<uuid:pk>/delete/", views_searches.DeleteSearch.as_view(), name="search-delete"),
]
