"""Decisions of a person on the passages that the reader of texts proposes."""

from typing import TYPE_CHECKING, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Candidate, Commitment, Mention
from commitments.models.candidate import words_of
from commitments.services.errors import CandidateDecided, CandidateMoved, NotYours, RequirementsNotMet
from commitments.services.mentions import record_mention
from commitments.services.paragraphs import ParagraphRegistration, register_from_paragraph
from commitments.services.registration import FirstMention
from relations.models import Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User

_AROUND = " \t\n,;:.–—-"
"""What is left out at the ends of the two parts of a passage that is split."""


def require_reader(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may have texts read and decide on candidates."""
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer can have a text read and decide on what is proposed."))


def accepting(candidate: Candidate, user: "User", meeting: Meeting | None = None) -> list[Mention]:
    """The mentions, visible to ``user``, by which the passage was accepted (at ``meeting``)."""
    visible = Commitment.objects.visible_to(user).order_by().values("pk")
    rows = Mention.objects.exclude(reader_quote="").filter(
        paragraph__source=candidate.source_id,
        paragraph__number=candidate.number,
        commitment__in=visible,
        **({"meeting": meeting} if meeting else {}),
    )
    related = rows.select_related("commitment").order_by("pk")
    return [each for each in related if words_of(each.reader_quote) == candidate.words]


@transaction.atomic
def accept_as_mention(
    *,
    candidate: Candidate,
    actor: "User",
    meeting: Meeting,
    commitment: Commitment,
    kind: str,
    modality: str = "",
    summary: str = "",
) -> Mention:
    """Record that the passage mentions ``commitment``. The mention keeps the passage as ``reader_quote``.

    Raises what ``record_mention`` raises, ``Candidate.DoesNotExist``, ``CandidateDecided`` and
    ``CandidateMoved``.
    """
    require_reader(actor)
    locked = _open(candidate, actor, meeting)
    mention = record_mention(
        commitment=commitment,
        actor=actor,
        meeting=meeting,
        paragraph=_paragraph_of(locked),
        kind=kind,
        modality=modality,
        summary=summary,
        reader_quote=locked.quote,
    )
    _lift_refusal(locked)
    return mention


@transaction.atomic
def accept_as_commitment(
    *,
    candidate: Candidate,
    actor: "User",
    meeting: Meeting,
    kind: str,
    modality: str = "",
    summary: str = "",
    **arguments: Unpack[ParagraphRegistration],
) -> Commitment:
    """Register a commitment from the passage. Its first mention keeps the passage as ``reader_quote``.

    Raises what ``register_from_paragraph`` raises, ``Candidate.DoesNotExist``, ``CandidateDecided`` and
    ``CandidateMoved``.
    """
    require_reader(actor)
    locked = _open(candidate, actor, meeting)
    mention = FirstMention(meeting, _paragraph_of(locked), kind, modality, summary.strip(), locked.quote)
    commitment = register_from_paragraph(actor=actor, mention=mention, **arguments)
    _lift_refusal(locked)
    return commitment


@transaction.atomic
def refuse_candidate(*, candidate: Candidate, actor: "User", meeting: Meeting | None = None) -> Candidate:
    """Remember that the passage bears no commitment. A second call changes nothing.

    Raises ``PermissionDenied``, ``Candidate.DoesNotExist``, and ``CandidateDecided`` if it was accepted (for
    ``meeting``).
    """
    require_reader(actor)
    locked = _open(candidate, actor, meeting)
    if not locked.is_refused:
        locked.refused_by, locked.refused_at = actor, timezone.now()
        locked.save(update_fields=["refused_by", "refused_at"])
    return locked


@transaction.atomic
def offer_again(*, candidate: Candidate, actor: "User") -> Candidate:
    """Undo ``refuse_candidate``. A second call changes nothing."""
    require_reader(actor)
    locked = _locked(candidate)
    _lift_refusal(locked)
    return locked


@transaction.atomic
def split_candidate(*, candidate: Candidate, actor: "User", at: int) -> tuple[Candidate, Candidate]:
    """Split the passage at the code point ``at`` of its paragraph. Both parts are proposed.

    Blanks and punctuation beside the cut belong to neither part. A deadline and a figure stay with the part
    that has their wording. Raises ``RequirementsNotMet`` where a part would have no words, and what
    ``refuse_candidate`` raises.
    """
    require_reader(actor)
    first = _undecided(candidate, actor)
    text = _paragraph_of(first).text
    at = min(max(at, first.start), first.end)
    left, right = _trimmed(text, first.start, at), _trimmed(text, at, first.end)
    if not all(words_of(text[slice(*part)]) for part in (left, right)):
        raise RequirementsNotMet({"at": [_("Choose a place inside the passage with words on both sides.")]})
    second = Candidate(**{name: getattr(first, name) for name in _COPIED}, source=first.source)
    _recut(first, text, *left)
    _recut(second, text, *right)
    return first, second


@transaction.atomic
def join_candidates(*, candidate: Candidate, other: Candidate, actor: "User") -> Candidate:
    """Join two passages of one paragraph, with what stands between them, into the first of the two.

    Raises ``RequirementsNotMet`` for passages of two paragraphs, and what ``refuse_candidate`` raises.
    """
    require_reader(actor)
    if candidate.pk == other.pk or (candidate.source_id, candidate.number) != (other.source_id, other.number):
        raise RequirementsNotMet({"other": [_("Choose another passage of the same paragraph.")]})
    both = (_undecided(each, actor) for each in sorted((candidate, other), key=lambda each: each.pk))
    first, second = sorted(both, key=lambda each: (each.start, each.end))
    if not first.deadline_wording:
        for name in _DEADLINE:
            setattr(first, name, getattr(second, name))
    first.figure = first.figure or second.figure
    first.theme = first.theme or second.theme
    second.delete()
    _recut(first, _paragraph_of(first).text, first.start, max(first.end, second.end))
    return first


_DEADLINE = ("deadline_wording", "deadline_earliest", "deadline_latest")
_COPIED = (
    "number",
    "passage_class",
    "cue",
    "kind",
    "modality",
    "obligated",
    *_DEADLINE,
    "nature",
    "theme",
    "figure",
    "language",
    "reasons",
    "read_at",
)


def _recut(candidate: Candidate, text: str, start: int, end: int) -> None:
    """Save ``candidate`` with another part of ``text``, and only what is worded in it."""
    candidate.start, candidate.end, candidate.quote = start, end, text[start:end]
    candidate.is_recut = True
    if candidate.deadline_wording and candidate.deadline_wording not in candidate.quote:
        candidate.deadline_wording, candidate.deadline_earliest, candidate.deadline_latest = "", None, None
    if candidate.figure and candidate.figure not in candidate.quote:
        candidate.figure = ""
    candidate.save()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return start, end


def _locked(candidate: Candidate) -> Candidate:
    return Candidate.objects.select_for_update(of=("self",), no_key=True).get(pk=candidate.pk)


def _open(candidate: Candidate, actor: "User", meeting: Meeting | None = None) -> Candidate:
    """``candidate``, locked, unless ``actor`` can see that it was accepted, or its text has changed."""
    locked = _locked(candidate)
    if accepted := accepting(locked, actor, meeting):
        raise CandidateDecided(
            _("The passage was accepted already: %(reference)s.")
            % {"reference": accepted[0].commitment.reference}
        )
    _paragraph_of(locked)
    return locked


def _undecided(candidate: Candidate, actor: "User") -> Candidate:
    locked = _open(candidate, actor)
    if locked.is_refused:
        raise CandidateDecided(_("The passage was refused. Have it proposed again first."))
    return locked


def _paragraph_of(candidate: Candidate) -> Paragraph:
    """The paragraph with the passage. Raises ``CandidateMoved`` if it does not stand there any more."""
    paragraph = Paragraph.objects.filter(source=candidate.source_id, number=candidate.number).first()
    if paragraph is None or not candidate.is_in(paragraph.text):
        raise CandidateMoved
    return paragraph


def _lift_refusal(candidate: Candidate) -> None:
    if candidate.is_refused:
        candidate.refused_by = candidate.refused_at = None
        candidate.save(update_fields=["refused_by", "refused_at"])
