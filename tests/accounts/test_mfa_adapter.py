"""The secrets of the second step are not in the clear in the database."""

from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.apps import apps

from accounts.mfa_adapter import EncryptingMFAAdapter
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
migration = import_module("accounts.migrations.0004_encrypt_second_step")


def stored() -> str:
    return str(list(Authenticator.objects.values_list("data", flat=True)))


def test_neither_secret_nor_seed_is_stored_in_the_clear() -> None:
    user = make.user("officer")
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).generate_codes()
    assert SECRET not in stored()
    assert all(code not in stored() for code in codes)
    assert stored().count("fernet:") == 2
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


def test_an_earlier_key_still_decrypts_and_a_foreign_one_does_not(settings: Any) -> None:
    adapter = EncryptingMFAAdapter()
    kept = adapter.encrypt(SECRET)
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough for this test"
    with pytest.raises(InvalidToken):
        adapter.decrypt(kept)
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert adapter.decrypt(kept) == SECRET


def test_the_migration_encrypts_what_was_stored_before_and_goes_back() -> None:
    user = make.user("officer")
    row = Authenticator.objects.create(user=user, type="totp", data={"secret": SECRET})
    assert TOTP(row).validate_code("000000") is False
    for _twice in range(2):
        migration.encrypt(apps, None)
        assert SECRET not in stored()
    row.refresh_from_db()
    assert EncryptingMFAAdapter().decrypt(row.data["secret"]) == SECRET
    migration.decrypt(apps, None)
    assert SECRET in stored()
