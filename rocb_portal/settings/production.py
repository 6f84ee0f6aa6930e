"""The office's own server: PostgreSQL, Redis, TLS. Refuses to start with debug on or without a secret of its own."""

from django.core.exceptions import ImproperlyConfigured

from rocb_portal.settings import env
from rocb_portal.settings.base import *

for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "MAIL_FROM"):
    env.required(name)
if env.DEBUG:
    raise ImproperlyConfigured("DEBUG is on. The production mode does not start like that.")
if (
    len(env.SECRET_KEY) < 50
    or len(set(env.SECRET_KEY)) < 5
    or env.SECRET_KEY.startswith(("django-insecure", "only-for-tests"))
):
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters that nobody else uses.")
if not env.DATABASE_URL.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database in the production mode.")

PUBLIC_URL = env.PUBLIC_URL or f"https://{env.ALLOWED_HOSTS[0]}"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

DATABASES = {"default": env.database(env.DATABASE_URL)}
MEDIA_ROOT = env.MEDIA_ROOT or str(env.VAR_DIR / "media")
STATIC_ROOT = env.STATIC_ROOT
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "core.storage.HashedStaticFilesStorage"}}

vars().update(env.mail(env.EMAIL_URL))

SECURE_SSL_REDIRECT = True
# The container's own health check asks over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 366 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if env.BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True

CELERY_BEAT_SCHEDULE_FILENAME = str(env.VAR_DIR / "beat-schedule")
