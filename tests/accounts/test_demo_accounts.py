"""The accounts of a demonstration: made only there, the same every time, never carried into production."""

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
    """Demo accounts in a database that production is then pointed at."""
    call_command("make_demo_accounts", stdout=StringIO())
    settings.DEMO = False


def make() -> str:
    out = StringIO()
    call_command("make_demo_accounts", stdout=out)
    return out.getvalue()


def deploy_check() -> str:
    """What `check --deploy` says; it raises when the deployment must not go ahead."""
    err = StringIO()
    call_command("check", deploy=True, stdout=StringIO(), stderr=err)
    return err.getvalue()


def test_refused_outside_of_a_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        make()
    assert not User.objects.exists()


@pytest.mark.usefixtures("demo")
def test_makes_one_account_for_each_part_and_a_second_officer_and_reviewer():
    make()
    parts = {user.username: sorted(group.name for group in user.groups.all()) for user in User.objects.all()}
    assert parts == {
        "officer": ["officer"],
        "officer2": ["officer"],
        "reviewer": ["reviewer"],
        "reviewer2": ["reviewer"],
        "focal": ["focal_point"],
        "reader": ["reader"],
        "admin": ["administrator"],
    }
    assert not User.objects.filter(is_superuser=True).exists()
    assert User.objects.filter(is_demo=True).count() == 7


@pytest.mark.usefixtures("demo")
def test_the_password_is_the_known_one(client):
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
def test_says_whom_to_sign_in_as():
    said = make()
    assert "aide-memoire-demo" in said
    assert all(name in said for name in ("officer2", "reviewer2", "focal", "reader", "admin"))


@pytest.mark.usefixtures("demo")
def test_a_second_run_changes_nothing():
    make()
    before = list(User.objects.order_by("pk").values())
    make()
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("demo")
def test_a_second_run_sets_right_what_was_changed():
    make()
    User.objects.filter(username="reader").update(is_active=False, is_superuser=True)
    User.objects.get(username="reader").groups.clear()
    make()
    reader = User.objects.get(username="reader")
    assert reader.is_active
    assert not reader.is_superuser
    assert [group.name for group in reader.groups.all()] == ["reader"]


@pytest.mark.usefixtures("demo")
def test_the_focal_point_belongs_to_the_foreign_ministry_once_the_register_knows_it():
    make()
    assert User.objects.get(username="focal").agency is None
    country = Country.objects.create(code="VN", name="Viet Nam")
    ministry = Agency.objects.create(slug="vn-mofa", name="Ministry of Foreign Affairs", country=country)
    make()
    assert User.objects.get(username="focal").agency == ministry


@pytest.mark.usefixtures("demo")
def test_a_real_account_of_the_same_name_is_never_taken_over(django_user_model):
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
    for name in ("officer", "officer2", "reviewer", "reviewer2", "focal", "reader", "admin"):
        assert f"“{name}” can sign in" in str(refused.value)


@pytest.mark.usefixtures("made")
def test_check_deploy_fails_for_one_left_over():
    User.objects.exclude(username="focal").update(is_active=False)
    with pytest.raises(SystemCheckError, match="“focal” can sign in"):
        deploy_check()


@pytest.mark.usefixtures("made")
def test_check_deploy_passes_once_all_are_deactivated():
    User.objects.update(is_active=False)
    assert "demo account" not in deploy_check()


@pytest.mark.usefixtures("made")
def test_check_deploy_passes_once_no_password_of_theirs_works():
    for user in User.objects.all():
        user.set_unusable_password()
        user.save()
    assert "demo account" not in deploy_check()


@pytest.mark.usefixtures("made")
def test_a_demo_account_stays_one_after_a_change_of_password():
    User.objects.exclude(username="admin").update(is_active=False)
    user = User.objects.get(username="admin")
    user.set_password("something harder")
    user.save()
    with pytest.raises(SystemCheckError, match="“admin” can sign in"):
        deploy_check()


def test_an_unmarked_account_with_a_demo_name_and_the_demo_password_is_found_too(django_user_model):
    django_user_model.objects.create_user("officer", password="aide-memoire-demo")
    with pytest.raises(SystemCheckError, match="“officer” can sign in"):
        deploy_check()


def test_a_real_account_that_happens_to_be_called_admin_is_no_fault(django_user_model):
    django_user_model.objects.create_user("admin", password="a secret of its own")
    assert "demo account" not in deploy_check()


def test_check_deploy_fails_in_demonstration_mode(settings):
    settings.DEMO = True
    with pytest.raises(SystemCheckError, match="DEMO is on"):
        deploy_check()


@pytest.mark.usefixtures("made")
def test_an_ordinary_check_does_not_mind_demo_accounts():
    call_command("check", stdout=StringIO(), stderr=StringIO())
