"""The abstract models of core. It has no table of its own."""

from core.append_only import AppendOnly
from core.optimistic_locking import Versioned
from core.search.trigram_index import TrigramIndexed

__all__ = ["AppendOnly", "TrigramIndexed", "Versioned"]
