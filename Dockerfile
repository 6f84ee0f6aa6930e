FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=rocb_portal.settings.production \
    VAR_DIR=/var/lib/portal STATIC_ROOT=/srv/portal/staticfiles

RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-noto-core fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/portal
COPY requirements/run.lock requirements/run.lock
RUN pip install --require-hashes -r requirements/run.lock

COPY . .
# Stand-ins for one command: collecting static files reaches none of these, and none is kept in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    DATABASE_URL=postgres://build@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 EMAIL_URL=smtp://127.0.0.1:1 \
    ALLOWED_HOSTS=build.invalid MAIL_FROM=build@build.invalid \
    python manage.py collectstatic --noinput -v 0 \
 && useradd --system --uid 1000 --home-dir /var/lib/portal portal \
 && mkdir -p /var/lib/portal/media \
 && chown -R portal /var/lib/portal

USER portal
VOLUME /var/lib/portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=40s --retries=4 CMD ["python", "tools/healthcheck.py"]
CMD ["gunicorn", "rocb_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--limit-request-line", "8190"]
