"""The base pages: a list, a record, a form, a transition, a download. Rights are asked in one place.

Not visible is 404 (through the queryset), visible and not allowed is 403, the wrong step is a sentence.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page as Rows
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.asks import form_class_for
from core.errors import InvalidAnswers, NotAllowed, PortalError, SomebodyWasFaster
from core.files import serve
from core.models import SavedSearch, StoredFile
from core.policies import may
from core.searches import address_of, search_in
from core.workflow import Transition, act, binding_of, blocked, in_reach, parties_of, state_of


def is_fragment(request: HttpRequest) -> bool:
    """Whether a part of the page is asked for: by the script of a page, and not for a whole one that it puts in place."""
    return bool(request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"))


class Guarded(View):
    """`model` with its `visible_to` gives the object named in the URL, `action` the right that is asked about it.

    A refusal of a service that no form shows becomes a message on the object's page.
    """

    action: str
    model: Any = None
    queryset: Any = None
    request: Any

    def rows(self) -> Any:
        base = self.queryset if self.queryset is not None else self.model._default_manager
        return base.all().visible_to(self.request.user)

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.rows(), pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.check()
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied(str(error.sentence)) from error
        except PortalError as error:
            messages.error(request, str(error.sentence))
            return redirect(self.object.get_absolute_url() if hasattr(self.object, "get_absolute_url") else "/")

    def check(self) -> None:
        decision = may(self.request.user, self.action, self.object)
        if not decision:
            raise PermissionDenied(decision.reason or _("You may not do this."))


class Page(Guarded, TemplateView):
    """A record page or any page without a form; the object is `object` in the template."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)


class Pages(Paginator):
    """Finds the keys of a page before its rows are read: the database sorts keys then, and not whole rows with all that is joined."""

    def page(self, number: Any) -> Rows:
        rows = self.object_list
        if (
            not isinstance(rows, QuerySet)
            or rows.query.combinator
            or not issubclass(rows._iterable_class, ModelIterable)
        ):
            return super().page(number)
        number = self.validate_number(number)
        begin = (number - 1) * self.per_page
        keys = list(rows.values_list("pk", flat=True)[begin : begin + self.per_page])
        return Rows(list(rows.filter(pk__in=keys)), number, self)


class Panel(Page):
    """A page that is also a part of another one; `template_name` is the page, `panel` the part."""

    panel: str

    def get_template_names(self) -> list[str]:
        return [self.panel if is_fragment(self.request) else str(self.template_name)]


class ListPage(Guarded, TemplateView):
    """A list with filters, sorting and paging; an HTMX request gets `_results.html` alone.

    `sorts` maps the word in the URL to the fields it orders by; the first one is the rule unless `first_sort` names another,
    "-word" for the other way round.
    """

    filterset_class: Any = None
    results_template: str
    sorts: dict[str, tuple[str, ...]] = {}
    first_sort = ""
    per_page = 25

    def get_template_names(self) -> list[str]:
        return [self.results_template if is_fragment(self.request) else self.template_name]  # type: ignore[list-item]

    @cached_property
    def sort(self) -> str:
        """The word of the URL if it is known, else the rule."""
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted.lstrip("-") in self.sorts else self.first_sort or next(iter(self.sorts), "")

    def sorted(self, rows: Any) -> Any:
        fields = self.sorts.get(self.sort.lstrip("-"))
        if not fields:
            return rows
        return rows.order_by(*[f"-{f}" if self.sort.startswith("-") else f for f in fields])

    @cached_property
    def filterset(self) -> Any:
        return (
            self.filterset_class(self.request.GET, queryset=self.rows(), request=self.request)
            if self.filterset_class
            else None
        )

    def found(self) -> Any:
        """The rows after filter and order; exports use the same."""
        return self.sorted(self.filterset.qs if self.filterset else self.rows())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paginator = Pages(self.found(), self.per_page)
        page = paginator.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            filterset=self.filterset, page_obj=page, rows=page.object_list, total=paginator.count,
            sort=self.sort, **self.saved_searches(), **kwargs,
        )  # fmt: skip

    def saved_searches(self) -> dict[str, Any]:
        """What `components/saved_searches.html` shows beside the filters."""
        if not self.filterset:
            return {}
        here, name = search_in(self.request.GET), self.request.resolver_match.view_name
        own = list(SavedSearch.objects.visible_to(self.request.user).filter(page=name))
        return {
            "list_name": name,
            "search_query": here,
            "search_is_saved": any(search.query == here for search in own),
            "saved_searches": [(search.name, address_of(search), search.query == here) for search in own],
        }


class FormPage(Page):
    """One form that calls one service. What was typed stays when the service refuses; a lost race says so.

    `save(form)` does the call and returns where to go. A versioned object's form carries the version it was drawn with.
    """

    form_class: type[forms.BaseForm]
    success_message: Any = ""

    def initial(self) -> dict[str, Any]:
        return {}

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_form_class(self) -> type[forms.BaseForm]:
        return self.form_class

    def make_form(self, **data: Any) -> Any:
        return self.get_form_class()(initial=self.initial(), **self.form_kwargs(), **data)

    def save(self, form: Any) -> Any:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", kwargs.pop("form", None) or self.make_form())
        version = getattr(self.object, "version", None)
        return super().get_context_data(version=version, cancel_url=self.cancel_url(), **kwargs)

    def cancel_url(self) -> str:
        return self.object.get_absolute_url() if hasattr(self.object, "get_absolute_url") else "/"

    @property
    def version(self) -> int:
        """The version the form was drawn with; an absent or odd one is an old one."""
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(data=request.POST, files=request.FILES)
        if form.is_valid():
            try:
                target = self.save(form)
            except InvalidAnswers as error:
                for name, sentence in error.fields.items():
                    form.add_error(name if name in form.fields else None, str(sentence))
            except NotAllowed:
                raise
            except PortalError as error:
                form.add_error(None, str(error.sentence))
                if isinstance(error, SomebodyWasFaster):
                    self.reload()
            else:
                if self.success_message:
                    messages.success(request, str(self.success_message))
                return target if isinstance(target, HttpResponse) else redirect(target)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def reload(self) -> None:
        """Show the fresh state beside what was typed; the next posting carries the fresh version."""
        if self.object is not None:
            self.object.refresh_from_db()


class TransitionPage(FormPage):
    """The general page of one row of a workflow table: GET asks and explains, POST acts."""

    template_name = "workflow/transition.html"

    @cached_property
    def row(self) -> Transition:
        try:
            row = binding_of(self.model).machine.transition(self.kwargs["name"])
        except LookupError as error:
            raise Http404 from error
        if row.page or row.hidden or row.consequence:
            raise Http404
        return row

    def check(self) -> None:
        if not parties_of(self.request.user, self.object) & self.row.all_parties:
            raise PermissionDenied(_("This is for somebody else to do."))

    def get_form_class(self) -> type[forms.BaseForm]:
        return form_class_for(self.object, self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            state=state_of(self.object),
            target=binding_of(self.object).machine.state(self.row.target or self.object.state),
            is_open=in_reach(self.object, self.row),
            reason=blocked(self.object, self.row),
            **kwargs,
        )

    def save(self, form: Any) -> Any:
        act(self.object, self.row.name, by=self.request.user, **form.cleaned_data)
        sentence = _("%(what)s.") if self.row.done else _("Done: %(what)s.")
        messages.success(self.request, sentence % {"what": self.row.done or self.row.label})
        return self.after()

    def after(self) -> str:
        wanted = self.request.POST.get("next", "")
        if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={self.request.get_host()}):
            return wanted
        return self.object.get_absolute_url()


class Download(Guarded):
    """A kept file of the object, for those who may see it."""

    def stored(self) -> StoredFile | None:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        kept = self.stored()
        if kept is None:
            raise Http404
        return serve(kept)
