"""Types of requests from signed-in users. All views but sign-in and health checks get such requests."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request for a page, from a signed-in user."""

    user: User


class SignedInApiRequest(Request):
    """A request to the API, from a signed-in user."""

    user: User
