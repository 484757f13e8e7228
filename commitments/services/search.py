"""The folded text that search reads, kept true by every writer."""

from collections.abc import Iterable

from commitments.models import Commitment, Mention
from relations.names import fold_names

_BATCH = 500


def fold_for_search(commitment: Commitment, quotes: Iterable[str]) -> str:
    """What ``q`` searches: reference, title, text, remarks and the paragraphs of its mentions, folded."""
    parts = (commitment.reference, commitment.title, commitment.text, commitment.remarks, *quotes)
    return " \n ".join(fold_names(part) for part in parts if part)


def refresh_search_text(pks: Iterable[int]) -> int:
    """Fold anew the search text of the commitments ``pks``; returns how many were wrong."""
    wanted, wrong = list(pks), 0
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        quotes: dict[int, list[str]] = {}
        rows = Mention.objects.filter(commitment__in=batch).order_by("pk")
        for pk, text in rows.values_list("commitment", "paragraph__text"):
            quotes.setdefault(pk, []).append(text)
        changed = []
        for commitment in Commitment.objects.filter(pk__in=batch):
            text = fold_for_search(commitment, dict.fromkeys(quotes.get(commitment.pk, ())))
            if text != commitment.search_text:
                commitment.search_text = text
                changed.append(commitment)
        Commitment.objects.bulk_update(changed, ["search_text"])
        wrong += len(changed)
    return wrong
