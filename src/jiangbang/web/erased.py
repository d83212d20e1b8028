"""What was erased is said to be so: a page or paper that needs it answers 410 Gone with a sentence, wherever it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jiangbang.kernel.vault import Erased
from jiangbang.nomination.evidence import FileErased


class GoneWhereErased:
    """Lists and pages show what is left of an erased person; this answers for what is nothing without her values (RFC 9110, 15.5.11)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The sentence where something was erased; every other fault stays a fault."""
        if isinstance(exception, (Erased, FileErased)):
            return render(request, "410.html", status=410)
        return None
