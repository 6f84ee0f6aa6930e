import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rocb_portal.settings.embedded")

app = Celery("rocb_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
