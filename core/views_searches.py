"""The own saved searches: keep one from a list, open it again, give it another name, let it go."""

from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import searches
from core.forms import PortalForm
from core.models import SavedSearch
from core.views import FormPage, Page


class NameForm(PortalForm, forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For example: valuation, free in March"),
    )


class SearchesPage(Page):
    """All of one's own, list by list."""

    action = "members.account"
    model = SavedSearch
    template_name = "core/searches.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = [row for row in self.rows().order_by("page", "name") if searches.list_named(row.page)]
        groups = [
            (searches.title_of(page), [(row, searches.address_of(row)) for row in rows])
            for page, rows in groupby(own, key=lambda row: row.page)
        ]
        return super().get_context_data(groups=groups, **kwargs)


class SaveSearch(FormPage):
    """The list and what is searched for come with the address; only the name is asked."""

    action = "members.account"
    model = SavedSearch
    form_class = NameForm
    template_name = "core/search_form.html"

    @property
    def page(self) -> str:
        return self.request.GET.get("list", "")

    @property
    def query(self) -> str:
        return self.request.GET.get("query", "")[: 2 * searches.LONGEST]

    def save(self, form: Any) -> str:
        search = searches.save_search(
            page=self.page, name=form.cleaned_data["name"], query=self.query, by=self.request.user
        )
        return searches.address_of(search)

    @property
    def success_message(self) -> str:
        return _("Kept. You find it under this name above the list.")

    def cancel_url(self) -> str:
        query = searches.search_in(QueryDict(self.query))
        return f"{reverse(self.page)}?{query}" if searches.list_named(self.page) else reverse("core:searches")


class OwnSearch(FormPage):
    action = "members.account"
    model = SavedSearch

    def cancel_url(self) -> str:
        return reverse("core:searches")


class RenameSearch(OwnSearch):
    form_class = NameForm
    template_name = "core/search_form.html"
    success_message = gettext_lazy("Renamed.")

    def initial(self) -> dict[str, Any]:
        return {"name": self.object.name}

    def save(self, form: Any) -> str:
        searches.rename_search(self.object, name=form.cleaned_data["name"], by=self.request.user)
        return self.cancel_url()


class DeleteSearch(OwnSearch):
    """Asked before it is done."""

    form_class = type("ConfirmForm", (PortalForm, forms.Form), {})
    template_name = "core/search_delete.html"
    success_message = gettext_lazy("The search is gone.")

    def save(self, form: Any) -> str:
        searches.delete_search(self.object)
        return self.cancel_url()
