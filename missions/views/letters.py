"""Steps 4 and 5: who agreed, the letter to the home administration, and its answer (§3.4)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core import links
from core.clock import day_words, today
from core.errors import LinkInvalid, TransitionRefused
from core.exports import AlsoAsFile
from core.models import ActionLink, Message, OutboxJob, StoredFile
from core.policies import may
from core.views import Download, FormPage, ListPage, Page
from core.workflow import LinkActor, binding_of, in_reach, parties_of, state_of
from members.queries import addressees
from missions import guards, jobs, letters, queries, services
from missions.enums import Party
from missions.filters import LetterFilter
from missions.forms import SendForm
from missions.forms_letters import (
    AnswerForm,
    AnswerForms,
    BearerForm,
    ConfirmationForm,
    CountingForm,
    LetterForm,
    NewLetterForm,
    SendLetterForm,
)
from missions.models import Invitation, Letter
from missions.views.frame import link_ended


class OfInvitation:
    queryset = Invitation.objects.with_standing()


class OfLetter:
    queryset = Letter.objects.with_answers()


def invitations_of(letter: Letter) -> list[Invitation]:
    return list(Invitation.objects.with_standing().filter(letter=letter))


class AgreementsPage(OfInvitation, FormPage):
    """Who of the parties has said yes to a candidate or first-step expert, and who bears the cost: two forms, one page (§3.1, §3.3)."""

    action = "missions.agreements"
    template_name = "missions/agreements.html"

    def form_for(self, what: str, **data: Any) -> Any:
        if what == "bearer":
            return BearerForm(initial={"agreed_on": today()}, prefix="cost", **data)
        missing = guards.missing_parties(self.object)
        parties = missing or guards.required_parties(self.object)
        return ConfirmationForm(initial={"said_on": today()}, parties=parties, **data)

    def make_form(self, **data: Any) -> Any:
        return self.form_for("bearer" if self.request.POST.get("what") == "bearer" else "confirmation", **data)

    def save(self, form: Any) -> Any:
        if isinstance(form, BearerForm):
            services.record_bearer(self.object, by=self.request.user, **form.cleaned_data)
        else:
            services.record_confirmation(self.object, by=self.request.user, **form.cleaned_data)
        return reverse("missions:agreements", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        posted = kwargs.get("form")
        invitation = self.object
        row = binding_of(invitation).machine.transition("record_agreements")
        said = {c.party: c for c in invitation.confirmations.select_related("recorded_by")}
        return super().get_context_data(
            **{"form": posted or self.form_for("confirmation"), **kwargs},
            confirmation_form=posted if isinstance(posted, ConfirmationForm) else self.form_for("confirmation"),
            bearer_form=posted if isinstance(posted, BearerForm) else self.form_for("bearer"),
            invitation=invitation,
            seat=invitation.seat,
            parties=[(guards.ConfirmingParty(p).label, said.get(p)) for p in guards.required_parties(invitation)],
            is_open=in_reach(invitation, row),
            state=state_of(invitation),
            next_row=letters.row_of(invitation, step="prepare_letter"),
        )


class CountingPage(OfInvitation, FormPage):
    """Whether the days of this invitation count against the cap, with the reason."""

    action = "missions.agreements"
    template_name = "missions/counting.html"
    form_class = CountingForm
    success_message = gettext_lazy("Noted, with your reason. The figures follow it from now on.")

    def initial(self) -> dict[str, Any]:
        return {"counts": "yes" if self.object.counts else "no", "counts_reason": self.object.counts_reason}

    def save(self, form: Any) -> Any:
        data = form.cleaned_data
        services.set_counting(self.object, by=self.request.user, counts=data["counts"], reason=data["counts_reason"])
        return reverse("missions:counting", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            invitation=self.object, row=letters.row_of(self.object), back=self.back(), **kwargs
        )

    def back(self) -> str:
        return self.object.letter.get_absolute_url() if self.object.letter else self.object.get_absolute_url()


class WritesLetter(FormPage):
    """Writing a letter and changing it: the questions, and below them the letter as it would look now."""

    template_name = "missions/letter_form.html"
    shows_letter = False

    def subject(self) -> tuple[Letter, list[Invitation]]:
        """The letter, kept or only imagined, and the experts in it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" in request.POST:
            self.shows_letter = True
            return self.render_to_response(self.get_context_data(form=self.make_form(data=request.POST)))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        letter, invitations = self.subject()
        form = context["form"]
        if form.is_bound and form.is_valid():
            for name in ("opening", "extra", "conditions", "exception_reason"):
                setattr(letter, name, form.cleaned_data.get(name, ""))
        context["rows"] = [letters.row_of(i, step="prepare_letter") for i in invitations]
        if self.shows_letter and invitations and not form.errors:
            context["letter"] = letters.letter_context(letter, invitations)
        return context


class LetterFor(OfInvitation, WritesLetter):
    """Draw up the letter about one expert and all others of the same administration who are ready; an existing one is opened."""

    action = "missions.letter_for"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.check()
        if self.object.letter_id:
            return redirect(self.object.letter)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def ready(self) -> list[Invitation]:
        return queries.ready_for_letter(self.object)

    def make_form(self, **data: Any) -> Any:
        over = [row.over for i in self.ready if (row := letters.row_of(i)).over]
        return NewLetterForm(
            ready=self.ready, over=over, initial={"opening": letters.default_opening(self.object.mission)}, **data
        )

    def subject(self) -> tuple[Letter, list[Invitation]]:
        form = self.make_form(data=self.request.POST) if self.request.method == "POST" else self.make_form()
        mission = self.object.mission
        return Letter(mission=mission, administration=self.object.expert.administration), form.chosen

    def save(self, form: Any) -> Any:
        fields = dict(form.cleaned_data)
        fields.pop("invitations")
        return services.prepare_letter(self.object.mission, by=self.request.user, invitations=form.chosen, **fields)

    @property
    def success_message(self) -> Any:
        return _("The letter is drawn up. The Secretariat finds it in its inbox, and alone can send it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            invitation=self.object,
            mission=self.object.mission,
            administration=self.object.expert.administration,
            is_ready=self.object in self.ready,
            own=letters.row_of(self.object, step="prepare_letter"),
            **kwargs,
        )


class LetterEdit(OfLetter, WritesLetter):
    """Change a letter that has not left."""

    action = "missions.edit_letter"

    @cached_property
    def invitations(self) -> list[Invitation]:
        return invitations_of(self.object)

    def make_form(self, **data: Any) -> Any:
        over = [row.over for i in self.invitations if (row := letters.row_of(i)).over]
        names = ("opening", "extra", "conditions", "exception_reason")
        return LetterForm(over=over, initial={name: getattr(self.object, name) for name in names}, **data)

    def subject(self) -> tuple[Letter, list[Invitation]]:
        return Letter.objects.with_answers().get(pk=self.object.pk), self.invitations

    def save(self, form: Any) -> Any:
        return services.edit_letter(self.object, by=self.request.user, version=self.version, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            mission=self.object.mission,
            administration=self.object.administration,
            is_ready=True,
            draft=self.object,
            **kwargs,
        )


class LetterList(AlsoAsFile, ListPage):
    action = "missions.list_letters"
    queryset = Letter.objects.with_answers()
    filterset_class = LetterFilter
    template_name = "missions/letter_list.html"
    results_template = "missions/_letter_results.html"
    sorts = {
        "created": ("created_at",),
        "number": ("number", "created_at"),
        "administration": ("administration__name", "created_at"),
        "sent_on": ("sent_on", "created_at"),
    }
    first_sort = "-created"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["lines"] = [(letter, letters.standing_of(letter)) for letter in context["rows"]]
        return context

    def table(self) -> Any:
        head = [_("Letter"), _("Home administration"), _("Mission"), _("Experts"), _("Sent on"), _("State")]
        rows = (
            [
                letter.number, letter.administration, letter.mission.number,
                ", ".join(str(invitation.expert) for invitation in letter.invitations.all()), letter.sent_on,
                letters.standing_of(letter).label,
            ]
            for letter in self.found()
        )  # fmt: skip
        return "letters", head, rows


class LetterPage(OfLetter, Page):
    """One letter: while it is a draft what stands in its way, afterwards its document and the answers, person by person."""

    action = "missions.see_letter"
    template_name = "missions/letter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter, user = self.object, self.request.user
        mine = Invitation.objects.with_standing().visible_to(user).filter(letter=letter)
        parts = {part.invitation: part for part in letters.letter_context(letter).experts} if letter.sent_at else {}
        rows = [letters.row_of(i) for i in mine]
        return super().get_context_data(
            letter=letter,
            mission=letter.mission,
            standing=letters.standing_of(letter),
            rows=rows,
            parted=[(row.invitation, parts.get(str(row.invitation.pk))) for row in rows],
            blocked=[row.reason for row in rows if row.reason],
            answerable={i.pk for i in letter.unanswered() if not letter.revoked_at},
            waits=self.waits([row.invitation for row in rows]),
            waits_in_outbox=OutboxJob.objects.unfinished()
            .filter(kind="letter", payload__object_id=str(letter.pk))
            .exists(),
            messages_sent=Message.objects.filter(about_id=letter.pk) if user.is_office else [],
            **kwargs,
        )

    def waits(self, invitations: list[Invitation]) -> dict[str, Any]:
        """For whose word the letter waits, and whether this reader can give or record it."""
        letter, user = self.object, self.request.user
        waiting = {i.pk for i in letter.unanswered()}
        found = next((i for i in invitations if i.pk in waiting), None)
        if found is None or letter.revoked_at:
            return {}
        day = {"day": day_words(letter.sent_on)}
        own = letter.administration_id in user.administration_ids()
        return {
            "invitation": found,
            "can_answer": bool(may(user, "missions.answer_letter", found)),
            "title": _("Your answer is looked for since %(day)s") % day
            if own
            else _("No answer yet, since %(day)s") % day,
            "who": letter.administration,
        }


class LetterPreview(OfLetter, Page):
    """The letter as it will look, or looks, on a page; `?pdf` gives the draft as PDF, to be signed on paper if wished."""

    action = "missions.read_letter"
    template_name = "missions/letter_preview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pdf" in request.GET and not self.object.sent_at:
            response = HttpResponse(letters.draw_for_signature(self.object), content_type="application/pdf")
            name = f"{self.object.mission.number} {self.object.administration.code}.pdf"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            letter=letters.letter_context(self.object), mission=self.object.mission, **kwargs
        )


class LetterSend(OfLetter, FormPage):
    """Check your answers, with the letter as it will leave; then the Secretariat sends it."""

    action = "missions.send_letter"
    template_name = "missions/letter_send.html"

    @cached_property
    def addressees(self) -> Any:
        return addressees(self.object.administration)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.sent_at:
            messages.info(request, _("The letter has left already; this is what it says."))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def make_form(self, **data: Any) -> Any:
        signatory = _("%(name)s\nWCO Secretariat") % {"name": self.request.user.name}
        return SendLetterForm(has_addressees=bool(self.addressees.to), initial={"signatory": signatory}, **data)

    def save(self, form: Any) -> Any:
        data = form.cleaned_data
        on_paper = data["how"] == "paper"
        return services.send_letter(
            self.object,
            by=self.request.user,
            version=self.version,
            signatory=data["signatory"],
            on_paper=on_paper,
            scan=data["scan"] if on_paper else None,
            sent_on=data["sent_on"] if on_paper else None,
        )

    @property
    def success_message(self) -> Any:
        return _(
            "The letter has its number and date. An answer is looked for by the last reminder; nothing follows from silence."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invitations = invitations_of(self.object)
        rows = [letters.row_of(i) for i in invitations]
        return super().get_context_data(
            letter=letters.letter_context(self.object, invitations),
            mission=self.object.mission,
            rows=rows,
            blocked=[row for row in rows if row.reason],
            addressees=self.addressees,
            **kwargs,
        )


class LetterDiscard(OfLetter, FormPage):
    """Take back a draft; its experts are ready for another letter."""

    action = "missions.edit_letter"
    template_name = "missions/letter_discard.html"
    form_class = SendForm
    success_message = gettext_lazy("The draft is gone. Its experts are ready for another letter.")

    def save(self, form: Any) -> Any:
        mission = self.object.mission
        services.discard_letter(self.object, by=self.request.user)
        return mission.get_absolute_url()


class LetterDocument(OfLetter, Download):
    """The kept document of a letter that has left; drawn here if the worker has not come to it."""

    action = "missions.read_letter"
    model = Letter

    def stored(self) -> StoredFile | None:
        return jobs.letter_document(self.object) if self.object.sent_at else None


class Answer(OfInvitation, FormPage):
    """The home administration answers by login, or ROCB records its answer with the scan (§3.4 step 5)."""

    action = "missions.answer_letter"
    template_name = "missions/answer.html"

    @cached_property
    def recorded(self) -> bool:
        return Party.HOME not in parties_of(self.request.user, self.object)

    @cached_property
    def row(self) -> letters.Row:
        return letters.row_of(self.object, step="answer_no")

    def make_form(self, **data: Any) -> Any:
        return AnswerForm(invitation=self.object, cap=self.row.cap, recorded=self.recorded, **data)

    def save(self, form: Any) -> Any:
        services.answer_letter(self.object, by=self.request.user, **form.given)
        return self.object.letter

    @property
    def success_message(self) -> Any:
        if self.recorded:
            return _("The answer is recorded on behalf of the administration, with its scan.")
        return _("Thank you. The Secretariat and ROCB have been told, and so has the expert where it concerns them.")

    def cancel_url(self) -> str:
        return self.object.letter.get_absolute_url() if self.object.letter else self.object.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            invitation=self.object,
            mission=self.object.mission,
            recorded=self.recorded,
            row=self.row,
            seat_taken=guards.seat_is_free(self.object),
            state=state_of(self.object),
            **kwargs,
        )


@method_decorator([login_not_required, never_cache], name="dispatch")
class LinkLetter(FormPage):
    """The same answer by the link of the e-mail, without an account, for every expert of the letter at once.

    Opening it changes nothing; one posting answers for all of them and uses it up.
    """

    action = "missions.answer_letter"
    template_name = "missions/answer_link.html"
    link: ActionLink

    def check(self) -> None:
        """The link is the right; whether it still acts is said by `dispatch` in words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.link = links.peek(services.LETTER_LINK, kwargs["token"])
        except LinkInvalid:
            link = links.known(services.LETTER_LINK, kwargs["token"])
            asked = Invitation.objects.with_standing().filter(letter=link.object_id) if link else []
            return link_ended(request, "missions/answer_link_ended.html", link, asked, formal=True)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def object(self) -> Any:
        letter = Letter.objects.with_answers().filter(pk=self.link.object_id).first()
        if letter is None:
            raise Http404
        return letter

    @cached_property
    def rows(self) -> list[letters.Row]:  # type: ignore[override]
        waiting = {i.pk for i in self.object.unanswered()}
        return [letters.row_of(i, step="answer_no") for i in invitations_of(self.object) if i.pk in waiting]

    def make_form(self, **data: Any) -> Any:
        return AnswerForms(
            [AnswerForm(invitation=r.invitation, cap=r.cap, prefix=str(r.invitation.pk), **data) for r in self.rows]
        )

    def save(self, form: AnswerForms) -> Any:
        if not form.forms:
            raise TransitionRefused(_("Nothing is left to answer here."))
        words = {"administration": self.object.administration, "recipient": self.link.recipient}
        actor = LinkActor(_("%(administration)s, by the link sent to %(recipient)s") % words, frozenset({Party.HOME}))
        answers = {one.invitation: one.given for one in form.forms}
        services.answer_by_link(self.object, by=actor, token=self.kwargs["token"], answers=answers)
        return self.request.path

    def cancel_url(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            letter=letters.letter_context(self.object), mission=self.object.mission, link=self.link, **kwargs
        )
        context["pairs"] = list(zip(self.rows, context["form"].forms, strict=True))
        return context
