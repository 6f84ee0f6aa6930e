"""The project: settings, addresses, the task queue and the home pages. It has no models."""

from rocb_portal.celery import app as celery_app

__all__ = ["celery_app"]
