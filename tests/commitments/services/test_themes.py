"""Creating and renaming themes: only administrators can, and the key stays."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.models import Theme
from commitments.services.themes import change_theme, create_theme
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["officer", "reviewer", "reader", "focal_point"])
def test_no_other_role_can(role: str) -> None:
    actor, theme = make.user(role), make.theme("border")
    with pytest.raises(PermissionDenied):
        create_theme(actor=actor, fields={"name": "Trade"})
    with pytest.raises(PermissionDenied):
        change_theme(actor=actor, theme=theme, fields={"name": "Trade"})
    assert list(Theme.objects.values_list("name", flat=True)) == ["Border"]


def test_the_key_comes_from_the_name_and_stays() -> None:
    administrator = make.user("administrator")
    theme = create_theme(actor=administrator, fields={"name": "Biên giới"})
    changed = change_theme(actor=administrator, theme=theme, fields={"name": "ព្រំដែន"}, key="bien-gioi")
    assert (changed.slug, changed.name, changed.history.count()) == ("bien-gioi", "ព្រំដែន", 2)
    with pytest.raises(ValidationError) as refused:
        change_theme(actor=administrator, theme=theme, fields={}, key="border")
    assert list(refused.value.message_dict) == ["slug"]


def test_no_two_have_the_same_name_or_key() -> None:
    administrator = make.user("administrator")
    make.theme("border")
    with pytest.raises(ValidationError) as refused:
        create_theme(actor=administrator, fields={"name": "Border"}, key="border")
    assert set(refused.value.message_dict) == {"name", "slug"}
