"""Nominations: the list, begun, written, sent, completed by the nominee; their files and their letter (§2.2(2), §2.3)."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from candidates import guards, jobs_nominations, queries, services
from candidates.enums import Origin, Party
from candidates.filters_nominations import NominationFilter
from candidates.forms_nominations import (
    AttachmentForm,
    DeclineForm,
    NewPersonForm,
    NominationForm,
    NomineeForm,
    SendForm,
)
from candidates.guidance import consent
from candidates.models import Attachment, Call, Listing, Nomination
from candidates.workflow import NOMINATION
from core import links
from core.autosave import Autosave, Kept, kept_or_why
from core.clock import day_of, today
from core.errors import InvalidAnswers, LinkInvalid, NotAllowed, TransitionRefused
from core.exports import Export
from core.files import serve
from core.models import ActionLink, StoredFile
from core.policies import may
from core.templatetags.workflow import buttons
from core.views import Download, FormPage, ListPage, Page, TransitionPage, is_fragment
from core.workflow import LinkActor, blocked, in_reach, parties_of, state_of, transition_url
from experts.models import Expert
from members import enums as members
from members.acting import acting_membership
from members.models import Administration


class OfNomination:
    """For pages whose `object` is a nomination."""

    queryset = Nomination.objects.with_standing()
    model = Nomination


class NominationList(ListPage):
    action = "candidates.list_nominations"
    model = Nomination
    template_name = "candidates/nominations.html"
    results_template = "candidates/_nominations.html"
    filterset_class = NominationFilter
    sorts = {
        "since": ("state_since", "pk"),
        "name": ("family_name", "given_name", "pk"),
        "administration": ("home__name", "family_name", "pk"),
        "sent": ("submitted_at", "pk"),
    }
    first_sort = "-since"

    def rows(self) -> Any:
        return super().rows().select_related("home", "centre_host", "created_by").prefetch_related("areas")


class NominationExport(Export, NominationList):
    """The same rows; no contact data and no word of the evidence."""

    def table(self) -> Any:
        head = (
            _("Family name"), _("Given name"), _("Home administration"), _("Areas"), _("Origin"), _("Centre"), _("State"),
            _("Since"), _("Sent"), _("Consent"), _("Decided"),
        )  # fmt: skip
        rows = (
            (
                row.family_name, row.given_name, row.home, ", ".join(area.code for area in row.areas.all()),
                row.get_origin_display(), row.centre_host, state_of(row).label, day_of(row.state_since), _day(row.submitted_at),
                _day(row.consented_at), _day(row.decided_at),
            )
            for row in self.found()
        )  # fmt: skip
        return f"nominations-{today().isoformat()}", head, rows


def _day(moment: Any) -> Any:
    return day_of(moment) if moment else None


# Beginning


class NominationNew(FormPage):
    """Whom: somebody known here, found by words, or somebody new. Kept as a draft; nothing leaves before it is sent.

    `origin` says as whom, `call` which call it answers, `renews` which line of the list it is to renew, `expert` who it is.
    """

    action = "candidates.nominate"
    template_name = "candidates/nomination_new.html"
    form_class = NewPersonForm

    def get_template_names(self) -> list[str]:
        return ["candidates/_nomination_people.html" if is_fragment(self.request) else self.template_name]

    @cached_property
    def origins(self) -> list[str]:
        user = self.request.user
        ways = {
            Origin.ADMINISTRATION: user.administration_ids(),
            Origin.CENTRE: user.administration_ids(members.Party.CENTRE),
            Origin.ROCB: user.is_rocb,
        }
        return [str(origin) for origin, is_open in ways.items() if is_open]

    @cached_property
    def origin(self) -> str:
        """As whom the person nominates: as the address asks, as the party acted as, or in the one way there is."""
        membership = acting_membership(self.request)
        for wanted in (self.request.GET.get("origin", ""), membership.party if membership else ""):
            if wanted in self.origins:
                return wanted
        return self.origins[0]

    def named(self, model: Any, key: str) -> Any:
        """What the address names, if this person sees it."""
        try:
            pk = uuid.UUID(self.request.GET.get(key, ""))
        except ValueError:
            return None
        return model.objects.visible_to(self.request.user).filter(pk=pk).first()

    @cached_property
    def call(self) -> Call | None:
        return self.named(Call, "call")

    @cached_property
    def renews(self) -> Listing | None:
        return self.named(Listing, "renews")

    @cached_property
    def words(self) -> str:
        return str(self.request.GET.get("q", "")).strip()

    @cached_property
    def people(self) -> list[Expert]:
        if self.renews:
            return [self.renews.expert]
        named = self.named(Expert, "expert")
        return [named] if named else queries.people_to_nominate(self.request.user, self.origin, self.words)

    @property
    def homes(self) -> Any:
        active = Administration.objects.active()
        own = self.request.user.administration_ids()
        return active.filter(pk__in=own) if self.origin == Origin.ADMINISTRATION else active

    @property
    def host(self) -> Administration | None:
        hosts = self.request.user.administration_ids(members.Party.CENTRE)
        return Administration.objects.filter(pk__in=hosts).first() if self.origin == Origin.CENTRE else None

    def form_kwargs(self) -> dict[str, Any]:
        return {"homes": self.homes}

    def initial(self) -> dict[str, Any]:
        return {"home": self.host}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "expert" in request.POST:
            return self.begin(self.chosen(request.POST["expert"]))
        return super().post(request, *args, **kwargs)

    def chosen(self, key: str) -> Expert:
        """Of the people whom one may nominate, or the one of the line that is renewed."""
        if self.renews and str(self.renews.expert_id) == key:
            return self.renews.expert
        try:
            found = Expert.objects.visible_to(self.request.user).filter(pk=uuid.UUID(key)).first()
        except ValueError as error:
            raise Http404 from error
        if found is None:
            raise Http404
        if (
            self.origin == Origin.ADMINISTRATION
            and found.administration_id not in self.request.user.administration_ids()
        ):
            raise NotAllowed(_("An administration nominates its own officials."))
        return found

    def begin(self, expert: Expert | None = None, **fields: Any) -> HttpResponse:
        draft = services.draft_nomination(
            by=self.request.user,
            origin=self.origin,
            expert=expert,
            centre_host=self.host,
            call=self.call,
            renews=self.renews,
            areas=[self.renews.area] if self.renews else [],
            **fields,
        )
        return redirect("candidates:nomination-edit", draft.pk)

    def save(self, form: Any) -> Any:
        fields = form.cleaned_data
        found = queries.namesakes(self.request.user, **{k: fields[k] for k in ("given_name", "family_name", "home")})
        if found:
            self.people = found
            raise InvalidAnswers(
                {"family_name": _("This person is known here: please choose the name from the list above.")}
            )
        return self.begin(**fields)

    def cancel_url(self) -> str:
        return reverse("candidates:nominations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            people=self.people,
            is_named=bool(self.renews or self.request.GET.get("expert")),
            words=self.words,
            origin=self.origin,
            origin_label=Origin(self.origin).label,
            other_origins=[(o, Origin(o).label) for o in self.origins if o != self.origin],
            host=self.host,
            call=self.call,
            renews=self.renews,
            **kwargs,
        )


# Reading


class NominationPage(OfNomination, Page):
    """The nomination as far as this reader may know it: the nominee reads the own part, reviews are the offices'."""

    action = "candidates.see_nomination"
    template_name = "candidates/nomination.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination, user = self.object, self.request.user
        who = parties_of(user, nomination)
        waits = queries.waits_about(user, nomination)
        rounds = queries.reviews_for(user, nomination)
        _areas, passed_over = queries.areas_to_list(nomination)
        return super().get_context_data(
            nomination=nomination,
            state=state_of(nomination),
            stages=queries.stages_of(nomination),
            next=waits[0] if waits else None,
            others=waits[1:],
            buttons=self.buttons(waits[0].url if waits and waits[0].mine else ""),
            rows=queries.requirement_rows(nomination),
            rounds=rounds,
            own_review=queries.own_review(user, nomination),
            files=Attachment.objects.visible_to(user).filter(nomination=nomination).select_related("file"),
            lines=queries.history_for(user, nomination),
            passed_over=passed_over,
            is_open=not state_of(nomination).final,
            sees_why=bool(who - {Party.NOMINEE}),
            sees_objection=user.is_office or Party.HOME in who,
            may_edit=bool(may(user, "candidates.edit_nomination", nomination)),
            may_read_letter=bool(
                nomination.decision_note and may(user, "candidates.read_nomination_letter", nomination)
            ),
            opens_person=nomination.expert_id
            and Expert.objects.visible_to(user).filter(pk=nomination.expert_id).exists(),
            **kwargs,
        )

    def buttons(self, without: str) -> list[Any]:
        """What the table offers, but what has no point here or stands in the card already."""
        nomination, user = self.object, self.request.user
        pointless = {guards.came_from_outside(nomination), guards.consent_is_missing(nomination)} - {None}
        own = queries.own_review(user, nomination)
        skipped = {without, transition_url(nomination, NOMINATION.transition("review")) if own and own.given_at else ""}
        found = buttons(nomination, user, back=self.request.get_full_path())
        return [b for b in found if b.reason not in pointless and b.url.partition("?")[0] not in skipped]


class NominationDo(OfNomination, TransitionPage):
    action = "candidates.see_nomination"


class NominationLetter(OfNomination, Download):
    """The letter about a nomination that was not listed; drawn here if the worker has not come to it."""

    action = "candidates.read_nomination_letter"

    def stored(self) -> StoredFile | None:
        return jobs_nominations.nomination_letter(self.object)


# Writing


class NominationEdit(OfNomination, FormPage):
    action = "candidates.edit_nomination"
    template_name = "candidates/nomination_edit.html"
    form_class = NominationForm

    def initial(self) -> dict[str, Any]:
        nomination = self.object
        texts = {name: getattr(nomination, name) for name in services.NOMINATION_FIELDS}
        evidence = {f"evidence_{row.requirement}": row.by_nominator for row in nomination.evidence.all()}
        return {**texts, **evidence, "areas": [area.pk for area in nomination.areas.all()]}

    def form_kwargs(self) -> dict[str, Any]:
        active = Administration.objects.active()
        homes = active if self.object.is_from_outside else active.filter(pk__in=self.request.user.administration_ids())
        return {"nomination": self.object, "homes": homes}

    def save(self, form: Any) -> Any:
        saved = services.save_nomination(self.object, by=self.request.user, version=self.version, **form.written)
        if "send" in self.request.POST:
            return transition_url(saved, NOMINATION.transition("submit"))
        if "file" in self.request.POST:
            return reverse("candidates:attachment-add", args=[saved.pk])
        messages.success(self.request, _("The nomination is saved as a draft."))
        return saved.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            nomination=self.object,
            autosave=reverse("candidates:nomination-autosave", args=[self.object.pk]),
            still_missing=blocked(self.object, NOMINATION.transition("submit")),
            files=Attachment.objects.visible_to(self.request.user)
            .filter(nomination=self.object)
            .select_related("file"),
            **kwargs,
        )


class NominationAutosave(Autosave, NominationEdit):
    """What does not hold yet is left as it was."""

    def keep(self, form: Any) -> Kept:
        saved = services.save_nomination(
            self.object, by=self.request.user, version=self.version, keeps_trace=False, **form.written
        )
        return saved, []


class NominationSubmit(OfNomination, FormPage):
    """Check your answers, then send."""

    action = "candidates.submit_nomination"
    template_name = "candidates/nomination_submit.html"
    form_class = SendForm
    success_message = gettext_lazy(
        "Sent. ROCB reviews it; the nominee has a link to complete the own part and to consent."
    )

    def save(self, form: Any) -> Any:
        return services.submit_nomination(self.object, by=self.request.user, version=self.version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = NOMINATION.transition("submit")
        _areas, passed_over = queries.areas_to_list(self.object)
        return super().get_context_data(
            nomination=self.object,
            row=row,
            state=state_of(self.object),
            is_open=in_reach(self.object, row),
            reason=blocked(self.object, row),
            rows=queries.requirement_rows(self.object),
            files=Attachment.objects.visible_to(self.request.user)
            .filter(nomination=self.object)
            .select_related("file"),
            passed_over=passed_over,
            **kwargs,
        )


# Files


class AttachmentAdd(OfNomination, FormPage):
    action = "candidates.edit_nomination"
    template_name = "candidates/nomination_file.html"
    form_class = AttachmentForm
    success_message = gettext_lazy("The file is kept.")

    def save(self, form: Any) -> Any:
        services.add_attachment(self.object, by=self.request.user, **form.cleaned_data)
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("candidates:nomination-edit", args=[self.object.pk])


class OfAttachment:
    queryset = Attachment.objects.select_related(
        "file", "nomination__home", "nomination__centre_host", "nomination__expert__user"
    )


class AttachmentFile(OfAttachment, Download):
    action = "candidates.see_attachment"

    def stored(self) -> StoredFile | None:
        return self.object.file


class AttachmentRemove(OfAttachment, FormPage):
    action = "candidates.remove_attachment"
    template_name = "candidates/nomination_file_remove.html"
    form_class = SendForm
    success_message = gettext_lazy("Removed. The history keeps its name.")

    def save(self, form: Any) -> Any:
        services.remove_attachment(self.object, by=self.request.user)
        return self.object.get_absolute_url()


# The nominee


class CompletesPart(FormPage):
    """What the two roads to the nominee's part share: the own words, a file, the consent, or no thanks."""

    template_name = "candidates/nominee_part.html"
    form_class = NomineeForm
    object: Any

    @property
    def actor(self) -> Any:
        return self.request.user

    @property
    def token(self) -> str:
        return ""

    def own_files(self) -> Any:
        return self.object.attachments.filter(by_nominee=True, removed_at__isnull=True).select_related("file")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """With `?file=` one of the files that the nominee has brought, so that it can be looked at without an account too."""
        if "file" not in request.GET:
            return super().get(request, *args, **kwargs)
        for row in self.own_files():
            if str(row.pk) == request.GET["file"]:
                return serve(row.file)
        raise Http404

    def initial(self) -> dict[str, Any]:
        return {f"evidence_{row.requirement}": row.by_nominee for row in self.object.evidence.all()}

    def form_kwargs(self) -> dict[str, Any]:
        return {"has_consented": self.object.consented_at is not None}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "typed" in request.GET:
            form = self.make_form(data=request.POST)
            form.is_valid()
            return kept_or_why(lambda: (self.keep(form), []))
        if "decline" in request.POST:
            return self.decline(DeclineForm(request.POST))
        return super().post(request, *args, **kwargs)

    def keep(self, form: Any, **files: Any) -> Nomination:
        return services.save_nominee_part(self.object, by=self.actor, evidence=form.evidence, token=self.token, **files)

    def decline(self, form: DeclineForm) -> HttpResponse:
        note = form.cleaned_data["note"] if form.is_valid() else ""
        try:
            services.decline_nomination(self.object, by=self.actor, note=note, token=self.token)
        except TransitionRefused as error:
            messages.error(self.request, str(error.sentence))
            return redirect(self.request.path)
        messages.success(self.request, _("The nomination is withdrawn. Thank you for telling us."))
        return redirect(self.after())

    def save(self, form: Any) -> Any:
        upload = form.cleaned_data.get("upload")
        if "give" not in self.request.POST:
            self.keep(form, upload=upload)
            messages.success(self.request, _("Saved. You can go on later."))
            return self.request.path
        services.complete_nominee_part(
            self.object,
            by=self.actor,
            consent=form.cleaned_data.get("consent", False),
            evidence=form.evidence,
            upload=upload,
            note=form.cleaned_data.get("note", ""),
            token=self.token,
        )
        messages.success(self.request, _("Thank you. The consent is recorded; ROCB reviews the nomination."))
        return self.after()

    def after(self) -> str:
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination = self.object
        return super().get_context_data(
            nomination=nomination,
            is_open=queries.takes_words_of_nominee(nomination),
            state=state_of(nomination),
            consent=consent(),
            rows=queries.requirement_rows(nomination),
            files=self.own_files(),
            decline_form=DeclineForm(),
            autosave=f"{self.request.path}?typed=1",
            **kwargs,
        )


class NomineePart(OfNomination, CompletesPart):
    """By login; ROCB notes what came on paper."""

    action = "candidates.nominee_part"

    @property
    def for_staff(self) -> bool:
        return Party.NOMINEE not in parties_of(self.request.user, self.object)

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "for_staff": self.object.name if self.for_staff else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(for_staff=self.for_staff, **kwargs)


@method_decorator([login_not_required, never_cache], name="dispatch")
class LinkNominee(CompletesPart):
    """The same page by the link of the e-mail, without an account. Opening it changes nothing; the consent uses it up."""

    action = "candidates.nominee_part"
    link: ActionLink

    def check(self) -> None:
        """The link is the right; whether it still acts is said by `dispatch` in words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.link = links.peek(services.NOMINEE_LINK, kwargs["token"])
        except LinkInvalid:
            known = links.known(services.NOMINEE_LINK, kwargs["token"])
            status = 200 if known and known.used_at else 410
            return render(request, "candidates/nominee_link_ended.html", {"link": known}, status=status)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def object(self) -> Any:
        found = Nomination.objects.with_standing().filter(pk=self.link.object_id).first()
        if found is None:
            raise Http404
        return found

    @property
    def actor(self) -> LinkActor:
        words = _("%(name)s, by the link of the e-mail") % {"name": self.object.name}
        return LinkActor(words, frozenset({Party.NOMINEE}))

    @property
    def token(self) -> str:
        return str(self.kwargs["token"])

    def after(self) -> str:
        return str(self.request.path)

    def cancel_url(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(by_link=True, **kwargs)
