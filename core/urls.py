from django.urls import path

from core import views_outbox

app_name = "core"

urlpatterns = [
    path("outbox/", views_outbox.OutboxPage.as_view(), name="outbox"),
    path("outbox/<uuid:pk>/", views_outbox.MessagePage.as_view(), name="message"),
    path("outbox/<uuid:pk>/settle/", views_outbox.SettlePage.as_view(), name="settle"),
    path("outbox/<uuid:pk>/file/<uuid:file>/", views_outbox.AttachmentFile.as_view(), name="attachment"),
]
