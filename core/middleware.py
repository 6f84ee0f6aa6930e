"""Small gates around every request: no NUL bytes, no form done twice, nothing of a signed-in person kept in caches, no bare 405."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from core.dated_policy import read_once
from core.models import FormKey

GetResponse = Callable[[HttpRequest], Any]


class InvalidInputMiddleware:
    """A NUL byte in the path, the query or a form field is a bad request, not a database error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if "\x00" in request.path or any("\x00" in v for vs in request.GET.lists() for v in (vs[0], *vs[1])):
            return HttpResponseBadRequest(_("This address holds a character that is not allowed."))
        if request.method == "POST" and any("\x00" in v for vs in request.POST.lists() for v in (vs[0], *vs[1])):
            return HttpResponseBadRequest(_("The form holds a character that is not allowed."))
        return self.get_response(request)


class OneTimeFormMiddleware:
    """A form carries a one-time key: the first posting that leads somewhere keeps the way, a second one is led there and does nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        try:
            with transaction.atomic():
                FormKey.objects.create(key=key, user_key=self._owner(request))
        except IntegrityError:
            return self._second(request, key)
        try:
            response = self.get_response(request)
        except BaseException:
            FormKey.objects.filter(key=key).delete()
            raise
        location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
        if location and response.status_code < 400:
            FormKey.objects.filter(key=key).update(location=location[:500])
        else:
            FormKey.objects.filter(key=key).delete()
        return response

    def _second(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        done = FormKey.objects.filter(key=key, user_key=self._owner(request)).first()
        if done and done.location:
            messages.info(request, _("This was already done; the second click changed nothing."))
            return redirect(done.location)
        return render(request, "errors/in_progress.html", status=409)

    @staticmethod
    def _owner(request: HttpRequest) -> str:
        return str(request.user.pk) if request.user.is_authenticated else "anonymous"

    @staticmethod
    def _key(request: HttpRequest) -> uuid.UUID | None:
        # A form with a password signs in or out; sent twice it does no harm, and its answer carries the session.
        if request.method != "POST" or "_key" not in request.POST or "password" in request.POST:
            return None
        try:
            return uuid.UUID(request.POST["_key"])
        except ValueError:
            return None


class NoStoreMiddleware:
    """What a signed-in person sees is not kept by browsers or proxies."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class PolicyOnceMiddleware:
    """The dated policy rows are read once a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        with read_once():
            return self.get_response(request)


class MethodPageMiddleware:
    """An address that only takes forms, opened as a page, says so in words and keeps its status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.headers.get("HX-Request"):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
