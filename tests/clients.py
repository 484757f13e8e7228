"""Signs accounts in for tests."""

from django.test import Client

from accounts.models import User
from tests import factories as make


def client_as(*who: User | str, client: Client | None = None, **fields: object) -> Client:
    """Return a client in which an account is signed in: a given one, or a new one with the given roles.

    ``fields`` are fields of the new account (``clearance=3``, ``agency=…``). ``client`` is used instead of a
    new client, for example to sign in a second account.
    """
    [user] = who if isinstance(who[0] if who else None, User) else [make.user(*who, **fields)]
    client = client or Client()
    client.force_login(user)
    return client
