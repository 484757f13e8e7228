"""People at the admin site."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests import factories as make

Door = Callable[..., Client]


@pytest.fixture
def enter(db: None) -> Door:
    """Signs in somebody who exists, or somebody new in the given roles."""

    def enter(*who: User | str, **fields: object) -> Client:
        user = who[0] if isinstance(who[0], User) else make.user(*who, **fields)
        client = Client()
        client.force_login(user)
        return client

    return enter
