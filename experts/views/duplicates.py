"""Records that may be one person: found, compared side by side, joined, or remembered as two people."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import today
from core.exports import Export
from core.views import FormPage, Page
from experts import ledger, queries, services
from experts.filters_register import with_name
from experts.forms_profile import MergeForm, TwoPeopleForm
from experts.models import Expert

PER_PAGE = 25
PICKED_AT_MOST = 20


def compare_url(one: Expert, other: Expert) -> str:
    return reverse("experts:compare", args=[one.pk, other.pk])


class DuplicatesPage(Page):
    action = "experts.duplicates"
    template_name = "experts/duplicates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(queries.pairs_now(), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_obj=page, pairs=queries.pairs_of(page.object_list), total=page.paginator.count, **kwargs
        )


class DuplicatesExport(Export, DuplicatesPage):
    def table(self) -> Any:
        head = (
            _("Name"), _("Administration"), _("ACE reference"), _("E-mail"), _("Other name"), _("Other administration"),
            _("Other ACE reference"), _("Other e-mail"), _("What is alike"),
        )  # fmt: skip
        rows = [
            (*_cells(pair.first), *_cells(pair.second), "; ".join(pair.reasons))
            for pair in queries.pairs_of(queries.pairs_now())
        ]
        return f"possible-duplicates-{today().isoformat()}", head, rows


def _cells(expert: Expert) -> tuple[str, ...]:
    return expert.name, expert.administration.name, expert.ace_reference, expert.email


class PickDuplicate(Page):
    """The other record of a person, looked for by name, when nothing pointed it out."""

    action = "experts.merge"
    model = Expert
    template_name = "experts/duplicate_pick.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip() or self.object.family_name
        rows = with_name(Expert.objects.visible_to(self.request.user), words).exclude(pk=self.object.pk)
        found = list(rows.select_related("administration")[: PICKED_AT_MOST + 1])
        return super().get_context_data(
            q=words, found=found[:PICKED_AT_MOST], more=len(found) > PICKED_AT_MOST, **kwargs
        )


class OfPair(FormPage):
    """Two records, the one of the address first."""

    model = Expert

    def rows(self) -> Any:
        return super().rows().with_ledger().select_related("user", "cv").prefetch_related("publications")

    @cached_property
    def other(self) -> Expert:
        if self.kwargs["other"] == self.kwargs["pk"]:
            raise Http404
        return get_object_or_404(self.rows(), pk=self.kwargs["other"])

    def check(self) -> None:
        super().check()
        _loaded = self.other

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"other": self.other})

    def cancel_url(self) -> str:
        return reverse("experts:duplicates")


class ComparePage(OfPair):
    """Both side by side; the first stays, and for each field on which they differ somebody says which is right."""

    action = "experts.merge"
    form_class = MergeForm
    template_name = "experts/compare.html"

    def initial(self) -> dict[str, Any]:
        return {"other_version": self.other.version}

    def form_kwargs(self) -> dict[str, Any]:
        return {"fields": differing(self.object, self.other)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = today()
        return super().get_context_data(
            sides=[side(self.object, day), side(self.other, day)],
            reasons=[reason for _pair, reasons in queries.found_pairs(self.object, self.other) for reason in reasons],
            swapped=compare_url(self.other, self.object),
            **kwargs,
        )

    def save(self, form: Any) -> str:
        kept = services.merge_records(
            self.object, self.other, by=self.request.user, take=[*form.taken(), *known_to_one(self.object, self.other)],
            versions=(self.version, form.cleaned_data["other_version"]),
        )  # fmt: skip
        messages.success(
            self.request, _("The two records are one. The old address leads here; the addresses of both are told.")
        )
        return kept.get_absolute_url()


def differing(kept: Expert, other: Expert) -> list[tuple[str, Any, str, str]]:
    """The fields to be chosen, with the words of either side: both say something, and not the same.

    Whether somebody has left is asked even if one record does not say so: there, nothing is an answer too.
    """
    found = []
    for name in services.CHOSEN:
        mine, theirs = getattr(kept, name), getattr(other, name)
        if mine != theirs and ((mine and theirs) or name == "left_on"):
            label = str(getattr(Expert._meta.get_field(name), "verbose_name", name))
            found.append((name, label[:1].upper() + label[1:], _words(mine), _words(theirs)))
    return found


def known_to_one(kept: Expert, other: Expert) -> list[str]:
    """The fields of which only the record that goes says something: taken without a question."""
    return [name for name in services.CHOSEN if name != "left_on" and getattr(other, name) and not getattr(kept, name)]


def _words(value: Any) -> str:
    return str(getattr(value, "email", value) or "")


def side(expert: Expert, day: Any) -> dict[str, Any]:
    """What hangs on a record, beside the fields."""
    return {
        "expert": expert,
        "steps": queries.steps_on(expert, day),
        "languages": expert.languages.all(),
        "position": ledger.position(expert, day),
        "periods": len(ledger.alive(expert)),
        "publications": expert.publications.count(),
    }


class TwoPeople(OfPair):
    action = "experts.merge"
    form_class = TwoPeopleForm
    template_name = "experts/two_people.html"
    success_message = gettext_lazy("Remembered: two people. The pair is not shown again.")

    def save(self, form: Any) -> str:
        services.note_two_people(self.object, self.other, by=self.request.user, note=form.cleaned_data["note"])
        return reverse("experts:duplicates")
