"""Sign-in by a provider of identities (OpenID Connect), which the test starts: who comes in, who does not."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from environ import Env

from accounts import doctor
from accounts.choices import Clearance
from accounts.models import AccountEvent, AccountSession, PasswordLink, User
from accounts.services.password_links import make_link
from accounts.services.second_step import require_second_step
from accounts.services.tokens import make_token
from config.identity_provider import IdentityProvider, identity_provider
from notifications.services.calendar_feeds import make_feed
from tests import factories as make
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, new_key
from tests.clients import client_as
from tests.html import form_of, page_of

pytestmark = pytest.mark.django_db
LOGIN, CALLBACK = "/accounts/provider/login/", "/accounts/provider/callback/"
LAN = {
    "sub": "7f3a",
    "email": "lan@example.org",
    "email_verified": True,
    "preferred_username": "lan",
    "given_name": "Lan",
    "family_name": "Nguyễn",
}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Provider:
    """The provider, from which ``LAN`` comes, without any fault."""
    running.person, running.wrong, running.headers, running.config = dict(LAN), {}, {}, {}
    running.signing_key, running.algorithm, running.answer, running.asked = running.key, "RS256", None, []
    settings.OIDC = IdentityProvider(
        issuer=running.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Ministry"
    )
    cache.clear()
    return running


@pytest.fixture
def lan() -> User:
    return make.user("officer", username="lan", email="lan@example.org")


def begin(client: Client, **body: str) -> str:
    """The address to which the browser is sent."""
    return client.post(LOGIN, body)["Location"]


def sign_in(provider: Provider, client: Client | None = None, **body: str) -> tuple[Client, Any]:
    """A browser after the whole way, and the last answer."""
    client = client or Client()
    return client, client.get(CALLBACK, provider.authorize(begin(client, **body)))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def roles_of(account: User) -> set[str]:
    return {str(role) for role in User.objects.get(pk=account.pk).roles}


def test_somebody_signs_in_and_stays_the_same(provider: Provider, lan: User) -> None:
    client, answer = sign_in(provider, next="/commitments/?state=open")
    assert answer["Location"] == "/commitments/?state=open"
    assert client.session["_auth_user_id"] == str(lan.pk)
    assert AccountSession.objects.filter(account=lan).count() == 1
    assert client.get("/").status_code == 200
    # Later her address is another one: the subject counts.
    provider.person |= {"email": "somebody@example.org", "email_verified": False}
    assert is_signed_in(sign_in(provider)[0])
    assert SocialAccount.objects.get().user == lan
    assert SocialAccount.objects.get().extra_data == {"iss": provider.issuer, "sub": "7f3a"}
    events = AccountEvent.objects.filter(account_number=lan.pk, after={"identity": "7f3a"})
    assert events.count() == 1


def test_what_is_asked_of_the_provider(provider: Provider) -> None:
    client = Client()
    url = begin(client, scope="root", auth_params="prompt=none", process="connect")
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{provider.issuer}/authorize?")
    assert asked["redirect_uri"] == [f"http://testserver{CALLBACK}"]
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert len(asked["state"][0]) >= 16
    assert len(asked["nonce"][0]) >= 32
    assert "prompt" not in asked
    assert parse_qs(urlsplit(begin(client)).query)["nonce"] != asked["nonce"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"iss": "http://elsewhere.example"}, id="issuer"),
        pytest.param({"aud": "another-site"}, id="audience"),
        pytest.param({"aud": [CLIENT_ID, "another-site"], "azp": "another-site"}, id="party"),
        pytest.param({"exp": int(time.time()) - 3600}, id="expired"),
        pytest.param({"exp": None}, id="never expires"),
        pytest.param({"iat": int(time.time()) + 3600}, id="from the future"),
        pytest.param({"nonce": "another"}, id="nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"sub": 7}, id="subject is no text"),
    ],
)
def test_a_token_that_says_something_wrong_is_refused(
    wrong: dict[str, Any], provider: Provider, lan: User
) -> None:
    provider.wrong = wrong
    assert_refused(*sign_in(provider), "could not be verified")


def assert_refused(client: Client, answer: Any, why: str, status: int = 401) -> None:
    """Nobody is signed in, nothing was written, and a page says why."""
    assert answer.status_code == status
    page = page_of(answer)
    assert page.texts("h1") == ["Sign-in did not work"]
    assert why in page.text
    assert "/accounts/login/" in page.links().values()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "case", ["another key", "no signature", "shared secret", "unknown key", "no token", "no text"]
)
def test_a_token_that_the_provider_has_not_signed_is_refused(
    case: str, provider: Provider, lan: User
) -> None:
    if case == "another key":
        provider.signing_key = new_key()
    elif case == "no signature":
        provider.signing_key, provider.algorithm = None, "none"
    elif case == "shared secret":
        provider.signing_key, provider.algorithm = CLIENT_SECRET * 2, "HS256"
    elif case == "unknown key":
        provider.headers = {"kid": "second"}
    else:
        provider.answer = {"access_token": "x"} | ({"id_token": [1]} if case == "no text" else {})
    assert_refused(*sign_in(provider), "could not be verified")


@pytest.mark.parametrize(
    "config",
    [{"issuer": "http://elsewhere.example"}, {"jwks_uri": None}, {"token_endpoint": "http://127.0.0.1:9/"}],
)
def test_a_provider_that_is_another_one_or_fails_is_refused(
    config: dict[str, Any], provider: Provider, lan: User
) -> None:
    client = Client()
    back = provider.authorize(begin(client))
    provider.config = config
    answer = client.get(CALLBACK, back)
    assert answer.status_code in (401, 503)
    assert not is_signed_in(client)


def test_a_provider_that_does_not_answer_is_told(provider: Provider, settings: Any) -> None:
    settings.OIDC = replace(settings.OIDC, issuer="http://127.0.0.1:9")
    client = Client()
    assert_refused(client, client.post(LOGIN), "does not answer", 503)


def test_a_sign_in_is_finished_once_and_by_who_has_begun_it(provider: Provider, lan: User) -> None:
    client = Client()
    back = provider.authorize(begin(client))
    assert_refused(other := Client(), other.get(CALLBACK, back), "another browser")
    assert_refused(client, client.get(CALLBACK, back | {"state": "forged"}), "another browser")
    assert client.get(CALLBACK, back).status_code == 302
    client.post("/accounts/logout/")
    SocialAccount.objects.all().delete()
    assert_refused(client, client.get(CALLBACK, back), "used already")
    # The code of one sign-in does not finish another: its verifier is another one.
    first, second = provider.authorize(begin(client)), provider.authorize(begin(client))
    assert_refused(client, client.get(CALLBACK, {**second, "code": first["code"]}), "could not be verified")
    back = provider.authorize(begin(client))
    refused = client.get(CALLBACK, {"error": "access_denied", "state": back["state"]})
    assert_refused(client, refused, "did not sign in at Ministry")
    back = provider.authorize(begin(client))
    refused = client.get(CALLBACK, {"error": "server_error", "state": back["state"]})
    assert_refused(client, refused, "Ministry did not sign you in")


def test_a_token_that_was_seen_before_is_refused(provider: Provider, lan: User) -> None:
    provider.wrong = {"jti": "one"}
    client, _answer = sign_in(provider)
    assert is_signed_in(client)
    again, answer = sign_in(provider)
    assert answer.status_code == 401
    assert not is_signed_in(again)


@pytest.mark.parametrize(
    "person",
    [{"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": None}],
)
def test_an_address_that_is_not_verified_joins_nobody(
    person: dict[str, Any], provider: Provider, lan: User
) -> None:
    provider.person |= person
    assert_refused(*sign_in(provider), "You have no account here", 403)


def test_an_account_has_one_identity(provider: Provider, lan: User) -> None:
    sign_in(provider)
    provider.person["sub"] = "other"
    client, answer = sign_in(provider)
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "another identity" in page_of(answer).text
    assert SocialAccount.objects.count() == 1


def test_nobody_is_signed_up_unless_the_settings_say_so(provider: Provider, settings: Any) -> None:
    provider.person["groups"] = ["Asia desk"]
    assert_refused(*sign_in(provider), "You have no account here", 403)
    assert not User.objects.exists()
    settings.OIDC = replace(settings.OIDC, signs_up=True, roles={"Asia desk": ["officer"]})
    make.user(username="lan")
    client, _answer = sign_in(provider)
    made = User.objects.get(email="lan@example.org")
    assert (made.username, str(made), made.clearance) == ("lan-2", "Lan Nguyễn", 0)
    assert (made.has_usable_password(), roles_of(made)) == (False, {"officer"})
    assert client.get("/accounts/password/change/").status_code == 404
    assert "Change password" not in page_of(client.get("/")).text
    provider.person |= {"sub": "8", "email": "x@example.org", "groups": ["Gardeners"]}
    refused, answer = sign_in(provider)
    assert (answer.status_code, is_signed_in(refused)) == (403, False)
    assert "None of your groups has a role here" in page_of(answer).text


def test_groups_give_and_take_roles_and_nothing_else(provider: Provider, settings: Any, lan: User) -> None:
    lan.groups.add(*make.user("reader", "administrator").groups.all())
    User.objects.filter(pk=lan.pk).update(clearance=Clearance.RESTRICTED)
    lan.desk_countries.add(make.country("KH"))
    settings.OIDC = replace(
        settings.OIDC, roles={"Asia desk": ["officer"], "Heads": ["reviewer", "security_officer"]}
    )
    provider.person |= {"groups": ["Heads", "Gardeners", 7], "clearance": 3, "roles": ["administrator"]}
    client, _answer = sign_in(provider)
    # "officer" is lost with its group; "reader" and "administrator" belong to no group.
    assert roles_of(lan) == {"reader", "administrator", "reviewer", "security_officer"}
    assert client.get("/audit/").status_code == 403  # the clearance is not the highest, and there is a desk
    provider.person["groups"] = None
    sign_in(provider)
    after = User.objects.get(pk=lan.pk)
    assert roles_of(lan) == {"reader", "administrator"}
    assert (after.clearance, after.desk.is_confined) == (Clearance.RESTRICTED, True)
    events = list(
        AccountEvent.objects.filter(account_number=lan.pk).order_by("pk").values_list("after", flat=True)
    )
    assert {"provider_groups": ["Heads"]} in events
    assert {"provider_groups": []} in events
    listed = client_as("administrator").get("/admin/accounts/accountevent/?kind=provider_groups")
    assert "Groups at the provider" in page_of(listed).text


def test_a_closed_account_stays_closed_and_gets_no_role(provider: Provider, settings: Any, lan: User) -> None:
    settings.OIDC = replace(settings.OIDC, roles={"Heads": ["reviewer"]})
    provider.person["groups"] = ["Heads"]
    lan.is_active = False
    lan.save()
    client, answer = sign_in(provider)
    assert not is_signed_in(client)
    assert page_of(client.get(answer["Location"])).texts("h1") == ["This account is closed"]
    assert set(lan.groups.values_list("name", flat=True)) == {"officer"}


def test_the_second_step_is_asked_for_after_the_provider(
    provider: Provider, settings: Any, lan: User
) -> None:
    require_second_step(actor=make.user("administrator"), roles=["officer"])
    client, _answer = sign_in(provider)
    assert client.get("/")["Location"] == "/accounts/2fa/totp/activate/"
    settings.OIDC = replace(settings.OIDC, has_second_step=True)
    assert client.get("/").status_code == 200
    assert client_as(lan).get("/")["Location"] == "/accounts/2fa/totp/activate/"
    TOTP.activate(lan, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client, answer = sign_in(provider)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)


def test_the_page_of_sign_in_offers_it(provider: Provider, settings: Any) -> None:
    page = page_of(Client().get("/accounts/login/?next=/meetings/"))
    assert page.texts("#main form button") == ["Sign in with Ministry", "Sign in"]
    assert page.select(f'form[action="{LOGIN}"] input[name=next]')[0]["value"] == "/meetings/"
    settings.LOCAL_SIGN_IN = False
    page = page_of(Client().get("/accounts/login/"))
    assert page.texts("#main form button") == ["Sign in with Ministry"]
    assert not page.select("#main input[name=password]")
    assert provider.asked == []  # looking at the page asks nobody


def test_passwords_sign_in_nobody_where_they_are_off(provider: Provider, settings: Any, lan: User) -> None:
    _link, key = make_link(account=lan)
    settings.LOCAL_SIGN_IN = False
    client = Client()
    refused = client.post("/accounts/login/", {"login": "lan", "password": "correct horse battery"})
    assert "Passwords do not sign in here" in page_of(refused).text
    client.post("/admin/login/", {"username": "lan", "password": "correct horse battery"})
    client.get(f"/accounts/link/{key}/", follow=True)
    assert client.post("/accounts/link/", {"new_password1": "x", "new_password2": "x"}).status_code == 404
    assert not is_signed_in(client)
    assert not client.login(username="lan", password="correct horse battery")
    assert PasswordLink.objects.get().used_at is None
    with pytest.raises(ValidationError):
        make_link(account=lan)
    administrator = client_as("administrator")
    assert administrator.get(f"/admin/accounts/user/{lan.pk}/link/").status_code == 403
    page = page_of(administrator.get(f"/admin/accounts/user/{lan.pk}/change/"))
    assert "people sign in with Ministry" in page.text
    # Saving an account neither ends its sessions nor forgets its password, for the day they are on again.
    session = client_as(lan)
    lan.first_name = "Lan"
    lan.save()
    assert session.get("/").status_code == 200
    assert session.get("/accounts/password/change/").status_code == 404
    settings.LOCAL_SIGN_IN = True
    assert client.login(username="lan", password="correct horse battery")


def test_a_new_account_gets_no_link_where_passwords_are_off(provider: Provider, settings: Any) -> None:
    settings.LOCAL_SIGN_IN = False
    client = client_as("administrator")
    form = form_of(client.get("/admin/accounts/user/add/"), "user_form")
    made = client.post("/admin/accounts/user/add/", form | {"username": "minh", "email": "minh@example.org"})
    assert made.status_code == 302
    assert not PasswordLink.objects.exists()


def test_an_administrator_unlinks_an_account_from_its_identity(provider: Provider, lan: User) -> None:
    browser, _answer = sign_in(provider)
    make_token(owner=lan, name="program", scope="read", days=9)
    make_feed(owner=lan, name="Outlook", scope="all")
    administrator = client_as("administrator")
    assert "7f3a" in page_of(administrator.get(f"/admin/accounts/user/{lan.pk}/change/")).text
    url = f"/admin/accounts/user/{lan.pk}/identity/"
    assert provider.issuer in page_of(administrator.get(url)).text
    assert client_as("officer").post(url).status_code == 403
    administrator.post(url)
    assert not SocialAccount.objects.exists()
    assert browser.get("/").status_code == 302
    assert not lan.api_tokens.usable().exists()
    assert not lan.calendar_feeds.usable().exists()
    assert AccountEvent.objects.filter(account_number=lan.pk, before={"identity": "7f3a"}).exists()
    User.objects.filter(pk=lan.pk).update(clearance=Clearance.SECRET)
    assert administrator.post(url).status_code == 403


def test_an_administrator_gets_into_no_account_that_reads_more(provider: Provider, lan: User) -> None:
    """With another address of the account, somebody else at the provider would be joined to it."""
    User.objects.filter(pk=lan.pk).update(clearance=Clearance.SECRET)
    client, url = client_as("administrator"), f"/admin/accounts/user/{lan.pk}/change/"
    form = form_of(client.get(url), "user_form")
    client.post(url, form | {"email": ["mine@example.org"]})
    assert User.objects.get(pk=lan.pk).email == "lan@example.org"
    client.post(url, form | {"first_name": ["Lan"]})
    assert User.objects.get(pk=lan.pk).first_name == "Lan"


@pytest.mark.parametrize("act", [{}, {"by_mail": "true"}])
def test_recovery_signs_out_who_never_had_a_password(
    provider: Provider, lan: User, act: dict[str, str]
) -> None:
    lan.set_unusable_password()
    lan.save()
    browser, _answer = sign_in(provider)
    make_token(owner=lan, name="program", scope="read", days=9)
    make_feed(owner=lan, name="Outlook", scope="all")
    assert browser.get("/").status_code == 200
    client_as("administrator").post(f"/admin/accounts/user/{lan.pk}/link/", {**act, "ends_password": "on"})
    assert browser.get("/").status_code == 302
    assert not lan.api_tokens.usable().exists()
    assert not lan.calendar_feeds.usable().exists()


def test_without_a_provider_there_is_no_such_address() -> None:
    assert not site.OIDC.issuer
    assert Client().post(LOGIN).status_code == Client().get(CALLBACK).status_code == 404
    assert "Sign in with" not in page_of(Client().get("/accounts/login/")).text


def test_the_doctor_asks_the_provider(provider: Provider, settings: Any) -> None:
    assert [each.level.value for each in doctor.identity_provider()] == ["ok"]
    provider.config = {"issuer": "http://elsewhere.example"}
    assert [each.level.value for each in doctor.identity_provider()] == ["error"]
    settings.OIDC = IdentityProvider()
    provider.asked = []
    assert list(doctor.identity_provider()) == provider.asked == []


def read(**variables: str) -> IdentityProvider:
    env = Env()
    env.ENVIRON = variables
    return identity_provider(env, allows_http=False)


def test_the_settings_are_read_and_checked() -> None:
    assert read() == IdentityProvider()
    known = {"OIDC_ISSUER": "https://id.example.org/realm", "OIDC_CLIENT_ID": "x"}
    found = read(**known, OIDC_ROLES='{"Asia desk": ["officer"]}', OIDC_SIGN_UP="1")
    assert (found.name, found.roles, found.signs_up) == ("id.example.org", {"Asia desk": ["officer"]}, True)
    assert found.origins == ["https://id.example.org"]
    for wrong in (
        {"OIDC_ISSUER": "http://id.example.org"},
        {"OIDC_ISSUER": "id.example.org"},
        {"OIDC_CLIENT_ID": ""},
        {"OIDC_ROLES": "officer"},
        {"OIDC_ROLES": '["officer"]'},
        {"OIDC_ROLES": '{"Heads": ["emperor"]}'},
        {"OIDC_ROLES": '{"Heads": "officer"}'},
    ):
        with pytest.raises(ImproperlyConfigured, match=next(iter(wrong))):
            read(**known | wrong)
