"""People at the program: the one way in which tests sign somebody in."""

from django.test import Client

from accounts.models import User
from tests import factories as make


def client_as(*who: User | str, client: Client | None = None, **fields: object) -> Client:
    """A browser in which somebody is signed in: a given person, or somebody new in the given roles.

    ``fields`` are those of the new account (``clearance=3``, ``agency=…``); ``client`` is a browser of
    another kind than usual, or one in which somebody else was signed in before.
    """
    [user] = who if isinstance(who[0] if who else None, User) else [make.user(*who, **fields)]
    client = client or Client()
    client.force_login(user)
    return client
