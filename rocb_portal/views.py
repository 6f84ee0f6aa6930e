"""The home page of every party is its inbox; the search looks over everything one may see; the demo's sign-in."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views import View

from core.clock import today
from core.dated_policy import is_demo
from core.inbox import MOST
from core.views import Page
from members.acting import acting_membership
from members.models import User
from members.views import BACKEND
from rocb_portal import figures, framework_live, search
from rocb_portal.demo.logins import demo_logins
from rocb_portal.navigation import MORE, entries, waiting_for


class HomePage(Page):
    """First what needs me now, oldest due first; then what I wait for; then a few figures."""

    action = "members.account"
    template_name = "rocb_portal/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        membership = acting_membership(self.request)
        items = waiting_for(self.request)
        party = membership.party if membership else ""
        return super().get_context_data(
            mine=[i for i in items if i.mine],
            waiting=[i for i in items if not i.mine],
            most=MOST if items.is_cut else None,
            figures=figures.for_party(self.request.user, party),
            more=entries(self.request, party, MORE),
            **kwargs,
        )


class SearchPage(Page):
    action = "members.account"
    template_name = "rocb_portal/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()
        return super().get_context_data(q=words, groups=search.everything(self.request.user, words), **kwargs)


class FrameworkLive(Page):
    """Every obligation of the parts that the portal does, with where it stands; a figure stands there for those who may open its rows."""

    action = "members.account"
    template_name = "rocb_portal/framework_live.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = framework_live.parts_for(self.request.user, today())
        return super().get_context_data(parts=parts, ace_url=settings.ACE_URL, **kwargs)


class SignIn(LoginView):
    """The portal's sign-in page; in the fictional region each demo login is one click away."""

    action = "public: the sign-in page"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = demo_logins() if settings.DEMO_ALLOWED and is_demo() else []
        return super().get_context_data(demo_logins=shown, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class DemoSignIn(View):
    """One click signs in as a fictional person; does not exist outside the embedded and test settings."""

    action = "public: the fictional region only"

    def post(self, request: HttpRequest) -> HttpResponse:
        email = request.POST.get("email", "")
        if not settings.DEMO_ALLOWED or not is_demo() or email not in {row["email"] for row in demo_logins()}:
            raise Http404
        login(request, User.objects.get(email=email), backend=BACKEND)
        return redirect("/")
