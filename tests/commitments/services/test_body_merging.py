"""Two records of the same become one: what referred to either refers to it. It can be undone."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from commitments.models import Assignment, Commitment
from commitments.reports.body_merges import preview_of
from commitments.services.body_merging import merge_bodies
from commitments.services.errors import RequirementsNotMet
from interchange.register_file.dump import dump_register
from relations.models import Agency, Person
from relations.services.slugs import free_key
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db


def person(slug: str, name: str, **fields: Any) -> Person:
    return Person.objects.create(slug=slug, name=name, country=make.country("KH"), **fields)


def took_part(who: Person, *days: int) -> None:
    for day in days:
        meeting, _made = make.Meeting.objects.get_or_create(
            slug=f"talks-{day}",
            defaults={
                **{"title": f"Talks {day}", "form": "talks", "level": "minister", "status": "held"},
                "starts_on": dt.date(2025, 3, day),
            },
        )
        meeting.participations.create(person=who, office=f"Office of {who.slug}", country=who.country)


def test_the_meetings_of_a_person_move_and_one_at_which_both_were_keeps_its_entry() -> None:
    kept, absorbed = person("hun-manet", "Hun Manet"), person("hun-manet-2", "Hun Mà-Nét", aliases=["H. M."])
    took_part(kept, 1, 2)
    took_part(absorbed, 2, 3)
    preview = preview_of(kept, absorbed, make.user("officer"))
    assert preview.effects == (
        "1 meeting that you can see names the one that stays.",
        "At 1 meeting both took part: the position of the one that stays is kept.",
    )
    assert preview.names == ["Hun Mà-Nét", "H. M."]
    merged = merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("officer"))
    assert list(merged.participations.order_by("meeting__day").values_list("meeting__slug", "office")) == [
        ("talks-1", "Office of hun-manet"),
        ("talks-2", "Office of hun-manet"),
        ("talks-3", "Office of hun-manet-2"),
    ]
    assert (merged.aliases, merged.former_keys) == (["Hun Mà-Nét", "H. M."], ["hun-manet-2"])
    assert not Person.objects.filter(slug="hun-manet-2").exists()
    assert free_key(Person, "Hun Manet") == "hun-manet-3"


def test_an_agency_leads_where_either_led_and_its_focal_points_report_for_the_one_that_stays() -> None:
    kept, absorbed = make.agency("vn-mofa", acronym="MOFA"), make.agency("vn-mfa", name="Bộ Ngoại giao")
    both, one = make.commitment(agencies=(absorbed,)), make.commitment(agencies=(absorbed,))
    Assignment.objects.create(commitment=both, agency=kept, role="support")
    account = make.user("focal_point", agency=absorbed)
    Assignment.objects.filter(commitment=both, agency=absorbed).update(focal_point=account)
    merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("administrator"))
    held = Assignment.objects.order_by("commitment").values_list(
        "commitment", "agency", "role", "focal_point"
    )
    assert list(held) == [(both.pk, kept.pk, "lead", account.pk), (one.pk, kept.pk, "lead", None)]
    account.refresh_from_db()
    assert account.agency == kept
    assert set(Commitment.objects.visible_to(account)) == {both, one}
    assert "bo ngoai giao" in Commitment.objects.get(pk=one.pk).search_text


def test_who_may() -> None:
    kept, absorbed = make.agency("vn-mofa"), make.agency("vn-mfa")
    for role in ("reader", "reviewer", "focal_point"):
        with pytest.raises(PermissionDenied):
            merge_bodies(kept=kept, absorbed=absorbed, actor=make.user(role))
    make.user("focal_point", agency=absorbed)
    with pytest.raises(PermissionDenied, match="only an administrator"):
        merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("officer"))
    with pytest.raises(RequirementsNotMet):
        merge_bodies(kept=kept, absorbed=kept, actor=make.user("administrator"))
    assert Agency.objects.count() == 2


def test_old_addresses_lead_to_the_one_that_stays() -> None:
    merge_bodies(
        kept=make.agency("vn-mofa"), absorbed=make.agency("vn-mfa"), actor=make.user("administrator")
    )
    client = client_as("reader")
    for old, new in (
        ("/agencies/vn-mfa/", "/agencies/vn-mofa/"),
        ("/agencies/vn-mfa/?as_of=2025-01-01", "/agencies/vn-mofa/?as_of=2025-01-01"),
        ("/api/v1/agencies/vn-mfa/", "/api/v1/agencies/vn-mofa/"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
    assert client.get("/agencies/unknown/").status_code == 404
    assert client.get("/api/v1/agencies/vn-mofa/").json()["former_keys"] == ["vn-mfa"]
    made = make.commitment(agencies=(Agency.objects.get(),))
    for where in ("/commitments/", "/api/v1/commitments/", "/commitments/export.csv"):
        assert made.reference in client.get(f"{where}?agency=vn-mfa").getvalue().decode()


def test_an_older_file_does_not_bring_it_back_and_a_newer_one_keeps_the_key(tmp_path: Any) -> None:
    kept, absorbed = make.agency("vn-mofa", name="MOFA"), make.agency("vn-mfa", name="MFA")
    make.commitment(agencies=(absorbed,))
    older = StringIO()
    dump_register(older)
    merge_bodies(kept=kept, absorbed=absorbed, actor=make.user("administrator"))
    path = tmp_path / "older.yaml"
    path.write_text(older.getvalue())
    call_command("load_register", str(path), verbosity=0)
    assert [each.slug for each in Agency.objects.all()] == ["vn-mofa"]
    newer = StringIO()
    dump_register(newer)
    assert "former_keys:\n      - vn-mfa\n" in newer.getvalue()


def test_the_admin_shows_both_before_it_merges() -> None:
    kept, absorbed = person("hun-manet", "Hun Manet"), person("hun-manet-2", "Hun Mà-Nét")
    took_part(absorbed, 1)
    client = client_as("officer")
    change = page_of(client.get(f"/admin/relations/person/{kept.pk}/change/"))
    url = change.links(".object-tools")["Merge with another"]
    assert "Choose the record that is the same" in text_of(client.get(url))
    preview = client.get(url, {"other": absorbed.pk})
    assert (
        "1 meeting that you can see names the one that stays. Other names afterwards: Hun Mà-Nét."
        in text_of(preview)
    )
    assert Person.objects.count() == 2
    assert client.post(url, {"other": ""}).status_code == 400
    assert client.post(url, {"other": absorbed.pk}).status_code == 302
    assert Person.objects.get().former_keys == ["hun-manet-2"]
    assert client_as("reviewer").get(url).status_code == 403
