"""Searches on lists, kept under a name: everybody has the own ones, and a search is the address of its list."""

from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidAnswers
from core.models import SavedSearch

LONGEST = 1000


def search_in(query: QueryDict) -> str:
    """What of a query string is a search, always in the same order: not the page one was on, and nothing left empty."""
    kept = QueryDict(mutable=True)
    for key in sorted(set(query) - {"page"}):
        if values := sorted({value for value in query.getlist(key) if value}):
            kept.setlist(key, values)
    return kept.urlencode()


def list_named(page: str) -> Any:
    """The view of a list by the name of its address, None if there is no such list."""
    try:
        view = resolve(reverse(page)).func
    except (NoReverseMatch, Resolver404, ValueError):
        return None
    found = getattr(view, "view_class", None)
    return found if found is not None and getattr(found, "filterset_class", None) else None


def title_of(page: str) -> str:
    """What a list is of."""
    view = list_named(page)
    model = getattr(view, "model", None)
    return str(capfirst(model._meta.verbose_name_plural)) if model else page.partition(":")[2].replace("-", " ")


def address_of(search: SavedSearch) -> str:
    query = QueryDict(search.query).urlencode()
    return f"{reverse(search.page)}?{query}" if query else reverse(search.page)


def save_search(*, page: str, name: str, query: str, by: Any) -> SavedSearch:
    """One name once for a list; a search for nothing in particular, or a list that is not there, is refused."""
    asked = search_in(QueryDict(query))
    if list_named(page) is None or len(asked) > LONGEST:
        raise InvalidAnswers({"name": _("This search cannot be kept. Open the list and search again.")})
    if not asked:
        raise InvalidAnswers({"name": _("Nothing is searched for yet. Set a filter on the list first.")})
    _free(page, name, by=by)
    return SavedSearch.objects.create(user=by, page=page, name=name, query=asked)


def rename_search(search: SavedSearch, *, name: str, by: Any) -> SavedSearch:
    if name != search.name:
        _free(search.page, name, by=by)
        search.name = name
        search.save(update_fields=["name"])
    return search


def delete_search(search: SavedSearch) -> None:
    search.delete()


def _free(page: str, name: str, *, by: Any) -> None:
    if SavedSearch.objects.visible_to(by).filter(page=page, name=name).exists():
        raise InvalidAnswers({"name": _("You have a search of this name on this list already.")})
