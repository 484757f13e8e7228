"""The rows of a table as paragraphs: cells beside each other, each after the words of the head above it."""

from collections.abc import Sequence

_LONGEST_HEAD = 40


def is_head(cells: Sequence[str]) -> bool:
    """Whether the first row of a table is its head: a few words in each cell, without figures."""
    return len(cells) > 1 and all(
        0 < len(cell) <= _LONGEST_HEAD and not any(map(str.isdecimal, cell)) and cell[-1] not in ".;"
        for cell in cells
    )


def row_text(cells: Sequence[str], heads: Sequence[str]) -> str:
    """A row as one paragraph. Where it has other cells than the head, it has no words of that."""
    labels = heads if len(heads) == len(cells) else [""] * len(cells)
    told = (f"{head}: {cell}" if head else cell for head, cell in zip(labels, cells, strict=True) if cell)
    return " | ".join(told)
