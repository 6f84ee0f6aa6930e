"""Tags and filters of every page: form token, rights, days and spans, figures, icons, charts."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import Form
from django.http import QueryDict
from django.middleware.csrf import get_token
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from heroicons.templatetags.heroicons import heroicon_outline

from core.charts import Chart
from core.clock import day_words
from core.clock import today as office_today
from core.decisions import Decision
from core.policies import may as ask

register = template.Library()

DASH = "–"


@register.simple_tag(takes_context=True)
def form_token(context: Context) -> SafeString:
    """The CSRF token and the one-time key that every form carries."""
    request = context.get("request")
    csrf = get_token(request) if request is not None else context.get("csrf_token", "")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="_key" value="{}">',
        csrf,
        uuid.uuid4(),
    )


@register.simple_tag(takes_context=True)
def may(context: Context, action: str, obj: Any = None) -> Decision:
    """Whether the person of this page may do `action` to `obj`, with the reason if not."""
    return ask(context["user"], action, obj)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """A small drawing beside a word, never instead of one."""
    return heroicon_outline(name, size=size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})


@register.simple_tag
def svg(chart: Chart) -> SafeString:
    """The drawing of a chart; `core.charts` escapes every text that it puts in."""
    return mark_safe(chart.svg)  # noqa: S308 - escaped where it is drawn


def as_day(value: dt.date | dt.datetime) -> dt.date:
    """The day of a moment in the office's own time zone."""
    if not isinstance(value, dt.datetime):
        return value
    return timezone.localdate(value, ZoneInfo(settings.OFFICE_TIME_ZONE)) if timezone.is_aware(value) else value.date()


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """3 Mar 2027."""
    return day_words(as_day(value)) if value else DASH


@register.filter
def moment(value: dt.datetime | None) -> str:
    """3 Mar 2027, 14:05, in the reader's own time zone."""
    if not value:
        return DASH
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day_words(local.date())}, {date_format(local, 'H:i')}"


@register.filter
def span(first: dt.date | None, last: dt.date | None) -> str:
    """3–14 Mar 2027 (12 days): both ends counted, nothing said twice."""
    if not first or not last:
        return day(first or last)
    first, last = as_day(first), as_day(last)
    days = count_days((last - first).days + 1)
    if first == last:
        return f"{day_words(first)} ({days})"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)} ({days})"
    begin = date_format(first, "j M") if first.year == last.year else day_words(first)
    return f"{begin} – {day_words(last)} ({days})"


def count_days(number: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}


@register.filter
def days(number: int | None) -> str:
    return DASH if number is None else count_days(number)


@register.filter
def weeks(number: int | None) -> str:
    """12 weeks; 9 weeks 2 days (65 days); 5 days."""
    if number is None:
        return DASH
    whole, rest = divmod(number, 7)
    if not whole:
        return count_days(number)
    words = ngettext("%(n)d week", "%(n)d weeks", whole) % {"n": whole}
    return f"{words} {count_days(rest)} ({count_days(number)})" if rest else words


@register.filter
def dash(value: Any) -> Any:
    """Zero and nothing print as a dash, as in the published table."""
    return DASH if value in (None, 0, "") else value


@register.filter
def waited(since: dt.date | dt.datetime) -> str:
    """Since today; since 3 Mar 2027 (4 days)."""
    gone = (office_today() - as_day(since)).days
    if gone <= 0:
        return _("since today")
    return _("since %(day)s (%(days)s)") % {"day": day(since), "days": count_days(gone)}


@dataclass(frozen=True, slots=True)
class Due:
    tone: str
    words: str


@register.simple_tag
def due_in(date: dt.date, today: dt.date | None = None, soon: int = 3) -> Due:
    """How a date that is due reads from today, and how much it presses."""
    date, now = as_day(date), as_day(today) if today else office_today()
    left = (date - now).days
    if left < 0:
        return Due("bad", _("Overdue by %(days)s") % {"days": count_days(-left)})
    if left == 0:
        return Due("warn", _("Due today"))
    if left <= soon:
        return Due("warn", _("Due in %(days)s") % {"days": count_days(left)})
    return Due("neutral", _("Due %(day)s") % {"day": day(date)})


@register.simple_tag(takes_context=True)
def querystring_with(context: Context, **changes: Any) -> str:
    """The present query string with some values set or, by None, taken out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return _address(query)


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    label: str
    words: str
    url: str


@register.simple_tag(takes_context=True)
def active_filters(context: Context, filterset: Any) -> list[ActiveFilter]:
    """One entry for every filter value in force, with the address of the same list without it."""
    query = context["request"].GET
    return [
        ActiveFilter(str(field.label or ""), words, _address(_without(query, key, value)))
        for field in filterset.form
        for key, value, words in _values(filterset.form, field, query)
    ]


def _values(form: Form, field: Any, query: QueryDict) -> Iterable[tuple[str, str, str]]:
    choices = dict(_flat(getattr(field.field, "choices", ())))
    suffixed = [key for key in query if key.startswith(f"{field.html_name}_") and key not in form.fields]
    for key in [field.html_name, *suffixed]:
        for value in query.getlist(key):
            if value:
                bound = {"after": _("from"), "min": _("from"), "before": _("to"), "max": _("to")}
                prefix = bound.get(key.removeprefix(f"{field.html_name}_"), "") if key in suffixed else ""
                yield key, value, f"{prefix} {choices.get(value, _date_words(value))}".strip()


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def _date_words(value: str) -> str:
    try:
        return day(dt.date.fromisoformat(value))
    except ValueError:
        return value


def _without(query: QueryDict, key: str, value: str) -> QueryDict:
    rest = query.copy()
    rest.setlist(key, [kept for kept in query.getlist(key) if kept != value])
    rest.pop("page", None)
    return rest


def _address(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query.urlencode() else "?"


@register.simple_tag(takes_context=True)
def kept_parameters(context: Context, filterset: Any) -> list[tuple[str, str]]:
    """What the address asks for beside the filters, such as the order and the columns: a new filter keeps it."""
    query, own = context["request"].GET, tuple(filterset.form.fields)
    parts = tuple(f"{name}_{end}" for name in own for end in ("after", "before", "min", "max"))
    return [(key, value) for key in query if key not in {"page", *own, *parts} for value in query.getlist(key) if value]


@register.simple_tag(takes_context=True)
def sort_link(context: Context, column: str, current: str) -> dict[str, str]:
    """The address that sorts by `column`, and how it is sorted now: ascending, descending or not."""
    state = {column: "ascending", f"-{column}": "descending"}.get(current or "", "none")
    following = f"-{column}" if state == "ascending" else column
    return {"url": querystring_with(context, sort=following, page=None), "state": state}


@register.filter
def page_numbers(page: Page) -> list[int]:
    """The pages around this one and the ends; 0 stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else 0 for number in shown]
