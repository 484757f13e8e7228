"""The page that lists the invalid parameters of an address."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest


def refused(
    request: SignedInRequest, errors: dict[str, list[str]], title: str, section: str = "meetings"
) -> HttpResponse:
    """A page with the errors of the parameters, and no other content."""
    context = {"errors": errors, "title": title, "section": section}
    return render(request, "refused.html", context, status=400)
