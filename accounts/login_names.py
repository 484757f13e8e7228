"""How names of accounts are compared: a username, an e-mail address, and what somebody types to sign in."""

from core.normal_forms import normalized

MAX_LENGTH = 254
"""The most characters of a username or an e-mail address: a longer text names no account."""


def login_key(name: str) -> str:
    """The form in which two spellings of one name are equal: ``Lan@Example.org`` and ``lan@example.org``.

    Case and compatibility forms do not count (NFKC, case folding). Diacritics do: *Thuý* and *Thủy* are two
    people.
    """
    folded = normalized("NFKC", name.strip()).casefold()
    return normalized("NFKC", folded)
