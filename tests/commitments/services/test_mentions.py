"""Recording and deleting mentions."""

import pytest
from django.core.exceptions import PermissionDenied

from commitments.models import Commitment, Mention
from commitments.services.errors import RequirementsNotMet
from commitments.services.mentions import record_mention, take_back_mention
from relations.models import MeetingSource
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> dict:
    meeting, source = make.meeting(), make.source("They agreed to open the gate.\n\nThey met.")
    MeetingSource.objects.create(meeting=meeting, source=source)
    return {"actor": make.user("officer"), "meeting": meeting, "paragraph": source.paragraphs.get(number=1)}


def test_a_mention_is_recorded_with_its_edit_history_and_found_by_its_quote(desk: dict) -> None:
    pledge = make.commitment()
    made = record_mention(
        commitment=pledge, kind="reaffirmed", modality="agreed", summary="  The gate only. ", **desk
    )
    assert (made.kind, made.modality, made.summary) == ("reaffirmed", "agreed", "The gate only.")
    assert made.history.count() == 1
    assert "open the gate" in Commitment.objects.get(pk=pledge.pk).search_text


def test_a_paragraph_has_one_mention_of_each_kind(desk: dict) -> None:
    pledge = make.commitment()
    record_mention(commitment=pledge, kind="reaffirmed", **desk)
    record_mention(commitment=pledge, kind="progress", **desk)
    record_mention(commitment=make.commitment(), kind="reaffirmed", **desk)
    with pytest.raises(RequirementsNotMet) as refused:
        record_mention(commitment=pledge, kind="reaffirmed", **desk)
    assert refused.value.errors == {"kind": ["This mention is already recorded."]}
    assert Mention.objects.filter(paragraph=desk["paragraph"]).count() == 3


@pytest.mark.parametrize(
    ("fields", "at"),
    [({"kind": "sworn"}, "kind"), ({"kind": "made", "modality": "sworn"}, "modality"),
     ({"kind": "made", "summary": "x" * 501}, "summary")],
)  # fmt: skip
def test_invalid_values_are_refused_at_their_field(desk: dict, fields: dict, at: str) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        record_mention(commitment=make.commitment(), **fields, **desk)
    assert set(refused.value.errors) == {at}


def test_the_source_must_report_on_the_meeting(desk: dict) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        record_mention(commitment=make.commitment(), kind="made", **(desk | {"meeting": make.meeting()}))
    assert set(refused.value.errors) == {"paragraph"}


def test_permissions(desk: dict) -> None:
    pledge = make.commitment()
    secret = make.commitment(classification=2)
    for role in ("reviewer", "reader", "administrator"):
        with pytest.raises(PermissionDenied):
            record_mention(commitment=pledge, kind="made", **(desk | {"actor": make.user(role)}))
    with pytest.raises(Commitment.DoesNotExist):
        record_mention(commitment=secret, kind="made", **desk)


def test_a_deleted_mention_keeps_its_edit_history(desk: dict) -> None:
    pledge = make.commitment()
    made = record_mention(commitment=pledge, kind="reaffirmed", **desk)
    take_back_mention(mention=made, actor=desk["actor"])
    take_back_mention(mention=made, actor=desk["actor"])  # twice, or by another officer meanwhile
    assert list(Mention.history.filter(id=made.pk).values_list("history_type", flat=True)) == ["-", "+"]
    assert "open the gate" not in Commitment.objects.get(pk=pledge.pk).search_text


def test_the_basis_of_a_status_cannot_be_deleted_but_a_second_mention_beside_it_can(desk: dict) -> None:
    first = make.FirstMention(desk["meeting"], desk["paragraph"])
    pledge = make.commitment(mention=first)
    other = record_mention(commitment=pledge, kind="progress", **desk)
    take_back_mention(mention=other, actor=desk["actor"])
    with pytest.raises(RequirementsNotMet) as refused:
        take_back_mention(mention=pledge.mentions.get(), actor=desk["actor"])
    assert "cannot be undone" in str(refused.value)
    assert pledge.mentions.count() == 1


def test_the_only_mention_cannot_be_deleted(desk: dict) -> None:
    pledge = make.commitment()
    elsewhere = record_mention(commitment=pledge, kind="reaffirmed", **desk)
    Mention.objects.filter(commitment=pledge).exclude(pk=elsewhere.pk).delete()
    with pytest.raises(RequirementsNotMet) as refused:
        take_back_mention(mention=elsewhere, actor=desk["actor"])
    assert "only mention" in str(refused.value)


def test_other_roles_cannot_delete_a_mention(desk: dict) -> None:
    made = record_mention(commitment=make.commitment(), kind="made", **desk)
    with pytest.raises(PermissionDenied):
        take_back_mention(mention=made, actor=make.user("reviewer"))
