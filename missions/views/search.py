"""Steps 2 and 3: the search that explains itself, the shortlist, the invitation, the informal consultation (§3.4)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import links
from core.errors import InvalidAnswers, LinkInvalid, PortalError, TransitionRefused
from core.models import ActionLink
from core.views import FormPage, Page, TransitionPage
from core.workflow import LinkActor, binding_of, in_reach, parties_of, state_of
from experts import ledger
from experts.queries import languages_known
from missions import queries, services
from missions.enums import Party
from missions.forms import ConsultationForm, SearchForm, ShortlistForm
from missions.models import Invitation, Mission, Seat
from missions.views.frame import OFFICES, link_ended


class SearchPage(Page):
    """Who could go for one seat, in the order of the framework, each row with its reasons; below, who cannot and why."""

    action = "missions.search"
    model = Mission
    template_name = "missions/search.html"
    status = 200

    def rows(self) -> Any:
        return super().rows().with_people()

    @cached_property
    def asked(self) -> SearchForm:
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        form = SearchForm(data, known=languages_known())
        form.is_valid()
        return form

    @property
    def languages(self) -> list[str]:
        return self.asked.cleaned_data.get("languages", [])

    @cached_property
    def seat(self) -> Seat:
        """The seat of the address; else the first that still needs somebody, else the first."""
        seats = self.object.open_seats()
        wanted = self.request.POST.get("seat") or self.request.GET.get("seat", "")
        chosen = next((seat for seat in seats if str(seat.pk) == wanted), None)
        if wanted and chosen is None:
            raise Http404
        if not seats:
            raise Http404
        return chosen or next((seat for seat in seats if not seat.running()), seats[0])

    @cached_property
    def found(self) -> queries.Search:
        return queries.find_experts(self.seat, languages=self.languages)

    def address(self) -> str:
        query = self.request.GET.copy()
        query.clear()
        query["seat"] = str(self.seat.pk)
        query.setlist("languages", self.languages)
        return f"{reverse('missions:search', args=[self.object.pk])}?{query.urlencode()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = binding_of(self.object).machine.transition("shortlist")
        return super().get_context_data(
            mission=self.object,
            seat=self.seat,
            seats=self.object.open_seats(),
            asked=self.asked,
            languages=self.languages,
            found=self.found,
            groups=queries.by_standing(self.found.possible),
            is_open=in_reach(self.object, row),
            state=state_of(self.object),
            proposals=[i for i in self.object.invitations() if i.seat_id == self.seat.pk and i.other_name],
            **kwargs,
        )


class Shortlist(SearchPage):
    """Put one person of the search on the shortlist. The order, and so whether a reason is due, is worked out here again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.address())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ShortlistForm(request.POST)
        if form.is_valid():
            try:
                name = self.put_on_list(form.cleaned_data["expert"], form.cleaned_data["reason"])
            except InvalidAnswers as error:
                form.add_error("reason", str(error.sentence))
            except PortalError as error:
                form.add_error(None, str(error.sentence))
            else:
                words = {"name": name, "n": self.seat.position}
                messages.success(
                    request, _("%(name)s is on the shortlist of seat %(n)d. Nobody has been asked yet.") % words
                )
                return redirect(self.address())
        return self.again(form)

    def put_on_list(self, expert_id: Any, reason: str) -> str:
        match = self.found.match(expert_id)
        if match is None:
            gone = self.found.exclusion(expert_id)
            raise TransitionRefused(gone.reason if gone else _("This person does not stand in the search any more."))
        services.shortlist(
            self.object,
            by=self.request.user,
            seat=self.seat,
            expert=match.expert,
            standing=match.standing,
            rank=match.rank,
            facts=[*match.facts, *match.warnings],
            passed_over=match.passes_over,
            reason=reason,
        )
        return match.expert.name

    def again(self, form: ShortlistForm) -> HttpResponse:
        self.__dict__.pop("found", None)
        return self.render_to_response(self.get_context_data(form=form, tried=form.data.get("expert", "")), status=422)


class OfInvitation:
    queryset = Invitation.objects.with_standing()


class InvitationPage(OfInvitation, Page):
    """One person for one seat, as far as this reader may know: the home administration never sees how the person was chosen
    or what was said informally; the beneficiary and the team see that the person is approved."""

    action = "missions.see_invitation"
    template_name = "missions/invitation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invitation, user = self.object, self.request.user
        who = parties_of(user, invitation)
        office = bool(who & OFFICES)
        concerned = office or bool(who & {Party.HOME, Party.EXPERT})
        return super().get_context_data(
            invitation=invitation,
            mission=invitation.mission,
            sees_choice=office,
            sees_consultation=office or Party.EXPERT in who,
            sees_terms=concerned,
            sees_answer=office or Party.HOME in who or (Party.EXPERT in who and invitation.replied_at is not None),
            cap=ledger.check(
                invitation.expert, invitation.seat.release, without=invitation.pk, counts=invitation.counts
            )
            if concerned
            else None,
            lines=queries.history_of_one(user, invitation),
            discreet=not office,
            **kwargs,
        )


class InvitationDo(OfInvitation, TransitionPage):
    action = "missions.see_invitation"
    model = Invitation


class AnswersConsultation(FormPage):
    """What the two roads to the informal answer share: the brief, the answers the table offers now, the one service."""

    template_name = "missions/invitation_consultation.html"
    form_class = ConsultationForm

    @cached_property
    def answers(self) -> dict[str, Any]:
        machine = binding_of(self.object).machine
        rows = [machine.transition(name) for name in services.CONSULTATION_ANSWERS]
        return {row.name: row.label for row in rows if in_reach(self.object, row)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seat = self.object.seat
        return super().get_context_data(
            invitation=self.object,
            mission=self.object.mission,
            seat=seat,
            is_open=bool(self.answers),
            state=state_of(self.object),
            cap=ledger.check(self.object.expert, seat.release, without=self.object.pk, counts=self.object.counts),
            **kwargs,
        )


class Consultation(OfInvitation, AnswersConsultation):
    """The expert answers, or the offices note what the expert said."""

    action = "missions.consultation"

    @property
    def for_staff(self) -> bool:
        return Party.EXPERT not in parties_of(self.request.user, self.object)

    def form_kwargs(self) -> dict[str, Any]:
        return {"answers": self.answers, "for_staff": self.object.expert.name if self.for_staff else ""}

    def save(self, form: Any) -> Any:
        services.answer_consultation(self.object, by=self.request.user, **form.cleaned_data)
        return self.object

    @property
    def success_message(self) -> Any:
        if self.for_staff:
            return _("The answer is noted on behalf of %(name)s.") % {"name": self.object.expert.name}
        return _("Thank you. ROCB and the Secretariat have your answer. It commits nobody; you hear from them.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(for_staff=self.for_staff, **kwargs)


@method_decorator([login_not_required, never_cache], name="dispatch")
class LinkConsultation(AnswersConsultation):
    """The same page by the link of the e-mail, without an account: opening changes nothing, posting answers and uses it up."""

    action = "missions.consultation"
    link: ActionLink

    def check(self) -> None:
        """The link is the right; whether it still acts is said by `dispatch` in words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.link = links.peek(services.CONSULTATION_LINK, kwargs["token"])
        except LinkInvalid:
            link = links.known(services.CONSULTATION_LINK, kwargs["token"])
            asked = Invitation.objects.with_standing().filter(pk=link.object_id) if link else []
            return link_ended(request, "missions/invitation_link_ended.html", link, asked, formal=False)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def object(self) -> Any:
        invitation = Invitation.objects.with_standing().filter(pk=self.link.object_id).first()
        if invitation is None:
            raise Http404
        return invitation

    def form_kwargs(self) -> dict[str, Any]:
        return {"answers": self.answers}

    def save(self, form: Any) -> Any:
        actor = LinkActor(
            _("%(name)s, by the link of the e-mail") % {"name": self.object.expert}, frozenset({Party.EXPERT})
        )
        services.answer_consultation(self.object, by=actor, token=self.kwargs["token"], **form.cleaned_data)
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(by_link=True, **kwargs)
