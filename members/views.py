"""Accounts, the register of administrations, and the party one acts as."""

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core import links
from core.errors import LinkInvalid
from core.exports import AlsoAsFile
from core.history import history_of
from core.views import FormPage, Guarded, ListPage, Page
from members import services
from members.acting import act_as
from members.enums import Party, Subregion
from members.forms import AbsenceForm, AccountForm, InvitationForm, JoinForm, MembershipForm
from members.models import Absence, Administration, Membership, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class ActAs(Guarded):
    """Change the party one acts as; only one of the person's own can be chosen."""

    action = "members.act_as"

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = next((m for m in self.request.user.party_rows if str(m.pk) == request.POST.get("membership")), None)
        if chosen:
            act_as(request, chosen)
            messages.success(request, _("You now act as %(party)s.") % {"party": chosen.label})
        return redirect("/")


class UserFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Name or address"))
    party = django_filters.ChoiceFilter(field_name="memberships__party", choices=Party, label=gettext_lazy("Party"))
    administration = django_filters.ModelChoiceFilter(
        field_name="memberships__administration",
        queryset=Administration.objects.all(),
        label=gettext_lazy("Administration"),
    )

    class Meta:
        model = User
        fields = ["q", "party", "administration"]

    def by_words(self, queryset: Any, _name: str, value: str) -> Any:
        for word in value.split():
            queryset = queryset.filter(name__icontains=word) | queryset.filter(email__icontains=word)
        return queryset


class UserList(AlsoAsFile, ListPage):
    action = "members.users"
    model = User
    template_name = "members/users.html"
    results_template = "members/_users.html"
    filterset_class = UserFilter
    sorts = {"name": ("name",), "email": ("email",), "since": ("created_at",)}

    def rows(self) -> Any:
        return super().rows().prefetch_related("memberships__administration").distinct()

    def table(self) -> Any:
        head = [_("Name"), _("E-mail address"), _("Acts as"), _("Active")]
        rows = (
            [
                user.name,
                user.email,
                "; ".join(row.label for row in user.memberships.all()),
                _("yes") if user.is_active else _("no"),
            ]
            for user in self.found()
        )
        return "people", head, rows


class UserPage(FormPage):
    """An account: its parties, its history, and one more party."""

    action = "members.edit_user"
    model = User
    form_class = MembershipForm
    template_name = "members/user.html"
    success_message = gettext_lazy("The party was added; it holds from the next page on.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=self.object.memberships.select_related("administration"),
            entries=history_of(self.object.pk),
            has_joined=self.object.has_usable_password(),
            **kwargs,
        )

    def save(self, form: Any) -> str:
        services.add_membership(self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class Invite(FormPage):
    action = "members.invite"
    form_class = InvitationForm
    template_name = "members/invite.html"
    success_message = gettext_lazy("The account is open, and the invitation is on its way.")

    def cancel_url(self) -> str:
        return redirect("members:users").url

    def save(self, form: Any) -> str:
        return services.invite_user(by=self.request.user, **form.cleaned_data).get_absolute_url()


class InviteAgain(Guarded):
    action = "members.edit_user"
    model = User

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        services.invite_again(self.object, by=request.user)
        messages.success(request, _("A fresh link is on its way to %(email)s.") % {"email": self.object.email})
        return redirect(self.object)


class RemoveMembership(Page):
    """Asked before it is done: the right ends with the next request."""

    action = "members.edit_user"
    model = User
    template_name = "members/membership_remove.html"

    @property
    def membership(self) -> Membership:
        return get_object_or_404(self.object.memberships, pk=self.kwargs["membership"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "membership": self.membership})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.remove_membership(self.membership, by=request.user)
        messages.success(request, _("The party was taken away."))
        return redirect(self.object)


class SetActive(Page):
    action = "members.edit_user"
    model = User
    template_name = "members/set_active.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.set_active(self.object, by=request.user, active=not self.object.is_active)
        return redirect(self.object)


class AccountPage(FormPage):
    """One's own account."""

    action = "members.account"
    form_class = AccountForm
    template_name = "members/account.html"
    success_message = gettext_lazy("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": User.objects.get(pk=self.request.user.pk)}

    def save(self, form: Any) -> str:
        services.edit_account(form.instance, name=form.cleaned_data["name"], timezone=form.cleaned_data["timezone"])
        return redirect("members:account").url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(absences=self.request.user.absences.all(), **kwargs)


class AddAbsence(FormPage):
    action = "members.account"
    form_class = AbsenceForm
    template_name = "members/absence.html"
    success_message = gettext_lazy("Noted. Letters go to your colleagues first on these days.")

    def cancel_url(self) -> str:
        return redirect("members:account").url

    def save(self, form: Any) -> str:
        services.add_absence(
            self.request.user, first=form.cleaned_data["first_day"], last=form.cleaned_data["last_day"]
        )
        return self.cancel_url()


class RemoveAbsence(Guarded):
    action = "members.account"
    model = Absence

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        self.object.delete()
        return redirect("members:account")


class AdministrationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=gettext_lazy("Name"))
    subregion = django_filters.ChoiceFilter(choices=Subregion, label=gettext_lazy("Sub-region"))

    class Meta:
        model = Administration
        fields = ["q", "subregion"]


class AdministrationList(AlsoAsFile, ListPage):
    action = "members.see_register"
    model = Administration
    template_name = "members/administrations.html"
    results_template = "members/_administrations.html"
    filterset_class = AdministrationFilter
    sorts = {"name": ("name",), "subregion": ("subregion", "name")}
    per_page = 50

    def table(self) -> Any:
        head = [
            _("Member"),
            _("Administration"),
            _("Sub-region"),
            _("Title of its head"),
            _("Time zone"),
            _("Member since"),
        ]
        rows = (
            [row.name, row.organisation, row.get_subregion_display(), row.head_title, row.timezone, row.joined_year]
            for row in self.found()
        )
        return "administrations", head, rows


@method_decorator(login_not_required, name="dispatch")
class Join(View):
    """The invitation's link: opening it changes nothing, posting the password uses it up and signs in."""

    action = "public: whoever holds the link"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.show(request, token, JoinForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = JoinForm(request.POST)
        if not form.is_valid():
            return self.show(request, token, form, status=422)
        try:
            user = services.join(token=token, password=form.cleaned_data["password"])
        except LinkInvalid:
            return self.show(request, token, form, status=410)
        login(request, user, backend=BACKEND)
        messages.success(request, _("Welcome. This is your inbox."))
        return redirect("/")

    def show(self, request: HttpRequest, token: str, form: JoinForm, status: int = 200) -> HttpResponse:
        try:
            link = links.peek(services.JOIN_LINK, token)
        except LinkInvalid:
            return render(request, "members/link_ended.html", status=410)
        invited = get_object_or_404(User, pk=link.object_id)
        return render(request, "members/join.html", {"form": form, "invited": invited}, status=status)
