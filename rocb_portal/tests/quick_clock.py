"""The settings of the tests with a clock whose nights and half minutes pass in seconds; what is sent is what the real clock sends."""

from rocb_portal.settings import test

globals().update({name: value for name, value in vars(test).items() if name.isupper()})

CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": test.CELERY_BEAT_SCHEDULE["sweep the outbox"] | {"schedule": 2},
    "count the gaps": test.CELERY_BEAT_SCHEDULE["count the gaps"] | {"schedule": 3},
}
