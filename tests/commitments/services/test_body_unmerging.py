"""The merge of two records is undone: everything names again what it named before."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db.models import Model

from accounts.models import User
from commitments.models import Assignment, BodyMerge, Commitment, CommitmentParty
from commitments.services.body_merging import merge_bodies
from commitments.services.body_unmerging import merges_into, undo_body_merge
from commitments.services.errors import RequirementsNotMet
from interchange.register_file.dump import dump_register
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person
from relations.services.bodies import change_body
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db
DERIVED = {"version", "sort_key"}


def everything() -> dict[str, list[Any]]:
    """All that names a record, and the records, in the order of their keys."""
    models: list[type[Model]] = [
        *(Country, Agency, Person, Mechanism, Meeting, Participation, CommitmentParty, Assignment),
        *(Mechanism.countries.through, User.desk_countries.through, User.desk_mechanisms.through),
    ]
    found = {}
    for model in models:
        names = [each.attname for each in model._meta.concrete_fields if each.name not in DERIVED]
        rows = model._default_manager.values(*[n for n in names if n != "id" or not model._meta.auto_created])
        found[model.__name__] = sorted(map(repr, rows))
    found["search"] = list(Commitment.objects.order_by("pk").values_list("search_text", flat=True))
    found["accounts"] = list(User.objects.order_by("pk").values_list("pk", "agency"))
    return found


def pair(kind: str) -> tuple[Any, Any]:
    """Two records of ``kind`` and what names either or both of them."""
    make.country("KH")
    match kind:
        case "person":
            both = [
                Person.objects.create(
                    slug=slug, name=slug, aliases=[slug.upper()], country=make.country("KH")
                )
                for slug in ("hun-manet", "hun-manet-2")
            ]
            for present in (both, both[:1], both[1:]):
                meeting = make.meeting()
                for who in present:
                    meeting.participations.create(person=who, office=f"Of {who}", country=who.country)
        case "agency":
            both = [make.agency("vn-mofa", acronym="MOFA"), make.agency("vn-mfa", acronym="MFA")]
            shared = make.commitment(agencies=(both[1],))
            Assignment.objects.create(commitment=shared, agency=both[0], role="support")
            account = make.user("focal_point", agency=both[1])
            Assignment.objects.filter(commitment=shared, agency=both[1]).update(focal_point=account)
            make.commitment(agencies=(both[1],))
        case "mechanism":
            both = [make.mechanism("committee", ("KH",)), make.mechanism("committee-2", ("KH", "VN"))]
            both[1].note = "Founded in 1999."
            both[1].save()
            for number, body in enumerate(both):
                meeting = make.meeting(mechanism=body, session=number + 1)
                paragraph = make.source().paragraphs.get(number=1)
                make.commitment(mention=make.FirstMention(meeting, paragraph))
            account = make.user("officer")
            account.desk_mechanisms.set(both)
        case _:
            both = [make.country("GB"), make.country("UK")]
            for codes in (("GB", "VN"), ("UK", "VN"), ("GB", "UK", "VN")):
                make.commitment(codes=codes)
            make.agency("uk-fcdo", "UK")
            make.mechanism("with-one", ("UK", "VN"))
            make.mechanism("with-both", ("GB", "UK", "VN"))
            make.user("officer").desk_countries.set(both)
    return both[0], both[1]


@pytest.mark.parametrize("kind", ["person", "agency", "mechanism", "country"])
def test_all_is_as_before_once_a_merge_is_undone(kind: str) -> None:
    kept, absorbed = pair(kind)
    administrator = make.user("administrator")
    before = everything()
    kept = merge_bodies(kept=kept, absorbed=absorbed, actor=administrator)
    assert everything() != before
    [done] = merges_into(kept)
    assert (done.kind, done.name, done.actor) == (kind, str(absorbed), administrator)
    record = undo_body_merge(done=done, actor=administrator)
    assert everything() == before
    assert record.version > absorbed.version
    assert merges_into(kept) == []
    with pytest.raises(RequirementsNotMet, match="undone already"):
        undo_body_merge(done=done, actor=administrator)


def test_a_merged_country_is_named_by_the_other_code_and_references_stay() -> None:
    kept, absorbed = pair("country")
    references = set(Commitment.objects.values_list("reference", flat=True))
    merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("administrator"))
    parties = CommitmentParty.objects.filter(role="party").order_by("commitment", "country__code")
    assert list(parties.values_list("country__code", flat=True)) == ["GB", "VN"] * 3
    assert set(Commitment.objects.values_list("reference", flat=True)) == references
    assert set(Mechanism.objects.get(slug="with-both").countries.values_list("code", flat=True)) == {
        "GB",
        "VN",
    }
    client = client_as("reviewer")
    for old, new in (
        ("/countries/UK/", "/countries/GB/"),
        ("/api/v1/countries/UK/", "/api/v1/countries/GB/"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
    for where in ("/commitments/", "/api/v1/commitments/"):
        assert all(each in client.get(f"{where}?country=UK").content.decode() for each in references)
    [moved] = [each for each in references if each.startswith("UKVN")]
    assert "Merged with another record." in text_of(client.get(f"/commitments/{moved}/"))


@pytest.mark.parametrize("kind", ["country", "mechanism"])
def test_an_older_file_names_what_was_kept_and_a_newer_one_is_the_same_both_ways(
    kind: str, tmp_path: Any
) -> None:
    kept, absorbed = pair(kind)
    older, newer, again = StringIO(), StringIO(), StringIO()
    dump_register(older)
    merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("administrator"))
    dump_register(newer)
    path = tmp_path / "older.yaml"
    path.write_text(older.getvalue())
    call_command("load_register", str(path), verbosity=0)
    dump_register(again)
    assert again.getvalue() == newer.getvalue()
    assert not type(absorbed).objects.filter(pk=absorbed.pk).exists()


def test_two_countries_or_mechanisms_that_differ_are_not_merged() -> None:
    administrator = make.user("administrator")
    make.commitment(codes=("KH", "LA"))
    with pytest.raises(RequirementsNotMet) as alone:
        merge_bodies(kept=make.country("KH"), absorbed=make.country("LA"), actor=administrator)
    assert alone.value.errors == {
        "other": ["A commitment stands between these two countries alone, so they are not the same."]
    }
    with pytest.raises(RequirementsNotMet) as home:
        merge_bodies(kept=make.country("TH"), absorbed=make.country("VN"), actor=administrator)
    assert "home country" in home.value.errors["other"][0]
    one, other = make.mechanism("one"), make.mechanism("other")
    make.meeting(mechanism=one, session=21)
    make.meeting(mechanism=other, session=21)
    with pytest.raises(RequirementsNotMet) as session:
        merge_bodies(kept=one, absorbed=other, actor=make.user("officer"))
    assert "Both have a session of the same number (21)." in session.value.errors["other"][0]
    make.user("reader").desk_countries.add(make.country("TH"))
    with pytest.raises(RequirementsNotMet) as desk:
        merge_bodies(kept=make.country("SG"), absorbed=make.country("TH"), actor=administrator)
    assert "Ask a security officer" in desk.value.errors["other"][0]
    with pytest.raises(PermissionDenied):
        merge_bodies(kept=make.country("SG"), absorbed=make.country("MY"), actor=make.user("officer"))
    assert not BodyMerge.objects.exists()


def test_what_was_recorded_since_stays_and_a_name_that_was_taken_is_refused() -> None:
    kept, absorbed = make.country("GB"), make.country("UK")
    administrator = make.user("administrator")
    kept = merge_bodies(kept=kept, absorbed=absorbed, actor=administrator)
    since = make.commitment(codes=("GB", "VN"))
    change_body(actor=administrator, body=kept, fields={"name": "UK"})
    [done] = merges_into(kept)
    with pytest.raises(RequirementsNotMet, match="UK|exists"):
        undo_body_merge(done=done, actor=administrator)
    assert not Country.objects.filter(code="UK").exists()
    change_body(actor=administrator, body=kept, fields={"name": "Great Britain"})
    undo_body_merge(done=done, actor=administrator)
    assert set(since.parties.values_list("country__code", flat=True)) == {"GB", "VN"}
    kept.refresh_from_db()
    assert (kept.name, kept.aliases, kept.former_keys) == ("Great Britain", [], [])


def test_only_an_administrator_undoes_the_merge_of_agencies_with_accounts() -> None:
    kept, absorbed = pair("agency")
    kept = merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("administrator"))
    [done] = merges_into(kept)
    for role in ("officer", "reviewer"):
        with pytest.raises(PermissionDenied):
            undo_body_merge(done=done, actor=make.user(role))


def test_the_admin_lists_merges_and_undoes_them() -> None:
    kept, absorbed = pair("person")
    client = client_as("officer")
    address = f"/admin/relations/person/{kept.pk}"
    assert client.post(f"{address}/merge/", {"other": absorbed.pk}).status_code == 302
    change = page_of(client.get(f"{address}/change/"))
    assert "“hun-manet-2”, on " in change.text
    url = change.links(".merge__effects")["Undo the merge"]
    assert "“hun-manet-2” is a record of its own again, with its key." in text_of(client.get(url))
    assert client_as("reviewer").post(url).status_code == 403
    assert client.post(url)["Location"] == f"/admin/relations/person/{absorbed.pk}/change/"
    assert client.post(url).status_code == 400
    assert client.get(f"/people/{absorbed.slug}/").status_code == 200
    assert client.get(f"{address}/merge/999/undo/").status_code == 404
