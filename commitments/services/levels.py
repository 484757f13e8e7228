"""A commitment is at least at the level of every meeting and source that it names."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Clearance
from commitments.models import Commitment
from commitments.querysets import BY_REFERENCE, NAMING, CommitmentQuerySet
from core.stored_sentences import StoredSentence
from relations.models import Meeting, Paragraph, Source

if TYPE_CHECKING:
    from accounts.models import User

_RAISED = StoredSentence(gettext_noop("Raised to the level of a meeting or a source."))

_REVERSE = {"Mention": "mentions", "Reading": "readings", "StatusChange": "status_changes"}
"""The relations of a commitment to the rows of ``NAMING``."""


def naming(record: Meeting | Source) -> CommitmentQuerySet:
    """The commitments that name ``record``, whatever became of them."""
    condition = Q()
    for name, path in NAMING[str(record._meta.model_name)]:
        if name == "Commitment":
            condition |= Q(**{path: record.pk})
        else:
            rows = apps.get_model("commitments", name)._base_manager
            condition |= Q(Exists(rows.filter(commitment=OuterRef("pk"), **{path: record.pk})))
    return Commitment.objects.filter(condition)


def raised_by(record: Meeting | Source, level: int) -> CommitmentQuerySet:
    """The commitments that are raised if ``record`` is classified at ``level``."""
    return naming(record).filter(classification__lt=level)


def references_raised(record: Meeting | Source, level: int, user: "User") -> list[str]:
    """The references of what ``raised_by`` finds, as far as ``user`` may see it."""
    raised = raised_by(record, level)
    visible = Commitment.objects.readable_by(user).filter(pk__in=raised.values("pk"))
    return list(visible.order_by(*BY_REFERENCE).values_list("reference", flat=True))


@transaction.atomic
def raise_commitments(record: Meeting | Source) -> None:
    """Raise the commitments that name ``record`` to its level. Their field history says why."""
    if record.classification > Clearance.UNCLASSIFIED:
        rows = raised_by(record, record.classification).order_by("pk")
        for commitment in rows.select_for_update(of=("self",), no_key=True):
            raise_to(commitment, record.classification)


def raise_to(commitment: Commitment, level: int) -> None:
    """Raise ``commitment`` to ``level`` if it is below."""
    if commitment.classification < level:
        commitment.classification = level
        commitment._change_reason = _RAISED.stored()  # type: ignore[attr-defined]
        commitment.save(update_fields=["classification"])


def level_of_mention(meeting: Meeting, paragraph: Paragraph) -> int:
    """The level of what a mention names."""
    return max(meeting.classification, paragraph.source.classification)


def lowest_level(commitment: Commitment) -> int:
    """The highest level of the meetings and sources that ``commitment`` names: its own is at least that."""
    levels: list[int] = [Clearance.UNCLASSIFIED]
    for name, path in (each for paths in NAMING.values() for each in paths):
        rows: Any = apps.get_model("commitments", name)._base_manager
        key = "pk" if name == "Commitment" else "commitment"
        levels.append(
            rows.filter(**{key: commitment.pk}).aggregate(n=Max(f"{path}__classification"))["n"] or 0
        )
    if commitment.outcome_meeting is not None:  # it may not be saved yet
        levels.append(commitment.outcome_meeting.classification)
    return max(levels)


def too_low(commitment: Commitment) -> dict[str, list[str]]:
    """The error of a classification that is below that of a meeting or a source, by field."""
    lowest = lowest_level(commitment)
    if commitment.classification >= lowest:
        return {}
    message = _("A meeting or a source of this commitment is classified %(level)s, so it cannot be lower.")
    return {"classification": [message % {"level": Clearance(lowest).label}]}


def raise_all() -> None:
    """Raise every commitment that is below a meeting or a source of it, after rows were written in bulk."""
    for paths in NAMING.values():
        for name, path in paths:
            prefix = path if name == "Commitment" else f"{_REVERSE[name]}__{path}"
            below = Commitment.objects.filter(**{f"{prefix}__classification__gt": F("classification")})
            for commitment in below.order_by("pk").distinct():
                raise_to(commitment, lowest_level(commitment))
