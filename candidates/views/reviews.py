"""The review of a nomination: each reviewer's own page, who reviews, and the page where it is decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import queries, services
from candidates.enums import Requirement
from candidates.forms_nominations import DecisionForm, ReviewersForm, ReviewForm
from candidates.models import Attachment, Review
from candidates.views.nominations import OfNomination
from candidates.workflow import NOMINATION
from core.autosave import Kept, kept_or_why
from core.views import FormPage
from core.workflow import blocked, in_reach, state_of, transition_url
from members.enums import Party
from members.models import User


class ReviewPage(OfNomination, FormPage):
    """One reviewer's judgement. What others say opens when the own review is given (row B40)."""

    action = "candidates.review_nomination"
    template_name = "candidates/nomination_review.html"
    form_class = ReviewForm

    @cached_property
    def own(self) -> Review | None:
        return queries.own_review(self.request.user, self.object)

    def form_kwargs(self) -> dict[str, Any]:
        return {"review": self.own}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "typed" not in request.GET:
            return super().post(request, *args, **kwargs)
        form = self.make_form(data=request.POST)
        form.is_valid()
        return kept_or_why(lambda: self.keep(form))

    def keep(self, form: Any) -> Kept:
        """What has a verdict is kept while it is typed; a review is begun with the first one, since the decision waits for it."""
        judgements = form.judgements
        without = [str(one.label) for one in Requirement if form.errors.keys() & {f"verdict_{one}", f"comment_{one}"}]
        if self.own is None and not any(verdict for verdict, _comment in judgements.values()):
            return None, without
        return services.save_review(self.object, by=self.request.user, judgements=judgements), without

    def save(self, form: Any) -> Any:
        gives = "give" in self.request.POST
        services.save_review(self.object, by=self.request.user, judgements=form.judgements, give=gives)
        words = _("Your review is given.") if gives else _("Kept. Nobody else reads it before you give it.")
        messages.success(self.request, words)
        return self.object.get_absolute_url() if gives else self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, rows = context["form"], queries.requirement_rows(self.object)
        return context | {
            "nomination": self.object,
            "state": state_of(self.object),
            "is_open": in_reach(self.object, NOMINATION.transition("review")),
            "autosave": f"{self.request.path}?typed=1",
            "is_given": bool(self.own and self.own.given_at),
            "rows": [(row, *form.pair(row.value)) for row in rows if row.value in Requirement.values],
            "files": Attachment.objects.visible_to(self.request.user)
            .filter(nomination=self.object)
            .select_related("file"),
        }


class Reviewers(OfNomination, FormPage):
    """Who is asked to review in this round."""

    action = "candidates.ask_reviewers"
    template_name = "candidates/nomination_reviewers.html"
    form_class = ReviewersForm
    success_message = gettext_lazy("Saved. Whoever is asked finds it in the inbox.")

    def spoken(self) -> list[Any]:
        return [review.reviewer_id for review in self.object.reviews_now() if review.given_at]

    def form_kwargs(self) -> dict[str, Any]:
        staff = User.objects.visible_to(self.request.user).filter(
            is_active=True, memberships__party__in=Party.offices()
        )
        return {"people": staff.distinct(), "spoken": self.spoken()}

    def initial(self) -> dict[str, Any]:
        return {"reviewers": [review.reviewer_id for review in self.object.reviews_now()]}

    def save(self, form: Any) -> Any:
        services.ask_reviewers(self.object, by=self.request.user, reviewers=form.cleaned_data["reviewers"])
        return self.object.get_absolute_url()


class DecisionPage(OfNomination, FormPage):
    """All reviews side by side, once everybody asked has spoken; from here the person is listed, or not, or it goes back."""

    action = "candidates.decide_nomination"
    template_name = "candidates/nomination_decide.html"
    form_class = DecisionForm

    @cached_property
    def all_met(self) -> bool:
        return queries.all_four_met(self.object)

    def form_kwargs(self) -> dict[str, Any]:
        return {"all_met": self.all_met}

    def save(self, form: Any) -> Any:
        listed = services.list_nomination(
            self.object, by=self.request.user, version=self.version, waiver=form.cleaned_data.get("waiver", "")
        )
        messages.success(self.request, _("On the candidate list. The nominator and the person are told."))
        return listed.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination = self.object
        row = NOMINATION.transition("list")
        areas, passed_over = queries.areas_to_list(nomination)
        rounds = queries.reviews_for(self.request.user, nomination, deciding=True)
        other_ways = [NOMINATION.transition(name) for name in ("return", "not_list")]
        return super().get_context_data(
            nomination=nomination,
            state=state_of(nomination),
            is_open=in_reach(nomination, row),
            reason=blocked(nomination, row),
            all_met=self.all_met,
            areas=areas,
            passed_over=passed_over,
            rounds=[one for one in rounds if one.is_now],
            rows=queries.requirement_rows(nomination),
            other_ways=[
                (other.label, transition_url(nomination, other), blocked(nomination, other)) for other in other_ways
            ],
            reviewers_url=reverse("candidates:nomination-reviewers", args=[nomination.pk]),
            **kwargs,
        )
