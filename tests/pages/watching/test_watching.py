"""Watching: the button, the page, the filter, and the link that ends mails without a sign-in."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment, Watch
from commitments.services import watching
from commitments.services.body_merging import merge_bodies
from commitments.services.errors import RequirementsNotMet
from commitments.services.merging import merge
from commitments.services.saved_views import save_view
from commitments.services.watching import stop_watching, watch, watch_charge
from notifications.models import MailPreferences
from notifications.sending import send_due
from notifications.services.outbox import enqueue
from notifications.unsubscribing import account_of, unsubscribe_address
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
CHANGE = "/watching/change/"


@pytest.fixture
def reader() -> User:
    return make.user("reader", email="reader@example.org")


def watched(account: User) -> set[int]:
    found = CommitmentFilterSet({"watching": "me"}, user=User.objects.get(pk=account.pk)).qs
    return set(found.values_list("pk", flat=True))


def press(account: User, kind: str, key: object, value: str = "true") -> Any:
    return client_as(account).post(CHANGE, {"kind": kind, "key": key, "watch": value})


def test_commitment_agency_country_and_view_are_watched(reader: User) -> None:
    agency = make.agency()
    one, led = make.commitment(), make.commitment(agencies=(agency,))
    lao = make.commitment(codes=("LA", "VN"), nature="event")
    event = make.commitment(nature="event")
    view = save_view(owner=reader, name="Events", query="nature=event&ordering=title&columns=title")
    targets = [(one, {one}), (agency, {led}), (make.country("LA"), {lao}), (view, {lao, event})]
    for target, rows in targets:
        watch(account=reader, target=target)
        assert watched(reader) == {each.pk for each in rows}, target
        stop_watching(account=reader, target=target)
        assert watched(reader) == set()


def test_what_is_charged_is_watched_until_that_is_turned_off() -> None:
    agency = make.agency()
    officer = make.user("officer")
    focal, named = make.user("focal_point", agency=agency), make.user("focal_point", agency=agency)
    own, assigned = make.commitment(officer=officer), make.commitment(agencies=(agency,))
    assigned.assignments.update(focal_point=named)
    make.commitment()
    assert watched(officer) == {own.pk}
    assert watched(focal) == watched(named) == {assigned.pk}
    for account in (officer, focal):
        watch_charge(account=account, value=False)
        watch_charge(account=account, value=False)
        assert watched(account) == set()
        watch_charge(account=account, value=True)
        assert watched(account)


def test_one_commitment_can_be_left_out_whatever_includes_it(reader: User) -> None:
    country, pledge, other = make.country("KH"), make.commitment(), make.commitment()
    watch(account=reader, target=country)
    press(reader, "commitment", pledge.reference, "false")
    assert watched(reader) == {other.pk}
    assert pledge.title in client_as(reader).get("/watching/").content.decode().split("Left out")[1]
    press(reader, "commitment", pledge.reference)
    assert watched(reader) == {pledge.pk, other.pk}
    press(reader, "commitment", pledge.reference, "false")
    assert watched(reader) == {other.pk}


def test_watching_shows_nothing_that_may_not_be_seen(reader: User) -> None:
    pledge = make.commitment()
    private = save_view(owner=make.user("officer"), name="Mine", query="")
    watch(account=reader, target=pledge)
    watch(account=reader, target=private)
    Commitment.objects.filter(pk=pledge.pk).update(classification=2)
    assert watched(reader) == set()
    page = client_as(reader).get("/watching/").content.decode()
    assert pledge.title not in page
    assert "Mine" not in page
    assert press(reader, "commitment", pledge.reference).status_code == 404
    assert press(reader, "view", private.pk).status_code == 404
    assert press(reader, "planet", "x").status_code == 404
    assert press(reader, "view", "x").status_code == 404


def test_view_of_what_is_watched_cannot_be_watched_and_a_broken_one_shows_nothing(reader: User) -> None:
    make.commitment()
    circle = save_view(owner=reader, name="Circle", query="watching=me")
    with pytest.raises(RequirementsNotMet, match="cannot be watched itself"):
        watch(account=reader, target=circle)
    broken = save_view(owner=reader, name="Broken", query="theme=gone")
    watch(account=reader, target=broken)
    Watch.objects.create(account=reader, view=circle)
    assert watched(reader) == set()


def test_number_of_watches_is_limited(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST_WATCHES", 1)
    first, second = make.commitment(), make.commitment()
    press(reader, "commitment", first.reference)
    page = client_as(reader)
    page.post(CHANGE, {"kind": "commitment", "key": second.reference, "watch": "true"})
    assert "You watch 1 things already" in page.get("/watching/").content.decode()
    assert watched(reader) == {first.pk}


def test_watchers_follow_a_merge(reader: User) -> None:
    kept, absorbed = make.commitment(), make.commitment()
    both = make.user("reader")
    for account, target in ((reader, absorbed), (both, absorbed), (both, kept)):
        watch(account=account, target=target)
    merge(kept=kept, absorbed=absorbed, actor=make.user("reviewer"), reason="Same.")
    assert watched(reader) == watched(both) == {kept.pk}
    old, new = make.agency("vn-old"), make.agency("vn-new")
    watch(account=reader, target=old)
    merge_bodies(kept=new, absorbed=old, actor=make.user("officer"))
    assert Watch.objects.filter(account=reader, agency=new).exists()


def test_button_watches_and_stops_on_each_page(reader: User) -> None:
    agency = make.agency()
    pledge = make.commitment(agencies=(agency,))
    view = save_view(owner=reader, name="All", query="state=open")
    pages = {
        pledge.get_absolute_url(): ("commitment", pledge.reference),
        agency.get_absolute_url(): ("agency", agency.slug),
        make.country("LA").get_absolute_url(): ("country", "LA"),
        "/commitments/views/": ("view", view.pk),
    }
    browser = client_as(reader)
    for address, (kind, key) in pages.items():
        assert 'value="true"' in _button(browser, address), address
        assert browser.post(CHANGE, {"kind": kind, "key": key, "watch": "true"})["Location"] == address
        assert 'value="false"' in _button(browser, address), address
        browser.post(CHANGE, {"kind": kind, "key": key, "watch": "false"})


def _button(browser: Client, address: str) -> str:
    return browser.get(address).content.decode().split("/watching/change/")[1].split("</form>")[0]


def test_no_button_on_another_day(reader: User) -> None:
    pledge = make.commitment()
    page = client_as(reader).get(pledge.get_absolute_url() + "?as_of=2025-01-01")
    assert "/watching/change/" not in page.content.decode()


def test_page_saves_what_is_chosen(reader: User) -> None:
    browser = client_as(reader)
    chosen = {"rhythm": "weekly", "time_zone": "Asia/Phnom_Penh"}
    assert browser.post("/watching/", chosen).status_code == 302
    stored = MailPreferences.objects.get(account=reader)
    assert (stored.rhythm, stored.time_zone) == ("weekly", "Asia/Phnom_Penh")
    assert Watch.objects.filter(account=reader, is_muted=True, commitment=None).exists()
    wrong = browser.post("/watching/", {"rhythm": "hourly", "time_zone": "Mars/Base", "charge": "on"})
    assert wrong.status_code == 400
    assert MailPreferences.objects.get(account=reader).rhythm == "weekly"


def test_statements_of_the_page_do_not_grow_with_what_is_watched(reader: User) -> None:
    browser = client_as(reader)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/watching/").status_code == 200
        return len(captured)

    watch(account=reader, target=make.commitment())
    few = count()
    for _n in range(5):
        watch(account=reader, target=make.commitment())
    for code in ("KH", "LA", "TH"):
        watch(account=reader, target=make.country(code))
    assert count() == few


def test_link_of_a_mail_ends_mails_without_a_sign_in(reader: User) -> None:
    address = unsubscribe_address(reader).removeprefix("https://register.example.org")
    browser = Client(enforce_csrf_checks=True)
    asked = browser.get(address)
    assert "Stop the mails" in asked.content.decode()
    assert not MailPreferences.objects.exists()
    done = browser.post(address, {"List-Unsubscribe": "One-Click"})
    assert "You get no more mails" in done.content.decode()
    assert MailPreferences.objects.get().rhythm == "none"


def test_link_that_was_altered_or_is_of_a_closed_account_does_nothing(reader: User) -> None:
    address = unsubscribe_address(reader).removeprefix("https://register.example.org")
    other = make.user("reader")
    forged = address.replace(f"/{reader.pk}:", f"/{other.pk}:")
    assert Client().post(forged).status_code == 404
    assert account_of("nonsense") is None
    reader.is_active = False
    reader.save()
    assert Client().post(address).status_code == 404
    assert not MailPreferences.objects.exists()


def test_digest_offers_to_end_it(reader: User) -> None:
    watch(account=reader, target=make.commitment())
    enqueue(recipient=reader, kind="digest", dedupe_key=str(timezone.now()))
    send_due()
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe"] == f"<{unsubscribe_address(reader)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mails_of_the_demonstration_are_shown_there_alone(reader: User, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "notifications.file_backend.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    watch(account=reader, target=make.commitment(title="Xây cầu ខ្មែរ"))
    message = enqueue(recipient=reader, kind="digest", dedupe_key="x")
    assert message is not None
    send_due()
    name = message.message_id.strip("<>")
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.eml"]
    browser = client_as(reader)
    addresses = [reverse("demo_mails"), *(reverse(n, args=[name]) for n in ("demo_mail", "demo_mail_html"))]
    assert [browser.get(each).status_code for each in addresses] == [404, 404, 404]
    settings.DEMO = True
    assert [browser.get(each).status_code for each in addresses] == [200, 200, 200]
    page = browser.get(addresses[1]).content.decode()
    assert "Xây cầu" in page
    assert "ខ្មែរ" in page
    assert browser.get(reverse("demo_mail", args=["..%2Fsettings"])).status_code == 404
