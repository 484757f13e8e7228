"""The demo accounts: created only in demonstration mode, and reported by ``check --deploy``."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from accounts.models import User
from relations.models import Agency, Country

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.DEMO = True


@pytest.fixture
def made(demo: None, settings) -> None:
    """Demo accounts in a database that production then uses."""
    call_command("make_demo_accounts", stdout=StringIO())
    settings.DEMO = False


def make() -> str:
    out = StringIO()
    call_command("make_demo_accounts", stdout=out)
    return out.getvalue()


def deploy_check() -> str:
    """Return the output of `check --deploy`, which raises ``SystemCheckError`` on an error."""
    err = StringIO()
    call_command("check", deploy=True, stdout=StringIO(), stderr=err)
    return err.getvalue()


def test_refused_outside_demonstration_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        make()
    assert not User.objects.exists()


@pytest.mark.usefixtures("demo")
def test_creates_one_account_for_each_role_and_a_second_officer_and_reviewer():
    make()
    roles = {user.username: sorted(group.name for group in user.groups.all()) for user in User.objects.all()}
    assert roles == {
        "officer": ["officer"],
        "officer2": ["officer"],
        "reviewer": ["reviewer"],
        "reviewer2": ["reviewer"],
        "focal": ["focal_point"],
        "reader": ["reader"],
        "admin": ["administrator"],
        "security": ["security_officer"],
    }
    assert not User.objects.filter(is_superuser=True).exists()
    assert User.objects.filter(is_demo=True).count() == 8


@pytest.mark.usefixtures("demo")
def test_the_password_is_the_public_one(client):
    make()
    assert client.login(username="reviewer2", password="aide-memoire-demo")


@pytest.mark.usefixtures("demo")
def test_the_password_comes_from_the_environment_and_is_not_printed(client, monkeypatch: pytest.MonkeyPatch):
    make()
    monkeypatch.setenv("DEMO_PASSWORD", "something of one's own")
    assert "something of one's own" not in make()
    assert client.login(username="officer", password="something of one's own")
    assert not client.login(username="officer", password="aide-memoire-demo")


@pytest.mark.usefixtures("demo")
def test_prints_the_password_and_the_usernames():
    output = make()
    assert "aide-memoire-demo" in output
    assert all(name in output for name in ("officer2", "reviewer2", "focal", "reader", "admin", "security"))


@pytest.mark.usefixtures("demo")
def test_a_second_run_changes_nothing():
    make()
    before = list(User.objects.order_by("pk").values())
    make()
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("demo")
def test_a_second_run_resets_the_accounts():
    make()
    User.objects.filter(username="reader").update(is_active=False, is_superuser=True)
    User.objects.get(username="reader").groups.clear()
    make()
    reader = User.objects.get(username="reader")
    assert reader.is_active
    assert not reader.is_superuser
    assert [group.name for group in reader.groups.all()] == ["reader"]


@pytest.mark.usefixtures("demo")
def test_the_focal_point_gets_a_ministry_of_the_home_country_once_the_register_has_one(settings):
    make()
    assert User.objects.get(username="focal").agency is None
    settings.HOME_COUNTRY = "PT"
    for code, kind in (("AO", "ministry"), ("PT", "party"), ("PT", "ministry")):
        country, _made = Country.objects.get_or_create(code=code, defaults={"name": code})
        ministry = Agency.objects.create(slug=f"{code}-{kind}", name="Of trade", country=country, kind=kind)
    make()
    assert User.objects.get(username="focal").agency == ministry


@pytest.mark.usefixtures("demo")
def test_an_account_of_the_same_name_that_is_no_demo_account_is_unchanged(django_user_model):
    real = django_user_model.objects.create_user("admin", password="a secret of its own")
    with pytest.raises(CommandError, match="“admin” exists and is not a demo account"):
        make()
    real.refresh_from_db()
    assert real.check_password("a secret of its own")
    assert User.objects.count() == 1


@pytest.mark.usefixtures("made")
def test_check_deploy_fails_and_names_each_demo_account_that_can_sign_in():
    with pytest.raises(SystemCheckError) as refused:
        deploy_check()
    for name in ("officer", "officer2", "reviewer", "reviewer2", "focal", "reader", "admin", "security"):
        assert f"“{name}” can sign in" in str(refused.value)


@pytest.mark.usefixtures("made")
def test_check_deploy_fails_for_one_active_demo_account():
    User.objects.exclude(username="focal").update(is_active=False)
    with pytest.raises(SystemCheckError, match="“focal” can sign in"):
        deploy_check()


@pytest.mark.usefixtures("made")
def test_check_deploy_passes_once_all_are_deactivated():
    User.objects.update(is_active=False)
    assert "demo account" not in deploy_check()


@pytest.mark.usefixtures("made")
def test_check_deploy_passes_once_no_demo_account_has_a_password():
    for user in User.objects.all():
        user.set_unusable_password()
        user.save()
    assert "demo account" not in deploy_check()


@pytest.mark.usefixtures("made")
def test_a_demo_account_is_reported_after_a_change_of_its_password():
    User.objects.exclude(username="admin").update(is_active=False)
    user = User.objects.get(username="admin")
    user.set_password("something harder")
    user.save()
    with pytest.raises(SystemCheckError, match="“admin” can sign in"):
        deploy_check()


def test_an_account_with_a_demo_name_and_the_demo_password_is_reported(django_user_model):
    django_user_model.objects.create_user("officer", password="aide-memoire-demo")
    with pytest.raises(SystemCheckError, match="“officer” can sign in"):
        deploy_check()


def test_another_account_called_admin_is_no_error(django_user_model):
    django_user_model.objects.create_user("admin", password="a secret of its own")
    assert "demo account" not in deploy_check()


def test_check_deploy_fails_in_demonstration_mode(settings):
    settings.DEMO = True
    with pytest.raises(SystemCheckError, match="DEMO is on"):
        deploy_check()


@pytest.mark.usefixtures("made")
def test_a_check_without_deploy_ignores_demo_accounts():
    call_command("check", stdout=StringIO(), stderr=StringIO())
