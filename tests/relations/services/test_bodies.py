"""Adding and editing countries, agencies, people and mechanisms: rights and refusals."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from relations.models import Agency, Country, Mechanism, Person
from relations.services.bodies import change_body, create_body
from relations.services.record_writers import refuse_duplicates
from tests import factories as make

pytestmark = pytest.mark.django_db
KINDS = [Country, Agency, Person, Mechanism]


def fields_of(model: Any) -> dict[str, Any]:
    if model is Country:
        return {"name": "Lao PDR"}
    if model is Mechanism:
        return {"name": "Ủy ban"}
    own = {"name": "Đỗ Văn Hòa", "country": make.country("VN")}
    return own | {"kind": "ministry"} if model is Agency else own


def create(model: Any, role: str = "administrator", **changes: Any) -> Any:
    arguments = {"actor": make.user(role), "model": model, "fields": fields_of(model)}
    return create_body(**(arguments | ({"key": "LA"} if model is Country else {}) | changes))


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize("role", ["officer", "reviewer", "reader", "focal_point", "administrator"])
def test_officers_and_administrators_add_bodies_and_only_administrators_countries(
    model: Any, role: str
) -> None:
    if role == "administrator" or (role == "officer" and model is not Country):
        assert create(model, role).pk
        return
    with pytest.raises(PermissionDenied):
        create(model, role)
    assert not model.objects.filter(name=fields_of(model)["name"]).exists()
    body = create(model)
    with pytest.raises(PermissionDenied):
        change_body(actor=make.user(role), body=body, fields={"name": "Other"})
    body.refresh_from_db()
    assert body.name == fields_of(model)["name"]


@pytest.mark.parametrize(
    ("model", "key"), [(Agency, "do-van-hoa"), (Person, "do-van-hoa"), (Mechanism, "uy-ban")]
)
def test_a_key_is_made_from_the_name_and_stays_when_the_name_changes(model: Any, key: str) -> None:
    body = create(model)
    changed = change_body(actor=make.user("officer"), body=body, fields={"name": "Tên khác"})
    assert (changed.slug, changed.name) == (key, "Tên khác")
    assert [row.history_type for row in changed.history.all()] == ["~", "+"]
    with pytest.raises(ValidationError) as refused:
        change_body(actor=make.user("officer"), body=body, fields={}, key="other")
    assert list(refused.value.message_dict) == ["slug"]


def test_all_errors_are_reported_together() -> None:
    with pytest.raises(ValidationError) as refused:
        create(Country, key="la", fields={"name": "", "aliases": ["Laos", 7]})
    assert set(refused.value.message_dict) == {"code", "name", "aliases"}
    with pytest.raises(ValidationError) as refused:
        create(Country, key="")
    assert list(refused.value.message_dict) == ["code"]
    assert not Country.objects.exists()


def test_a_change_that_is_refused_changes_nothing() -> None:
    body = create(Country)
    make.country("VN")
    with pytest.raises(ValidationError) as refused:
        change_body(
            actor=make.user("administrator"), body=body, fields={"name": "Viet Nam", "aliases": ["x"]}
        )
    assert list(refused.value.message_dict) == ["name"]
    body.refresh_from_db()
    assert (body.name, body.aliases) == ("Lao PDR", [])


def test_the_countries_of_a_mechanism_are_replaced_and_stay_when_not_given() -> None:
    vn, kh, la = (make.country(code) for code in ("VN", "KH", "LA"))
    body = create(Mechanism, countries=[vn, kh])
    officer = make.user("officer")
    change_body(actor=officer, body=body, fields={"acronym": "JC"})
    assert set(body.countries.all()) == {vn, kh}
    change_body(actor=officer, body=body, fields={}, countries=[vn, la])
    assert set(body.countries.all()) == {vn, la}
    newest = body.history.first()
    assert {row.country for row in newest.countries.all()} == {vn, la}


def test_a_change_of_another_user_stays() -> None:
    mine = create(Agency)
    officer = make.user("officer")
    change_body(actor=officer, body=Agency.objects.get(pk=mine.pk), fields={"acronym": "DVH"})
    change_body(actor=officer, body=mine, fields={"name": "New name"})
    mine.refresh_from_db()
    assert (mine.acronym, mine.name, mine.version) == ("DVH", "New name", 3)


def test_the_second_of_two_writers_at_one_moment_is_refused() -> None:
    with pytest.raises(ValidationError) as refused, refuse_duplicates():
        raise IntegrityError
    assert "at this moment" in str(refused.value)


def test_none_is_a_reserved_key_of_agencies() -> None:
    with pytest.raises(ValidationError) as refused:
        create(Agency, key="none")
    assert list(refused.value.message_dict) == ["slug"]
    assert create(Agency, fields=fields_of(Agency) | {"name": "None"}).slug == "none-2"
