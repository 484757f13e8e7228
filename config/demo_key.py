"""The secret key of a demonstration: made once, and kept so that a restart signs nobody out."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def kept_demo_key(path: Path) -> str:
    """The key in ``path``; made there when missing, readable by its owner only.

    Several workers may start at once: all of them end with the key of the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
        try:
            # A hard link appears whole or not at all, and never over another.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
