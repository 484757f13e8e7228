"""The fields of forms that read what somebody typed or pasted."""

import pytest
from django.core.exceptions import ValidationError

from commitments.models import Commitment
from commitments.search_fields import CommitmentByReference
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed", ["khvn-2024-001", " KHVN‑2024‑001. ", "(KHVN–2024–001)", "KHVN-\u200b2024-001"]
)
def test_a_pasted_reference_is_found(typed: str) -> None:
    pledge = make.commitment()
    assert CommitmentByReference(Commitment.objects.all()).clean(typed) == pledge


def test_another_reference_is_not_found() -> None:
    make.commitment()
    with pytest.raises(ValidationError, match="There is no commitment with this reference"):
        CommitmentByReference(Commitment.objects.all()).clean("KHVN-2024-001 KHVN-2024-001")
