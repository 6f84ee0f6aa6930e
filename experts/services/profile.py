"""The profile that a person keeps up: what no extract of ACE brings, and the yearly word that it is still right (IV)."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history, links, outbox
from core.clock import begin_of, day_of, now, today
from core.dated_policy import policy
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.files import keep_upload
from core.models import LogEntry, OutboxJob
from experts.models import Expert, ExpertLanguage, Publication
from experts.queries.profile import due_for_confirmation
from experts.services.people import lock_experts

PROFILE_LINK = "profile"
CV_ENDINGS = ("pdf", "docx")
KEPT_UP = frozenset({"office", "email", "phone", "customs_since", "specialisms"})
FIRST_YEAR = 1950
CONTACT_SEEN = "contact_seen"


@transaction.atomic
def edit_profile(
    expert: Expert,
    *,
    by: Any,
    version: int,
    languages: Sequence[tuple[str, str]],
    publications: Sequence[tuple[str, int | None, str]],
    cv: Any = None,
    remove_cv: bool = False,
    **fields: Any,
) -> Expert:
    """Write what the person keeps up; SomebodyWasFaster if the record is no longer the `version` that was looked at.

    `languages` are pairs (language, level), `publications` triples (title, year, link); each list replaces the one before.
    InvalidAnswers for a fact that comes from ACE, a language written twice, or a year that cannot be.
    """
    fresh = lock_experts(expert)[0]
    if fresh.version != version:
        raise SomebodyWasFaster
    _check_profile(fresh, languages, fields)
    changed = [name for name, value in fields.items() if getattr(fresh, name) != value]
    for name in changed:
        setattr(fresh, name, fields[name])
    changed += _write_languages(fresh, languages) + _write_publications(fresh, publications)
    if cv is not None or (remove_cv and fresh.cv_id):
        fresh.cv = keep_upload(cv, by=by, endings=CV_ENDINGS) if cv is not None else None
        changed.append("cv")
    if not changed:
        return fresh
    fresh.version += 1
    fresh.save(update_fields=[*(name for name in changed if name in KEPT_UP | {"cv"}), "version"])
    history.record(fresh, "profile", _("Profile brought up to date"), by=by, answers={"changed": sorted(changed)})
    return fresh


def _check_profile(expert: Expert, languages: Sequence[tuple[str, str]], fields: dict[str, Any]) -> None:
    mirrored = {name for name in fields if name in expert.provenance and getattr(expert, name) != fields[name]}
    wrong: dict[str, object] = dict.fromkeys(
        mirrored, _("This comes from ACE and is corrected there; ask for a correction instead.")
    )
    if set(fields) - KEPT_UP:
        raise LookupError(set(fields) - KEPT_UP)
    year = fields.get("customs_since")
    if year is not None and not FIRST_YEAR <= year <= today().year:
        wrong["customs_since"] = _("Please write the year with four digits, not later than this one.")
    names = [language.casefold() for language, _level in languages]
    if len(names) != len(set(names)):
        wrong["languages"] = _("One language is written twice.")
    if wrong:
        raise InvalidAnswers(wrong)


def _write_languages(expert: Expert, languages: Sequence[tuple[str, str]]) -> list[str]:
    before = {(row.language, row.level) for row in expert.languages.all()}
    if before == set(languages):
        return []
    expert.languages.all().delete()
    ExpertLanguage.objects.bulk_create(
        ExpertLanguage(expert=expert, language=language, level=level) for language, level in languages
    )
    return ["languages"]


def _write_publications(expert: Expert, publications: Sequence[tuple[str, int | None, str]]) -> list[str]:
    before = {(row.title, row.year, row.url) for row in expert.publications.all()}
    if before == set(publications):
        return []
    expert.publications.all().delete()
    Publication.objects.bulk_create(
        Publication(expert=expert, title=title, year=year, url=url) for title, year, url in publications
    )
    return ["publications"]


@transaction.atomic
def confirm_profile(expert: Expert, *, by: Any, token: str = "") -> Expert:
    """Somebody says that the profile is still right; a signed link is used up with it. LinkInvalid when it acts no more."""
    if token:
        links.use(PROFILE_LINK, token)
    fresh = lock_experts(expert)[0]
    fresh.profile_confirmed_on = today()
    fresh.version += 1
    fresh.save(update_fields=["profile_confirmed_on", "version"])
    history.record(fresh, "profile_confirmed", _("Profile confirmed: still right"), by=by)
    return fresh


def ask_to_confirm_profiles() -> int:
    """One e-mail a year to everybody whose profile nobody has confirmed for so long; how many were written.

    The key of the job comes from the person and the year, so that running this often asks once.
    """
    day = today()
    months = int(policy("profile.confirm_months", day))
    wanted = {}
    for expert in due_for_confirmation(day).only(
        "pk", "created_at", "profile_confirmed_on", "given_name", "family_name"
    ):
        base = expert.profile_confirmed_on or day_of(expert.created_at)
        turn = ((day.year - base.year) * 12 + day.month - base.month - (day.day < base.day)) // months
        wanted[uuid.uuid5(expert.pk, f"profile {base} {turn}")] = expert
    known = set(OutboxJob.objects.filter(kind="profile_confirm").values_list("pk", flat=True))
    for key, expert in wanted.items():
        if key not in known:
            outbox.enqueue("profile_confirm", about=expert, job_id=key, object_id=expert.pk)
    return len(wanted.keys() - known)


def note_contact_seen(expert: Expert, *, by: Any, what: object = "") -> None:
    """Whoever looks at somebody else's contact data or CV is written down, once a day and kind; the person can read it."""
    if expert.user_id == by.pk:
        return
    title = str(what or _("Contact data seen"))
    today_begins = begin_of(day_of(now()))
    seen = LogEntry.objects.filter(object_id=expert.pk, name=CONTACT_SEEN, by=by, title=title, at__gte=today_begins)
    if not seen.exists():
        history.record(expert, CONTACT_SEEN, title, by=by, private=True)
