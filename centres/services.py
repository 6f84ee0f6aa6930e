"""Every write of a centre: its focus areas, its material, its trainings and who took part (§2.3, IV)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.enums import Audience, TrainingRole
from centres.models import Centre, CentreFocus, Resource, Training, TrainingPerson
from core import history
from core.edits import edit
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.files import keep_upload
from core.locks import lock_row
from experts.models import Area, Expert


@transaction.atomic
def add_focus(centre: Centre, *, area: Area, by: Any, since: dt.date, label: str = "", source: str = "") -> CentreFocus:
    """Say that a centre develops an area from a day on. InvalidAnswers if it does already."""
    lock_row(centre)
    running = centre.focus.filter(area=area, until__isnull=True)
    if running.exists():
        raise InvalidAnswers({"area": _("The centre develops this area already.")})
    if centre.focus.filter(area=area, until__gt=since).exists():
        raise InvalidAnswers({"since": _("The area was developed on this day already; choose a day after it ended.")})
    focus = CentreFocus.objects.create(
        centre=centre, area=area, since=since, label=label.strip(), source=source.strip()
    )
    history.record(centre, "focus_added", _("Develops %(area)s") % {"area": focus}, by=by)
    return focus


@transaction.atomic
def end_focus(focus: CentreFocus, *, until: dt.date, by: Any) -> CentreFocus:
    """An area is no longer developed from a day on; the row stays, so that earlier days read as they were."""
    fresh = lock_row(focus)
    if fresh.until is not None:
        raise SomebodyWasFaster
    if until <= fresh.since:
        raise InvalidAnswers({"until": _("It has to end after it began.")})
    fresh.until = until
    fresh.save(update_fields=["until"])
    history.record(fresh.centre, "focus_ended", _("No longer develops %(area)s") % {"area": fresh}, by=by)
    return fresh


@transaction.atomic
def add_resource(
    centre: Centre,
    *,
    title: str,
    by: Any,
    area: Area | None = None,
    audience: str = Audience.EXPERTS,
    upload: Any = None,
    url: str = "",
    note: str = "",
) -> Resource:
    """Keep material of a centre: a file or a link, and for whom it is. InvalidAnswers for neither or both."""
    if bool(upload) == bool(url):
        raise InvalidAnswers({"upload": _("Please give either a file or a link.")})
    resource = Resource.objects.create(
        centre=centre,
        title=title,
        area=area,
        audience=audience,
        file=keep_upload(upload, by=by) if upload else None,
        url=url,
        note=note,
        added_by=by,
    )
    history.record(centre, "resource_added", _("Material added: %(title)s") % {"title": resource}, by=by)
    return resource


@transaction.atomic
def remove_resource(resource: Resource, *, by: Any) -> Resource:
    """Take material away: nobody but the centre and ROCB's records knows it from now on; the file itself is kept."""
    fresh = lock_row(resource)
    if fresh.removed_at is not None:
        raise SomebodyWasFaster
    fresh.removed_at = timezone.now()
    fresh.version += 1
    fresh.save(update_fields=["removed_at", "version"])
    history.record(fresh.centre, "resource_removed", _("Material taken away: %(title)s") % {"title": fresh}, by=by)
    return fresh


@transaction.atomic
def add_training(centre: Centre, *, by: Any, first_day: dt.date, last_day: dt.date, **fields: Any) -> Training:
    """Keep a training that a centre gave, or holds for candidates."""
    _check_days(first_day, last_day)
    training = Training.objects.create(centre=centre, first_day=first_day, last_day=last_day, **fields)
    history.record(centre, "training_added", _("Training: %(title)s") % {"title": training}, by=by)
    return training


def edit_training(training: Training, *, by: Any, version: int, **fields: Any) -> Training:
    _check_days(fields["first_day"], fields["last_day"])
    return edit(training, by=by, version=version, says=_("Training changed"), **fields)


def _check_days(first: dt.date, last: dt.date) -> None:
    if last < first:
        raise InvalidAnswers({"last_day": _("The last day is before the first.")})


@transaction.atomic
def remove_training(training: Training, *, by: Any) -> None:
    """Strike a training that was entered by mistake, with its people; the history of the centre keeps its name."""
    fresh = lock_row(training)
    history.record(fresh.centre, "training_removed", _("Training struck out: %(title)s") % {"title": fresh}, by=by)
    fresh.delete()


@transaction.atomic
def add_training_person(training: Training, *, expert: Expert, role: str, by: Any) -> TrainingPerson:
    """Somebody taught at a training or took part. InvalidAnswers for somebody who stands there already."""
    lock_row(training)
    if training.lines.filter(expert=expert).exists():
        raise InvalidAnswers({"expert": _("%(name)s stands there already.") % {"name": expert}})
    line = TrainingPerson.objects.create(training=training, expert=expert, role=TrainingRole(role))
    words = {"name": expert, "role": line.get_role_display(), "title": training}
    history.record(training.centre, "training_person", _("%(name)s, %(role)s: %(title)s") % words, by=by, private=True)
    return line


@transaction.atomic
def remove_training_person(line: TrainingPerson, *, by: Any) -> None:
    words = {"name": line.expert, "title": line.training}
    history.record(
        line.training.centre, "training_person_removed", _("%(name)s no longer stands at: %(title)s") % words, by=by,
        private=True,
    )  # fmt: skip
    line.delete()
