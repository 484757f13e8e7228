"""The admin of countries, agencies, people and mechanisms."""

import pytest
from django.contrib.auth.models import Permission

from commitments.models import Commitment
from commitments.services.bulk import begin_assignment, select
from relations.models import Agency, Country, Mechanism, Person
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


def test_other_names_are_entered_one_per_line() -> None:
    client, url = client_as("administrator"), "/admin/relations/country/add/"
    typed = {"code": ["VN"], "name": ["Viet Nam"], "aliases": ["Việt Nam\r\n\r\n  Vietnam  \r\nViệt Nam"]}
    assert client.post(url, form_of(client.get(url), "country_form") | typed).status_code == 302
    country = Country.objects.get()
    assert country.aliases == ["Việt Nam", "Vietnam"]
    page = client.get(f"/admin/relations/country/{country.pk}/change/")
    assert form_of(page, "country_form")["aliases"] == ["Việt Nam\r\nVietnam"]
    assert "Việt Nam, Vietnam" in text_of(client.get("/admin/relations/country/"))


def test_a_code_is_that_of_a_country_in_any_case_and_cannot_be_changed() -> None:
    client, url = client_as("administrator"), "/admin/relations/country/add/"
    for code in ("XX", "v1", "ZZ"):
        refused = client.post(url, {"code": code, "name": "Viet Nam"})
        (message,) = refused.context["adminform"].form.errors["code"]
        assert message == f"“{code.upper()}” is not the code of a country in ISO 3166-1 alpha-2."
    assert client.post(url, {"code": " vn ", "name": "Viet Nam"}).status_code == 302
    country = Country.objects.get()
    url = f"/admin/relations/country/{country.pk}/change/"
    data = form_of(client.get(url), "country_form")
    assert "code" not in data
    assert client.post(url, data | {"code": ["XX"], "name": ["Vietnam"]}).status_code == 302
    country.refresh_from_db()
    assert (country.code, country.name) == ("VN", "Vietnam")


def test_the_key_is_made_from_the_name_and_cannot_be_changed() -> None:
    client, vietnam = client_as("officer"), make.country("VN")
    url = "/admin/relations/agency/add/"
    for despite in ("", "bo-ngoai-giao"):
        data = {"name": "Bộ Ngoại giao", "country": vietnam.pk, "kind": "ministry", "despite": despite}
        assert client.post(url, data).status_code == 302
    assert list(Agency.objects.order_by("pk").values_list("slug", flat=True)) == [
        "bo-ngoai-giao",
        "bo-ngoai-giao-2",
    ]
    agency = Agency.objects.get(slug="bo-ngoai-giao")
    page = f"/admin/relations/agency/{agency.pk}/change/"
    data = form_of(client.get(page), "agency_form") | {"slug": ["other"], "acronym": ["MOFA"]}
    assert client.post(page, data).status_code == 302
    agency.refresh_from_db()
    assert (agency.slug, agency.acronym) == ("bo-ngoai-giao", "MOFA")


@pytest.mark.parametrize("words", ["le hoai trung", "Lê Hoài Trung", "TRUNG le", "(Lê), Hoài\u200b Trung."])
def test_search_finds_people_without_diacritics(words: str) -> None:
    vietnam = make.country("VN")
    Person.objects.create(slug="lht", name="Lê Hoài Trung", country=vietnam)
    Person.objects.create(slug="tl", name="Tô Lâm", country=vietnam)
    client = client_as("officer")
    rows = client.get("/admin/relations/person/", {"q": words}).context["cl"].result_list
    assert [row.slug for row in rows] == ["lht"]
    query = {"app_label": "relations", "model_name": "participation", "field_name": "person", "term": words}
    found = client.get("/admin/autocomplete/", query).json()["results"]
    assert [each["text"] for each in found] == ["Lê Hoài Trung"]


def test_a_mechanism_has_countries() -> None:
    client, url = client_as("administrator"), "/admin/relations/mechanism/add/"
    countries = [make.country(code).pk for code in ("KH", "VN")]
    assert client.post(url, {"name": "Joint Committee", "countries": countries}).status_code == 302
    assert Mechanism.objects.get().countries.count() == 2
    assert "Cambodia, Viet Nam" in text_of(client.get("/admin/relations/mechanism/"))


@pytest.mark.parametrize("classification", [0, 3])
def test_an_agency_with_assignments_cannot_be_deleted(classification: int) -> None:
    mofa, client = make.agency("vn-mofa"), client_as("officer")
    make.commitment(agencies=(mofa,), classification=classification)
    url = f"/admin/relations/agency/{mofa.pk}/delete/"
    assert (
        "“VN-MOFA” cannot be deleted because other records depend on it. "
        "Edit it instead, or first remove the records that depend on it."
    ) in text_of(client.get(url))
    client.post(url, {"post": "yes"})
    assert Agency.objects.exists()


def test_what_is_deleted_with_a_record_is_shown_as_far_as_its_page_shows_it() -> None:
    mofa, officer = make.agency("vn-mofa"), make.user("officer")
    pledge = make.commitment(title="Build a bridge")
    job = select(owner=officer, commitments=Commitment.objects.filter(pk=pledge.pk))
    begin_assignment(job=job, agency=mofa)
    words = text_of(client_as("officer").get(f"/admin/relations/agency/{mofa.pk}/delete/"))
    assert "Agencies: 1 Objects Agency: VN-MOFA" in words
    assert "bulk" not in words.lower()


RIGHTS = {
    ("officer", "country"): False,
    ("officer", "agency"): True,
    ("officer", "person"): True,
    ("officer", "mechanism"): True,
    ("reviewer", "country"): False,
    ("reviewer", "agency"): False,
    ("administrator", "country"): True,
    ("administrator", "agency"): True,
    ("administrator", "person"): True,
}


@pytest.mark.parametrize(("role", "model"), RIGHTS)
def test_the_roles_that_may_edit_bodies(role: str, model: str) -> None:
    client = client_as(role)
    assert client.get(f"/admin/relations/{model}/").status_code == 200
    assert client.get(f"/admin/relations/{model}/add/").status_code == (200 if RIGHTS[role, model] else 403)
    vietnam = make.country("VN")
    page = client.get(f"/admin/relations/country/{vietnam.pk}/change/")
    assert bool(page_of(page).select("input[name=name]")) is (role == "administrator")


def test_djangos_model_permissions_give_no_access() -> None:
    reader = make.user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.all())
    client = client_as(reader)
    assert client.get("/admin/relations/country/").status_code == 302
    reviewer = make.user("reviewer")
    reviewer.user_permissions.set(Permission.objects.all())
    client_as(reviewer, client=client)
    assert client.get("/admin/relations/agency/add/").status_code == 403
