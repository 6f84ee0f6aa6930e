"""Building blocks without a word of the domain: dated policy, history, outbox, stored files, links that act."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.enums import ImportState, JobState, RowVerdict


class Base(models.Model):
    """A row with a page: its key cannot be guessed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that two people may edit: the version tells the second one that somebody was faster."""

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class Stateful(Versioned):
    """A row with a workflow; `state` is written by `core.workflow.perform` and by nothing else."""

    state = models.CharField(_("state"), max_length=32, db_index=True)
    state_since = models.DateTimeField(_("in this state since"), auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def page_key(self) -> uuid.UUID:
        """The key in the addresses of its own pages."""
        return self.pk


class PolicyRow(models.Model):
    """A figure of the framework or of the house, with the day from which it holds and its paragraph.

    A decision is judged by the policy of its own day: a new figure is a new row, never a changed one.
    """

    key = models.CharField(_("key"), max_length=60)
    value = models.JSONField(_("value"))
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    valid_from = models.DateField(_("valid from"))
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    origin = models.CharField(
        _("origin"), max_length=20, choices=[("framework", _("the framework")), ("house", _("house setting"))]
    )
    text = models.TextField(_("what it says"), blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("policy row")
        ordering = ["key", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="one_policy_row_per_key_and_day")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value} ({self.valid_from})"


class Counter(models.Model):
    """The last number given in a series; read and raised under its own lock, so that numbers have no gaps or doubles."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class LogEntry(Base):
    """One line of an object's history: who did what, when, from which state to which, and on whose behalf."""

    kind = models.CharField(max_length=40)
    object_id = models.UUIDField(db_index=True)
    parent_id = models.UUIDField(null=True, db_index=True)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    from_state = models.CharField(max_length=32, blank=True)
    to_state = models.CharField(max_length=32, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=200)
    party = models.CharField(max_length=40, blank=True)
    on_behalf_of = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    private = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("history line")
        ordering = ["-at", "-created_at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.title} ({self.actor})"


class OutboxJobQuerySet(models.QuerySet["OutboxJob"]):
    def due(self, now: dt.datetime) -> "OutboxJobQuerySet":
        return self.filter(state=JobState.QUEUED, due_at__lte=now)

    def unfinished(self) -> "OutboxJobQuerySet":
        return self.filter(state__in=[JobState.QUEUED, JobState.INFLIGHT, JobState.UNCERTAIN, JobState.FAILED])

    def needs_eyes(self) -> "OutboxJobQuerySet":
        """What no machine may settle: a formal letter that may or may not have left, or a job that failed for good."""
        return self.filter(state__in=[JobState.UNCERTAIN, JobState.FAILED])


class OutboxJob(Base):
    """A side effect written in the transaction that wants it, and done later by a worker.

    `formal` jobs are never repeated by themselves: caught in flight by a crash they become uncertain and wait for a person.
    """

    kind = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(_("payload"), default=dict)
    formal = models.BooleanField(_("formal"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.QUEUED, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), db_index=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    error = models.TextField(_("last error"), blank=True)

    objects = OutboxJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox job")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="outbox_job_state_known"),
            models.CheckConstraint(
                condition=~Q(state=JobState.DONE) | Q(done_at__isnull=False), name="outbox_job_done_has_its_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_state_display()}"

    @property
    def is_uncertain(self) -> bool:
        return self.state == JobState.UNCERTAIN

    @property
    def needs_eyes(self) -> bool:
        """Whether a person has to decide what happens with it."""
        return self.state in {JobState.UNCERTAIN, JobState.FAILED}


class Message(Base):
    """An e-mail as it left: what staff read on the outbox page. Links that act are masked outside the embedded mode."""

    job = models.OneToOneField(OutboxJob, models.CASCADE, null=True, related_name="message")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    about_id = models.UUIDField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("e-mail")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.subject


class StoredFile(Base):
    """A kept file: random name on disk, hash beside it, never overwritten. Who may read it is said by what it hangs on."""

    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    blob = models.FileField(upload_to="kept/%Y/%m", max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("stored file")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ActionLink(Base):
    """A link that acts without an account: 256 random bits of which only the hash is kept.

    Bound to one purpose, one object and one recipient; opening it changes nothing, posting uses it up.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    object_id = models.UUIDField(db_index=True)
    recipient = models.EmailField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.recipient}"


class FormKey(models.Model):
    """A one-time key of a form; the place where its first posting led, so that a second one goes there and does nothing."""

    key = models.UUIDField(primary_key=True)
    user_key = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.key)


def plain(value: Any) -> Any:
    """A value as JSON can keep it."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


class SheetImportQuerySet(models.QuerySet["SheetImport"]):
    def visible_to(self, user: Any) -> "SheetImportQuerySet":
        """Sheets are the offices' business."""
        return self if user.is_authenticated and user.is_office else self.none()


class SheetImport(Base, Versioned):
    """A sheet somebody brought: kept as it came, read into rows, decided row by row, applied in one transaction, taken back exactly.

    `kind` names the importer that an app registered (`core.imports`).
    """

    kind = models.CharField(_("kind"), max_length=40)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    as_of = models.DateField(_("as of"))
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.READING, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(_("rows by verdict"), default=dict)
    message = models.TextField(_("what went wrong"), blank=True)
    remarks = models.JSONField(_("what else was noticed in the sheet"), default=list, blank=True)
    base = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("the sheet before it")
    )
    written = models.JSONField(_("what was written for the sheet as a whole"), default=list, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet brought in")
        verbose_name_plural = _("sheets brought in")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.file.name}, {self.as_of}"

    def get_absolute_url(self) -> str:
        return reverse("core:import", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it in hand."""
        return self.state == ImportState.READING or self.is_being_written

    @property
    def is_being_written(self) -> bool:
        """Whether a worker writes or takes back: in one transaction, of which nothing shows before its end."""
        return self.state in {ImportState.APPLYING, ImportState.UNDOING}

    @property
    def is_read(self) -> bool:
        """Whether there are rows to look at."""
        return self.state not in {ImportState.READING, ImportState.REFUSED}

    @property
    def is_open(self) -> bool:
        """Whether its rows can be decided and applied."""
        return self.state == ImportState.STAGED

    @property
    def is_applied(self) -> bool:
        return self.state == ImportState.APPLIED

    @property
    def is_put_away(self) -> bool:
        return self.state in {ImportState.REFUSED, ImportState.DROPPED, ImportState.UNDONE}


class ImportRow(Base):
    """One row of a sheet (or one fact that the sheet no longer has): what it says, what it would change, and what was decided."""

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows")
    sheet = models.CharField(_("sheet"), max_length=40, blank=True)
    number = models.PositiveIntegerField(_("row"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=RowVerdict)
    label = models.CharField(_("what it is about"), max_length=200, blank=True)
    key = models.CharField(max_length=200, blank=True, db_index=True)
    data = models.JSONField(_("what the sheet says"), default=dict)
    changes = models.JSONField(_("what would change"), default=list)
    column = models.CharField(_("column"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    object_id = models.UUIDField(null=True, blank=True, db_index=True)
    take = models.BooleanField(_("take it"), default=False)
    choice = models.CharField(_("in which way"), max_length=60, blank=True)
    written = models.JSONField(_("what was written, before and after"), default=list)

    class Meta:
        verbose_name = _("row of a sheet")
        ordering = ["sheet", "number", "label"]
        indexes = [models.Index(fields=["sheet_import", "verdict", "number"], name="rows_of_a_sheet")]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: Any) -> "SavedSearchQuerySet":
        """Everybody has the own ones."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class SavedSearch(Base):
    """A search on a list, kept under a name: the page and its query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    page = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="one_saved_search_per_name")]

    def __str__(self) -> str:
        return self.name
