"""The abstract models that core offers; it has no table of its own."""

from core.append_only import AppendOnly
from core.trigrams import TrigramIndexed
from core.versioned import Versioned

__all__ = ["AppendOnly", "TrigramIndexed", "Versioned"]
