"""The secret key of a demonstration, stored in a file so that a restart signs nobody out."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def stored_demo_key(path: Path) -> str:
    """The key in the file ``path``, which is created if it is missing and readable by its owner only.

    If several workers start at once, all of them use the key of the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
        try:
            # Creating a hard link is atomic and never replaces another file.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
