"""Requests behind the door: everything but sign-in and health needs an account, so ``user`` is one."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request for a page, from somebody who is signed in."""

    user: User


class SignedInApiRequest(Request):
    """A request to the API, from somebody who is signed in."""

    user: User
