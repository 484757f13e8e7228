"""The page that says which parameters were not understood."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest


def refused(
    request: SignedInRequest, faults: dict[str, list[str]], title: str, section: str = "meetings"
) -> HttpResponse:
    """A page that names what was not understood and shows no rows."""
    context = {"faults": faults, "title": title, "section": section}
    return render(request, "refused.html", context, status=400)
