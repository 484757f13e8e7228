"""How names of accounts are compared: a username, an e-mail address, and what somebody types to sign in."""

import unicodedata


def login_key(name: str) -> str:
    """The form in which two spellings of one name are equal: ``Lan@Example.org`` and ``lan@example.org``.

    Case and compatibility forms do not count (NFKC, case folding). Diacritics do: *Thuý* and *Thủy* are two
    people.
    """
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    return unicodedata.normalize("NFKC", folded)
