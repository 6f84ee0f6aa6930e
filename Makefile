# make run     the portal on this machine, with its demo region (PORT=8001 for another port)
# make test    every test; ARGS="-k cap" for some of them, ARGS="--only=sqlite" for one database
# make check   lint, types, templates, imports, migrations, deployment settings
# make fmt     what can be put right by machine
# make lock    after a change of requirements.txt or requirements/dev.in
# make bench   how long every main page takes on 120 and on 12,000 people; ARGS="--postgresql" for that database
# make setup   system packages and Python packages for all of the above

.PHONY: run test check fmt lock bench setup
.DEFAULT_GOAL := run

PORT ?= 8000
BIN := .venv/bin
TEMPLATES = $(shell find templates */templates -name '*.html' 2>/dev/null)
# Stand-ins under which the deployment settings are examined; nothing listens there.
PRODUCTION = env DJANGO_SETTINGS_MODULE=rocb_portal.settings.production DATABASE_URL=postgres://u:p@127.0.0.1:1/none \
	REDIS_URL=redis://127.0.0.1:1/0 EMAIL_URL=smtp://127.0.0.1:1 ALLOWED_HOSTS=portal.example MAIL_FROM=portal@portal.example \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')"

setup:
	@tools/setup.sh dev

run:
	@tools/setup.sh run
	@PORT=$(PORT) exec $(BIN)/python tools/run.py

test: setup
	@$(BIN)/python tools/test.py $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/lint-imports --no-logo
	env -u DATABASE_URL DJANGO_SETTINGS_MODULE=rocb_portal.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with the production settings"
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: setup
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)

lock: setup
	$(BIN)/uv pip compile -q --no-header --python-version 3.11 --generate-hashes requirements.txt -o requirements/run.lock
	$(BIN)/uv pip compile -q --no-header --python-version 3.11 --generate-hashes requirements/dev.in -c requirements/run.lock -o requirements/dev.lock

bench: setup
	@$(BIN)/python tools/bench.py $(ARGS)
