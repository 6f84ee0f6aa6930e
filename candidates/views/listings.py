"""ROCB's candidate list: who is on it, in which area, since when and by whom."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import services
from candidates.filters import ListingFilter
from candidates.forms import LeaveForm, ListingForm
from candidates.models import Listing
from core.clock import today
from core.exports import Export
from core.history import history_of
from core.views import FormPage, ListPage, Page
from experts.models import Expert


class ListingsPage(ListPage):
    action = "candidates.list"
    model = Listing
    template_name = "candidates/listings.html"
    results_template = "candidates/_listings.html"
    filterset_class = ListingFilter
    sorts = {
        "area": ("area__order", "expert__family_name", "expert__given_name", "pk"),
        "name": ("expert__family_name", "expert__given_name", "area__order", "pk"),
        "administration": ("expert__administration__name", "expert__family_name", "area__order", "pk"),
        "since": ("listed_on", "expert__family_name", "pk"),
    }

    def rows(self) -> Any:
        return super().rows().select_related("expert__administration", "area", "recommended_by")


class ListingsExport(Export, ListingsPage):
    """The same rows; no contact data."""

    def table(self) -> Any:
        head = (
            "Family name", "Given name", "Administration", "Area", "Origin", "Recommended by", "Listed since", "Left on",
            "Known for",
        )  # fmt: skip
        rows = (
            (
                row.expert.family_name, row.expert.given_name, row.expert.administration, row.area,
                row.get_origin_display(), row.recommended_by, row.listed_on, row.left_on, row.note,
            )
            for row in self.found()
        )  # fmt: skip
        return f"candidates-{today().isoformat()}", head, rows


class ListingPage(Page):
    action = "candidates.see"
    model = Listing
    template_name = "candidates/listing.html"

    def rows(self) -> Any:
        return super().rows().select_related("expert__administration", "area", "recommended_by", "listed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing = self.object
        is_open = listing.is_open(today())
        return super().get_context_data(
            is_open=is_open,
            standing={"label": _("on the list"), "tone": "info"}
            if is_open
            else {"label": _("left the list"), "tone": "neutral"},
            opens_person=Expert.objects.visible_to(self.request.user).filter(pk=listing.expert_id).exists(),
            others=Listing.objects.visible_to(self.request.user)
            .filter(expert=listing.expert_id)
            .exclude(pk=listing.pk)
            .select_related("area"),
            entries=history_of(listing.pk) if self.request.user.is_office else [],
            **kwargs,
        )


class AddListing(FormPage):
    """`?expert=` names somebody known here."""

    action = "candidates.add"
    form_class = ListingForm
    template_name = "candidates/listing_add.html"
    success_message = gettext_lazy("On the list. The search for experts finds the person in this area from now on.")

    def initial(self) -> dict[str, Any]:
        try:
            return {"expert": UUID(self.request.GET.get("expert", ""))}
        except ValueError:
            return {}

    def form_kwargs(self) -> dict[str, Any]:
        people = Expert.objects.visible_to(self.request.user).filter(left_on__isnull=True)
        return {"people": people.select_related("administration")}

    def cancel_url(self) -> str:
        return reverse("candidates:listings")

    def save(self, form: Any) -> str:
        return services.list_candidate(by=self.request.user, **form.listing).get_absolute_url()


class LeaveListing(FormPage):
    """Asked before it is done, with the reason."""

    action = "candidates.leave"
    model = Listing
    form_class = LeaveForm
    template_name = "candidates/listing_leave.html"
    success_message = gettext_lazy("Off the list. The line stays in the records.")

    def rows(self) -> Any:
        return super().rows().select_related("expert", "area")

    def save(self, form: Any) -> str:
        services.leave_list(self.object, reason=form.cleaned_data["reason"], by=self.request.user, version=self.version)
        return self.object.get_absolute_url()


class OfExpert(Page):
    """The lines of one person, as a page and as the panel of the person's own page."""

    action = "candidates.of_expert"
    model = Expert

    def get_template_names(self) -> list[str]:
        is_fragment = self.request.headers.get("HX-Request") and not self.request.headers.get("HX-Boosted")
        return ["candidates/_of_expert.html" if is_fragment else "candidates/of_expert.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Listing.objects.visible_to(self.request.user).filter(expert=self.object)
        return super().get_context_data(rows=rows.select_related("area", "recommended_by"), day=today(), **kwargs)
