"""Names of countries as they are compared: one country, one spelling."""

import re

from core.text import fold

_SPACED_NAMES = {"viet nam": "vietnam"}
_SPACED = re.compile(r"\b(" + "|".join(map(re.escape, _SPACED_NAMES)) + r")\b")


def fold_names(text: str) -> str:
    """``text`` folded, with country names that are written apart or together brought to one spelling.

    ``Viet Nam``, ``Vietnam`` and ``Việt Nam`` all come out as ``vietnam``.
    """
    return _SPACED.sub(lambda match: _SPACED_NAMES[match[0]], fold(text))
