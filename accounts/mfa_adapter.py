"""Secrets of the second step are encrypted in the database."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

_MARK = "fernet:"


class EncryptingMFAAdapter(DefaultMFAAdapter):
    """allauth's adapter with a key made from ``SECRET_KEY``; ``SECRET_KEY_FALLBACKS`` still decrypt.

    A copy of the database alone gives nobody a code. With another ``SECRET_KEY`` they are set up again.
    """

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _MARK + _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that was stored before secrets were encrypted stands as it is.

        Raises ``cryptography.fernet.InvalidToken`` when the key that encrypted it is not known any more.
        """
        if not encrypted_text.startswith(_MARK):
            return encrypted_text
        return _fernet().decrypt(encrypted_text.removeprefix(_MARK).encode()).decode()


def _fernet() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"second step of sign-in:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
