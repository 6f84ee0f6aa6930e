"""ROCB's candidate list: who is on it, in which area, how well it is shown, who is free; confirmed, contacted, ended."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from candidates import queries, services
from candidates.enums import LeftKind
from candidates.filters import ListingFilter
from candidates.forms import END, STILL_RIGHT, ConfirmForm, ConfirmLinesForm, ContactForm, LeaveForm, ListingForm
from candidates.models import Listing, Nomination
from centres.models import Centre
from core import links
from core.clock import today
from core.errors import LinkInvalid
from core.exports import Export
from core.history import history_of
from core.models import ActionLink
from core.policies import may
from core.views import FormPage, ListPage, Page, Panel
from core.workflow import LinkActor
from experts.models import Expert


class ListingsPage(ListPage):
    """Areas in which nobody is accredited yet come first (§2.2(2))."""

    action = "candidates.list"
    model = Listing
    template_name = "candidates/listings.html"
    results_template = "candidates/_listings.html"
    filterset_class = ListingFilter
    sorts = {
        "area": ("is_covered", "area__order", "expert__family_name", "expert__given_name", "pk"),
        "name": ("expert__family_name", "expert__given_name", "area__order", "pk"),
        "administration": ("expert__administration__name", "expert__family_name", "area__order", "pk"),
        "strength": ("strength", "area__order", "expert__family_name", "pk"),
        "since": ("listed_on", "expert__family_name", "pk"),
        "confirmed": ("last_said_on", "expert__family_name", "pk"),
        "contact": ("contacted_on", "expert__family_name", "pk"),
    }

    def rows(self) -> Any:
        return queries.with_standing(super().rows(), today()).with_people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["people"] = queries.listed_people(context["rows"], self.request.user, today())
        context["is_office"] = self.request.user.is_office
        context["days_ahead"] = queries.DAYS_AHEAD
        return context


class ListingsExport(Export, ListingsPage):
    """The same rows; no contact data. Days and contacts for the offices alone."""

    def table(self) -> Any:
        office = self.request.user.is_office
        head = [
            "Family name", "Given name", "Administration", "Area", "Area is covered", "Evidence", "Origin", "Recommended by",
            "Listed since", "Last confirmed", "To be confirmed by", "Left on", "Why", "Known for",
        ]  # fmt: skip
        if office:
            head += ["Last contact", f"Busy in the next {queries.DAYS_AHEAD} days"]
        return f"candidates-{today().isoformat()}", head, [
            self.line(shown, office) for shown in queries.listed_people(self.found(), self.request.user, today())
        ]  # fmt: skip

    @staticmethod
    def line(shown: queries.ListedPerson, office: bool) -> tuple[Any, ...]:
        row: Any = shown.listing
        busy = "; ".join(f"{first.isoformat()} to {last.isoformat()}" for first, last in shown.busy or [])
        return (
            row.expert.family_name, row.expert.given_name, row.expert.administration, row.area,
            "yes" if row.is_covered else "no", shown.strength_words, row.get_origin_display(), row.recommended_by,
            row.listed_on, row.confirmed_on, row.confirm_by if shown.is_open else None, row.left_on,
            row.get_left_kind_display(), row.note, *((row.contacted_on, busy) if office else ()),
        )  # fmt: skip


class ListingPage(Page):
    action = "candidates.see"
    model = Listing
    template_name = "candidates/listing.html"

    def rows(self) -> Any:
        return queries.with_standing(super().rows(), today()).with_people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing, user = self.object, self.request.user
        day = today()
        shown = queries.listed_people([listing], user, day)[0]
        return super().get_context_data(
            shown=shown,
            is_open=shown.is_open,
            proposal=queries.why_close(listing) if queries.is_to_close(listing, day) else "",
            days_ahead=queries.DAYS_AHEAD,
            opens_person=Expert.objects.visible_to(user).filter(pk=listing.expert_id).exists(),
            nomination=Nomination.objects.visible_to(user).filter(pk=listing.nomination_id).first(),
            others=Listing.objects.visible_to(user)
            .filter(expert=listing.expert_id)
            .exclude(pk=listing.pk)
            .select_related("area"),
            entries=history_of(listing.pk) if user.is_office else [],
            **kwargs,
        )


class AddListing(FormPage):
    """For the list as it was kept before there were nominations here. `?expert=` names somebody known, `?find=` looks for one."""

    action = "candidates.add"
    form_class = ListingForm
    template_name = "candidates/listing_add.html"
    success_message = gettext_lazy("On the list. The search for experts finds the person in this area from now on.")
    MOST = 20

    @cached_property
    def words(self) -> list[str]:
        return self.request.GET.get("find", "").split()[:6]

    def people(self) -> Any:
        known = Expert.objects.visible_to(self.request.user).filter(left_on__isnull=True)
        return known.select_related("administration")

    def named(self) -> UUID | None:
        try:
            return UUID(self.request.POST.get("expert") or self.request.GET.get("expert", ""))
        except ValueError:
            return None

    def initial(self) -> dict[str, Any]:
        return {"expert": self.named()}

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": self.people().filter(pk=self.named())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = queries.people_named(self.people(), self.words)[: self.MOST] if self.words else []
        return super().get_context_data(found=found, words=" ".join(self.words), **kwargs)

    def cancel_url(self) -> str:
        return reverse("candidates:listings")

    def save(self, form: Any) -> str:
        return services.list_candidate(by=self.request.user, **form.listing).get_absolute_url()


class OfListing(FormPage):
    """A question about one open line."""

    model = Listing

    def rows(self) -> Any:
        return super().rows().select_related("expert__administration", "area")


class LeaveListing(OfListing):
    """Asked before it is done, with the reason. The home administration and the person end a line by their wish."""

    action = "candidates.leave"
    form_class = LeaveForm
    template_name = "candidates/listing_leave.html"
    success_message = gettext_lazy(
        "Off the list. The line stays in the records; the home administration and the person are told."
    )

    def initial(self) -> dict[str, Any]:
        is_accredited = queries.lines_to_close(today()).filter(pk=self.object.pk, is_accredited=True).exists()
        if not is_accredited:
            return {}
        return {"kind": LeftKind.ACCREDITED, "reason": _("Accredited in %(area)s.") % {"area": self.object.area}}

    def form_kwargs(self) -> dict[str, Any]:
        return {"only_wish": not self.request.user.is_rocb}

    def save(self, form: Any) -> str:
        answers = {"kind": LeftKind.WISH, **form.cleaned_data}
        services.leave_list(self.object, by=self.request.user, version=self.version, **answers)
        return self.object.get_absolute_url()


class ConfirmListing(OfListing):
    """One line is still right: in the own name, or noted by ROCB for those who said so."""

    action = "candidates.confirm"
    form_class = ConfirmForm
    template_name = "candidates/listing_confirm.html"
    success_message = gettext_lazy("Confirmed. The next question comes in a year.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.object.expert.user_id == self.request.user.pk
        home = self.object.expert.administration_id in self.request.user.administration_ids()
        return super().get_context_data(on_behalf=not own and not home, **kwargs)

    def save(self, form: Any) -> str:
        services.confirm_listing(self.object, by=self.request.user, note=form.cleaned_data["note"])
        return self.object.get_absolute_url()


class NoteContact(OfListing):
    action = "candidates.note_contact"
    form_class = ContactForm
    template_name = "candidates/listing_contact.html"
    success_message = gettext_lazy("The contact is kept, in all lines of the person.")

    def save(self, form: Any) -> str:
        services.note_contact(self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class AnswersLines(FormPage):
    """What the two roads to the yearly confirmation share: the lines whose year is over, one question each, one service."""

    template_name = "candidates/confirm.html"
    form_class = ConfirmLinesForm
    scope: queries.Scope | None
    token = ""

    @cached_property
    def lines(self) -> list[Listing]:
        return self.scope.due(today()) if self.scope else []

    def form_kwargs(self) -> dict[str, Any]:
        return {"lines": self.lines, "is_person": bool(self.scope and self.scope.is_person)}

    def answer(self, form: Any, by: Any) -> None:
        services.answer_listings(
            confirmed=form.chosen(STILL_RIGHT),
            leaving=form.chosen(END),
            by=by,
            reason=form.cleaned_data["reason"],
            token=self.token,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(scope=self.scope, lines=self.lines, **kwargs)


class ConfirmLines(AnswersLines):
    """The lines that wait for this person: of the own administration, else the own ones."""

    action = "candidates.confirm_own"
    success_message = gettext_lazy("Thank you. What is still right is confirmed for a year; who was taken off is told.")

    @cached_property
    def scope(self) -> queries.Scope | None:  # type: ignore[override]
        scopes = queries.scopes_of(self.request.user)
        return next((scope for scope in scopes if scope.due(today())), scopes[0] if scopes else None)

    def save(self, form: Any) -> str:
        self.answer(form, self.request.user)
        return reverse("candidates:confirm")


@method_decorator([login_not_required, never_cache], name="dispatch")
class LinkConfirm(AnswersLines):
    """The same questions by the link of the e-mail, without an account: opening changes nothing, posting uses it up."""

    action = "candidates.confirm_own"
    link: ActionLink

    def check(self) -> None:
        """The link is the right; whether it still acts is said by `dispatch` in words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.token = kwargs["token"]
        try:
            self.link = links.peek(services.CONFIRM_LINK, self.token)
        except LinkInvalid:
            link = links.known(services.CONFIRM_LINK, self.token)
            status = 200 if link and link.used_at else 410
            return render(request, "candidates/confirm_link_ended.html", {"link": link}, status=status)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def scope(self) -> queries.Scope:  # type: ignore[override]
        scope = queries.scope_of_link(self.link.object_id)
        if scope is None:
            raise Http404
        return scope

    def save(self, form: Any) -> str:
        self.answer(form, LinkActor(_("%(name)s, by the link of the e-mail") % {"name": self.scope}, frozenset()))
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(by_link=True, **kwargs)


class OfExpert(Panel):
    """The lines of one person, as a page and as the panel of the person's own page."""

    action = "candidates.of_expert"
    model = Expert
    template_name = "candidates/of_expert.html"
    panel = "candidates/_of_expert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Listing.objects.visible_to(self.request.user).filter(expert=self.object)
        return super().get_context_data(rows=rows.select_related("area", "recommended_by"), day=today(), **kwargs)


class OfCentre(Panel):
    """The candidates of a centre's host, and those it recommended, in the areas that it develops, as far as one may see them."""

    action = "candidates.of_centre"
    model = Centre
    template_name = "candidates/of_centre.html"
    panel = "candidates/_of_centre.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            groups=queries.candidates_of_centre(self.object, self.request.user, today()),
            may_nominate=may(self.request.user, "candidates.recommend_trainer", self.object),
            **kwargs,
        )
