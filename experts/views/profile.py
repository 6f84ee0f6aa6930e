"""The profile that a person keeps up beside what ACE says, and the yearly word that it is still right."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core import links
from core.clock import today
from core.errors import LinkInvalid
from core.models import ActionLink, StoredFile
from core.policies import may
from core.views import Download, FormPage, Page
from core.workflow import LinkActor
from experts import queries, services
from experts.enums import Party
from experts.forms import ConfirmForm
from experts.forms_profile import ProfileForm
from experts.models import CorrectionRequest, Expert
from experts.views.frame import ExpertFrame


def profile_url(expert: Expert) -> str:
    return reverse("experts:profile", args=[expert.pk])


def facts_of_ace(expert: Expert) -> list[dict[str, Any]]:
    """What only ACE changes: the fact, its words, and since when it is known here."""
    said = queries.mirrored(expert)
    languages = ", ".join(row.language for row in expert.languages.all())
    facts = [
        ("family_name", _("Family name"), expert.family_name),
        ("given_name", _("Given name"), expert.given_name),
        ("administration", _("Home administration"), expert.administration),
        ("ace_reference", _("ACE reference"), expert.ace_reference),
        ("email", _("E-mail address"), expert.email),
        ("languages", _("Languages"), languages),
    ]
    return [
        {"field": name, "label": label, "value": value, "from": said.get(name)}
        for name, label, value in facts
        if name not in {"email", "languages"} or name in said
    ]


class ProfilePage(ExpertFrame, Page):
    """Whoever looks at somebody else's contact data is noted."""

    action = "experts.see_private"
    template_name = "experts/profile.html"
    tab = "profile"

    def rows(self) -> Any:
        return super().rows().select_related("cv").prefetch_related("publications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expert, user, day = self.object, self.request.user, today()
        services.note_contact_seen(expert, by=user)
        confirm_by = queries.profile_confirm_by(expert)
        return super().get_context_data(
            whole=queries.completeness(expert, day),
            facts=facts_of_ace(expert),
            keeps_email="email" not in expert.provenance,
            ace_url=settings.ACE_URL,
            confirm_by=confirm_by,
            is_due=confirm_by is None or confirm_by <= day,
            may_change=may(user, "experts.profile", expert),
            may_correct=may(user, "experts.raise_correction", expert),
            corrections=CorrectionRequest.objects.visible_to(user).filter(expert=expert).with_people(),
            sights=queries.sights(expert) if may(user, "experts.see_views", expert) else None,
            **kwargs,
        )


class EditProfile(FormPage):
    action = "experts.profile"
    model = Expert
    form_class = ProfileForm
    template_name = "experts/profile_edit.html"
    success_message = gettext_lazy("Saved.")

    def initial(self) -> dict[str, Any]:
        return {
            name: getattr(self.object, name) for name in ("office", "email", "phone", "customs_since", "specialisms")
        }

    def form_kwargs(self) -> dict[str, Any]:
        return {"expert": self.object}

    def cancel_url(self) -> str:
        return profile_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mirrored=queries.mirrored(self.object), ace_url=settings.ACE_URL, **kwargs)

    def save(self, form: Any) -> str:
        answers = dict(form.cleaned_data)
        services.edit_profile(
            self.object, by=self.request.user, version=self.version, cv=answers.pop("cv"),
            remove_cv=answers.pop("remove_cv", False), **form.rows(), **answers,
        )  # fmt: skip
        if "more" in self.request.POST:
            return reverse("experts:profile-edit", args=[self.object.pk])
        return profile_url(self.object)


class ConfirmProfile(FormPage):
    """One click on the profile page; by itself the page asks once more."""

    action = "experts.profile"
    model = Expert
    form_class = ConfirmForm
    template_name = "experts/profile_confirm.html"
    success_message = gettext_lazy("Thank you. It is asked again in a year.")

    def cancel_url(self) -> str:
        return profile_url(self.object)

    def save(self, form: Any) -> str:
        services.confirm_profile(self.object, by=self.request.user)
        return profile_url(self.object)


@method_decorator([login_not_required, never_cache], name="dispatch")
class LinkProfile(FormPage):
    """The yearly question by the link of its e-mail, without an account: opening changes nothing, the button uses it up."""

    action = "public: whoever holds the link"
    form_class = ConfirmForm
    template_name = "experts/profile_link.html"
    link: ActionLink

    def check(self) -> None:
        """The link is the right; whether it still acts is said by `dispatch` in words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.link = links.peek(services.PROFILE_LINK, kwargs["token"])
        except LinkInvalid:
            link = links.known(services.PROFILE_LINK, kwargs["token"])
            used = bool(link and link.used_at)
            return render(request, "experts/profile_link_ended.html", {"used": used}, status=200 if used else 410)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def object(self) -> Any:
        expert = Expert.objects.with_ledger().select_related("cv").filter(pk=self.link.object_id).first()
        if expert is None:
            raise Http404
        return expert

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            whole=queries.completeness(self.object, today()), expires=self.link.expires_at, **kwargs
        )

    def save(self, form: Any) -> str:
        actor = LinkActor(_("%(name)s, by the link of the e-mail") % {"name": self.object}, frozenset({Party.EXPERT}))
        services.confirm_profile(self.object, by=actor, token=self.kwargs["token"])
        return self.request.path


class CurriculumVitae(Download):
    """The file, for whoever may see the contact data; who takes it is noted."""

    action = "experts.see_private"
    model = Expert

    def stored(self) -> StoredFile | None:
        return self.object.cv

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        if self.object.cv_id:
            services.note_contact_seen(self.object, by=request.user, what=_("Curriculum vitae opened"))
        return super().get(request, *args, **kwargs)
