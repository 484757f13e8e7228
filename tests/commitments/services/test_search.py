"""Every write updates the search text, and the search text can be rebuilt."""

import datetime as dt
import threading
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from commitments import signals
from commitments.choices import MentionKind
from commitments.models import Assignment, Commitment, IndexVersion, Mention, Theme
from commitments.services.assignments import assign
from commitments.services.editing import change_countries, edit_commitment
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.registration import FirstMention
from commitments.services.search import VERSION, refresh_search_text
from commitments.services.transitions import apply_transition
from core.search.folding import FOLDING, fold
from core.search.trigram_index import trigram_table
from core.sorting import SORTING, sort_key
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person
from relations.names import fold_names, search_terms
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of

pytestmark = pytest.mark.django_db


def found(words: str) -> set[str]:
    return set(Commitment.objects.holding(search_terms(words)).values_list("title", flat=True))


def person(name: str = "Lê Hoài Trung", *aliases: str) -> Person:
    return Person.objects.create(
        slug=f"p-{Person.objects.count()}", name=name, aliases=list(aliases), country=make.country("VN")
    )


def takes_part(participant: Person, meeting: Meeting) -> Participation:
    return Participation.objects.create(
        meeting=meeting, person=participant, office="Minister", country=make.country("VN")
    )


def first_mention(meeting: Meeting, text: str = "They agreed.", kind: str = MentionKind.MADE) -> FirstMention:
    source = make.source(text)
    meeting.source_links.create(source=source)
    return FirstMention(meeting, source.paragraphs.get(number=1), kind=kind)


def is_up_to_date() -> bool:
    """Whether a rebuild finds nothing to correct. Each test checks this last."""
    return refresh_search_text(Commitment.objects.values_list("pk", flat=True)) == 0


# -- what is searched ----------------------------------------------------------------------------------------


def test_a_new_commitment_is_found_by_everything_that_belongs_to_it() -> None:
    meeting = make.meeting()
    takes_part(person("Lê Hoài Trung", "Bộ trưởng Trung"), meeting)
    mention = first_mention(meeting, "Hai bên nhất trí mở cầu.")
    make.commitment(title="Bridge", text="Open the causeway.", remarks="Beside the ferry.", mention=mention)
    for words in (
        "khvn-2024-001", "bridge", "causeway", "ferry", "hai ben nhat tri", "Lê Hoài Trung", "bo truong",
    ):  # fmt: skip
        assert found(words) == {"Bridge"}, words
    assert found("minister") == set()
    assert is_up_to_date()


def test_a_phrase_does_not_match_across_two_texts() -> None:
    make.commitment(title="Open the bridge", text="Over the river.")
    assert found('"bridge over"') == set()
    assert found("bridge over") == {"Open the bridge"}


def test_a_commitment_is_found_by_its_theme_countries_mechanism_and_place() -> None:
    theme = Theme.objects.create(slug="lanh-tho", name="Lãnh thổ")
    mechanism = make.mechanism("joint-committee")
    Mechanism.objects.filter(pk=mechanism.pk).update(name="Ủy ban hỗn hợp", acronym="JCBC")
    Country.objects.filter(pk=make.country("KH").pk).update(aliases=["Kampuchea"])
    meeting = make.meeting(mechanism=mechanism, place="Siem Reap")
    make.commitment(title="Bridge", theme=theme, mention=first_mention(meeting), codes=("KH", "VN"))
    make.commitment(title="Ferry", codes=("LA", "MM"))
    for words in ("lanh tho", "cambodia", "kampuchea", "viet nam", "uy ban hon hop", "jcbc", "siem reap"):
        assert found(words) == {"Bridge"}, words
    assert found("-cambodia") == {"Ferry"}
    assert is_up_to_date()


@pytest.mark.parametrize(
    ("kind", "is_found"),
    [("made", True), ("requested", True), ("reaffirmed", False), ("progress", False), ("fulfilled", False)],
)
def test_people_place_and_mechanism_count_at_meetings_where_it_was_made_or_requested(
    kind: str, is_found: bool
) -> None:
    later = make.meeting(dt.date(2025, 12, 9), place="Siem Reap", mechanism=make.mechanism("talks"))
    takes_part(person("Prak Sokhonn"), later)
    commitment = make.commitment(title="Bridge")
    mention = first_mention(later)
    record_mention(
        commitment=commitment,
        actor=make.user("officer"),
        meeting=later,
        paragraph=mention.paragraph,
        kind=kind,
    )
    for words in ("sokhonn", "siem reap", "talks"):
        assert (found(words) == {"Bridge"}) is is_found, words
    assert is_up_to_date()


# -- writers -------------------------------------------------------------------------------------------------


def test_saving_a_commitment() -> None:
    commitment = make.commitment(title="Bridge")
    commitment.title, commitment.remarks = "Ferry", "By night."
    commitment.save()
    assert (found("bridge"), found("ferry night")) == (set(), {"Ferry"})
    commitment.text = "Across the strait."
    commitment.save(update_fields=["text"])
    assert found("strait") == {"Ferry"}
    assert is_up_to_date()


@pytest.fixture
def forbid_updates(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after which an update of a search text fails the test."""

    def refuse(_pks: object) -> int:
        raise AssertionError("the search text was updated")

    return lambda: monkeypatch.setattr(signals, "refresh_search_text", refuse)


def test_a_status_change_updates_no_search_text(forbid_updates: Callable[[], None]) -> None:
    commitment, officer = make.commitment(title="Bridge"), make.user("officer")
    forbid_updates()
    apply_transition(
        commitment=commitment, name="start", actor=officer, note="Begun.", occurred_on=make.LONG_AGO
    )
    assert commitment.status_changes.count() == 2


def test_recording_a_mention_and_undoing_it() -> None:
    officer, commitment, later = make.user("officer"), make.commitment(title="Bridge"), make.meeting()
    first = first_mention(later, "They spoke of a causeway.")
    mention = record_mention(
        commitment=commitment, actor=officer, meeting=later, paragraph=first.paragraph, kind="reaffirmed"
    )
    assert found("causeway") == {"Bridge"}
    take_back_mention(mention=mention, actor=officer)
    assert found("causeway") == set()
    assert is_up_to_date()


def test_a_mention_that_moves_to_another_paragraph() -> None:
    source = make.source("They spoke of a causeway.\n\nThey spoke of a tunnel.")
    paragraphs = source.paragraphs.order_by("number")
    commitment = make.commitment(title="Bridge", mention=FirstMention(make.meeting(), paragraphs[0]))
    mention = commitment.mentions.get()
    mention.paragraph = paragraphs[1]
    mention.save()
    assert (found("causeway"), found("tunnel")) == (set(), {"Bridge"})
    assert is_up_to_date()


def test_assigning_an_agency_and_removing_it() -> None:
    commitment = make.commitment(title="Bridge")
    agency = make.agency("kh-mpwt", "KH", name="Ministry of Public Works", acronym="MPWT")
    assignment = assign(commitment=commitment, actor=make.user("officer"), agency=agency)
    assert found("mpwt") == found('"public works"') == {"Bridge"}
    assignment.delete()
    assert found("mpwt") == set()
    Assignment.objects.create(commitment=commitment, agency=agency)
    Assignment.objects.filter(commitment=commitment).delete()
    assert found("mpwt") == set()
    assert is_up_to_date()


def test_renaming_an_agency() -> None:
    agency = make.agency("kh-mpwt", "KH", name="Ministry of Public Works", acronym="MPWT")
    make.commitment(title="Bridge", agencies=(agency,))
    make.commitment(title="Ferry")
    agency.name, agency.acronym = "Ministry of Roads", "MOR"
    agency.save()
    assert found("mpwt") == found("works") == set()
    assert found("roads") == found("mor") == {"Bridge"}
    assert is_up_to_date()


def test_renaming_a_person() -> None:
    meeting, who = make.meeting(), person("Hun Manet")
    takes_part(who, meeting)
    make.commitment(title="Bridge", mention=first_mention(meeting))
    make.commitment(title="Ferry")
    who.aliases = ["Samdech"]
    who.save()
    assert found("samdech manet") == {"Bridge"}
    who.name = "Neth Savoeun"
    who.save()
    assert (found("manet"), found("savoeun")) == (set(), {"Bridge"})
    assert is_up_to_date()


def test_renaming_a_theme_a_country_a_mechanism_or_a_place() -> None:
    meeting = make.meeting(mechanism=make.mechanism("talks"), place="Vientiane")
    make.commitment(title="Bridge", theme=make.theme("roads"), mention=first_mention(meeting))
    make.commitment(title="Ferry", codes=("LA", "MM"))
    for record, field, value, words in (
        (Theme.objects.get(slug="roads"), "name", "Railways", "railways"),
        (make.country("KH"), "name", "Kingdom of Wonder", "wonder"),
        (make.country("KH"), "aliases", ["Kampuchea"], "kampuchea"),
        (Mechanism.objects.get(slug="talks"), "acronym", "JCBC", "jcbc"),
        (meeting, "place", "Siem Reap", "siem reap"),
    ):
        setattr(record, field, value)
        record.save(update_fields=[field])
        assert found(words) == {"Bridge"}, words
    assert found("roads") == found("cambodia") == found("vientiane") == set()
    meeting.mechanism = None
    meeting.save()
    assert found("jcbc") == set()
    assert is_up_to_date()


def test_changing_the_theme_and_the_countries_of_a_commitment() -> None:
    commitment, officer = make.commitment(title="Bridge", theme=make.theme("roads")), make.user("officer")
    edit_commitment(commitment=commitment, actor=officer, fields={"theme": make.theme("railways")})
    assert (found("roads"), found("railways")) == (set(), {"Bridge"})
    parties = list(Country.objects.order_by("code"))
    change_countries(
        commitment=commitment, actor=officer, obligated=parties, beneficiaries=[make.country("LA")]
    )
    assert found("lao pdr") == {"Bridge"}
    change_countries(commitment=commitment, actor=officer, obligated=parties, beneficiaries=[])
    assert found("lao pdr") == set()
    assert is_up_to_date()


def test_saving_a_country_without_a_new_name_updates_no_search_text(
    forbid_updates: Callable[[], None],
) -> None:
    make.commitment()
    country = make.country("KH")
    forbid_updates()
    country.save()


def test_adding_changing_and_removing_a_participant() -> None:
    meeting = make.meeting()
    make.commitment(title="Bridge", mention=first_mention(meeting))
    make.commitment(title="Ferry")
    row = takes_part(person("Hun Manet"), meeting)
    assert found("manet") == {"Bridge"}
    row.person = person("Neth Savoeun")
    row.save()
    assert (found("manet"), found("savoeun")) == (set(), {"Bridge"})
    meeting.participations.all().delete()
    assert found("savoeun") == set()
    assert is_up_to_date()


def test_a_new_agency_or_person_updates_no_search_text(forbid_updates: Callable[[], None]) -> None:
    make.country()
    forbid_updates()
    make.agency("kh-mpwt", "VN")
    person()


def load(path: str = "commitments/fixtures/viet-nam-cambodia.yaml") -> None:
    call_command("load_register", path, verbosity=0, stdout=StringIO())


def test_a_load_leaves_every_search_text_up_to_date() -> None:
    load()
    assert Commitment.objects.count() == 77
    assert is_up_to_date()


def test_a_second_load_that_changes_names_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "register.yaml"
    load()
    text = Path("commitments/fixtures/viet-nam-cambodia.yaml").read_text()
    text = text.replace("name: Hun Manet", "name: Hun Manet the Second")
    text = text.replace("acronym: MFAIC", "acronym: MFAICX")
    path.write_text(text.replace("title: Strengthen cooperation in tourism", "title: Strengthen sightseeing"))
    load(str(path))
    assert len(found("second")) > 50
    assert len(found("mfaicx")) == 2
    assert found("sightseeing") == {"Strengthen sightseeing"}
    assert is_up_to_date()


def save_in_admin(model: str, pk: int, **typed: object) -> None:
    """Open the form of a record in the admin, change the values ``typed``, and save."""
    client = client_as("officer", "administrator")
    url = f"/admin/{model.replace('.', '/')}/{pk}/change/"
    data = form_of(client.get(url), f"{model.rpartition('.')[2]}_form")
    data |= {name.replace("__", "-"): [str(value)] for name, value in typed.items()}
    answer = client.post(url, data)
    assert answer.status_code == 302, text_of(answer)


def test_saving_in_the_admin() -> None:
    meeting, who = make.meeting(), person("Hun Manet")
    agency = make.agency("kh-mpwt", "KH", name="Ministry of Public Works")
    commitment = make.commitment(title="Bridge", mention=first_mention(meeting))
    other = first_mention(meeting, "They spoke of a causeway.").paragraph
    save_in_admin(
        "commitments.commitment",
        commitment.pk,
        title="Ferry",
        mentions__0__paragraph=other.pk,
        assignments__TOTAL_FORMS=1,
        assignments__0__agency=agency.pk,
        assignments__0__role="lead",
    )
    assert found("bridge") == set()
    assert found("ferry causeway works") == {"Ferry"}
    save_in_admin("relations.agency", agency.pk, name="Ministry of Roads")
    assert (found("works"), found("roads")) == (set(), {"Ferry"})
    save_in_admin(
        "relations.meeting",
        meeting.pk,
        participations__TOTAL_FORMS=1,
        participations__0__person=who.pk,
        participations__0__office="Prime Minister",
        participations__0__country=who.country_id,
        participations__0__role="participant",
    )
    assert found("manet") == {"Ferry"}
    save_in_admin("relations.person", who.pk, name="Neth Savoeun", aliases="Samdech")
    assert (found("manet"), found("savoeun samdech")) == (set(), {"Ferry"})
    assert is_up_to_date()


# -- the command ---------------------------------------------------------------------------------------------


def test_the_command_corrects_search_texts_and_prints_how_many() -> None:
    agency = make.agency("kh-mpwt", "KH", name="Ministry of Public Works")
    for title in ("Bridge", "Ferry", "Tunnel"):
        make.commitment(title=title, agencies=(agency,))
    Commitment.objects.filter(title__in=["Bridge", "Ferry"]).update(search_text="wrong")
    Agency.objects.filter(pk=agency.pk).update(search_text="wrong")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {trigram_table(Commitment)}")  # noqa: S608
    wrong_rows = 3 if connection.vendor == "sqlite" else 0
    assert _run_command() == (2, 1, wrong_rows)
    assert found("bridge") == {"Bridge"}
    assert found("works") == {"Bridge", "Ferry", "Tunnel"}
    assert Agency.objects.named_like("public works").exists()
    assert _run_command() == (0, 0, 0)


def test_the_command_changes_neither_version_nor_history() -> None:
    commitment = make.commitment(title="Bridge")
    version, edits = commitment.version, commitment.edits.count()
    Commitment.objects.update(search_text="wrong")
    _run_command()
    commitment.refresh_from_db()
    assert (commitment.version, commitment.edits.count()) == (version, edits)


def after_migrate() -> None:
    """Call what ``migrate`` calls at its end for this app. It cannot run in a test transaction itself."""
    app_config = apps.get_app_config("commitments")
    post_migrate.send(
        sender=app_config, app_config=app_config, verbosity=0, interactive=False, using="default", apps=apps
    )


def test_migrate_rebuilds_what_another_version_of_the_program_wrote() -> None:
    agency = make.agency("kh-mpwt", "KH", name="Ministry of Public Works")
    make.commitment(title="Bridge", agencies=(agency,))
    for model in (Commitment, Agency):
        model.objects.update(search_text="wrong", sort_key=b"")
    after_migrate()
    assert found("bridge") == set(), "nothing is rebuilt for the same version"
    IndexVersion.objects.update(version="1.1.1")
    after_migrate()
    assert found("bridge works") == {"Bridge"}
    assert Agency.objects.named_like("public works").get().sort_key
    assert IndexVersion.objects.get().version == VERSION
    assert is_up_to_date()


def test_a_change_of_the_stored_texts_needs_another_version() -> None:
    """If this fails, raise ``FOLDING`` or ``SORTING``, and then enter the new values here."""
    samples = "Lê Hoài Trung, Đà Nẵng – «Œuvre» ﬁn ១២ ស្ដ្រី កេី ប៉ី مُحَمَّد أحمد Αθήνα Ёлка soft\u00adhyphen \u2011 ²"
    folded = sha256("|".join([fold(samples), fold_names("Việt  Nam")]).encode()).hexdigest()[:8]
    keys = sha256(b"|".join(map(sort_key, samples.split()))).hexdigest()[:8]
    assert (FOLDING, folded, SORTING, keys) == (2, "78ce4f76", 1, "f086189d")


def _run_command() -> tuple[int, ...]:
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    return tuple(int(line.rstrip(".").rpartition(" ")[2]) for line in out.getvalue().splitlines())


# -- concurrency ---------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_two_concurrent_writers_are_both_found() -> None:
    for name in ("officer", "reviewer"):
        Group.objects.get_or_create(name=name)
    commitment, meeting = make.commitment(title="Bridge"), make.meeting()
    first, second = first_mention(meeting, "A causeway."), first_mention(meeting, "A tunnel.")
    written, may_end = threading.Event(), threading.Event()

    def mention(paragraph: object) -> None:
        Mention.objects.create(commitment=commitment, meeting=meeting, paragraph=paragraph, kind="reaffirmed")

    def slow() -> None:
        with transaction.atomic():
            mention(first.paragraph)
            written.set()
            may_end.wait(10)
        connection.close()

    def quick() -> None:
        written.wait(10)
        mention(second.paragraph)
        connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    written.wait(10)
    threads[1].join(0.5)
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert found("causeway tunnel") == {"Bridge"}
    assert is_up_to_date()
