"""One machine, one person, nothing to set: SQLite, a worker on the file system, e-mails in a folder, all below var/."""

from rocb_portal.settings import env
from rocb_portal.settings.base import *

VAR_DIR = env.VAR_DIR
BROKER_DIR = VAR_DIR / "broker"
for folder in ("broker/in", "broker/control", "mail", "media"):
    (VAR_DIR / folder).mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.SECRET_KEY or env.generated_secret(VAR_DIR / "secret.key")
ALLOWED_HOSTS = [*env.ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]
PUBLIC_URL = env.PUBLIC_URL or f"http://127.0.0.1:{env.PORT}"

DATABASES = {"default": env.database(env.DATABASE_URL or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
MEDIA_ROOT = env.MEDIA_ROOT or str(VAR_DIR / "media")
WHITENOISE_USE_FINDERS = True

vars().update(env.mail(env.EMAIL_URL or f"filemail://{VAR_DIR / 'mail'}"))

DEMO_ALLOWED = True
KEEP_MESSAGE_LINKS = True

# Web server and worker read and write one folder, hence the same folder for both directions.
CELERY_BROKER_URL = env.REDIS_URL or "filesystem://localhost//"
if not env.REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "in"),
        "data_folder_out": str(BROKER_DIR / "in"),
        "control_folder": str(BROKER_DIR / "control"),
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE_FILENAME = str(BROKER_DIR / "beat-schedule")
