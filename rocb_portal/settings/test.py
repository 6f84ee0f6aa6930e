"""The tests, and the server and worker that browser tests drive: quick passwords, plain static files."""

from rocb_portal.settings import env
from rocb_portal.settings.base import *

SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"  # noqa: S105 (protects nothing)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PUBLIC_URL = env.PUBLIC_URL or "http://testserver"

DATABASES = {"default": env.database(env.DATABASE_URL or "sqlite://:memory:")}
# The tests themselves keep their documents in a folder of the run's own.
MEDIA_ROOT = env.MEDIA_ROOT or str(env.VAR_DIR / "test-media")
WHITENOISE_USE_FINDERS = True
# Every test client begins the middleware anew: nothing is gained by reading all static files each time.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

vars().update(env.mail(env.EMAIL_URL or "memorymail:"))

DEMO_ALLOWED = True
KEEP_MESSAGE_LINKS = True

CELERY_BROKER_URL = env.REDIS_URL or "memory://"
if not env.REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
