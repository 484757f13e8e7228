"""Users, API tokens, and the stored responses of the API."""

import hashlib
import secrets
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Cast
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.browsers import browser_name
from accounts.choices import Clearance, Role
from accounts.login_names import login_key
from accounts.permissions import RIGHTS, Right
from core.append_only import AppendOnly
from core.lists import listed

access_ended = Signal()
"""Sent in the transaction in which an ``account`` is closed or recovered, or its password ends."""


class AccountManager(UserManager["User"]):
    """Finds accounts by name, whatever the spelling (``login_key``)."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this username. Raises ``User.DoesNotExist``."""
        return self.get(username_key=login_key(username or ""))

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Create a superuser. Raises ``ValidationError``, which the command shows, if the name is taken."""
        self.model(username=username, email=email or "").clean()
        return super().create_superuser(username, email, password, **fields)

    def by_login(self, login: str) -> "User | None":
        """The account whose username ``login`` is, else the one whose e-mail address it is."""
        pk = self.pks_by_login([login]).get(login)
        return None if pk is None else self.get(pk=pk)

    def pks_by_login(self, logins: Iterable[str]) -> dict[str, int]:
        """The primary key of the account for each of ``logins`` that names one."""
        key_of = {login: login_key(login) for login in logins}
        keys = set(key_of.values()) - {""}
        named = self.filter(Q(username_key__in=keys) | Q(email_key__in=keys))
        rows = list(named.values_list("pk", "username_key", "email_key"))
        pks = {email: pk for pk, _name, email in rows} | {name: pk for pk, name, _email in rows}
        return {login: pks[key] for login, key in key_of.items() if key in pks}


@dataclass(frozen=True, slots=True)
class Desk:
    """The countries and mechanisms, by primary key, to which an account is confined.

    The home country, to which everything belongs, is not among ``countries``.
    """

    countries: frozenset[int] = frozenset()
    mechanisms: frozenset[int] = frozenset()
    is_confined: bool = False

    @property
    def key(self) -> tuple[bool, tuple[int, ...], tuple[int, ...]]:
        """What tells two desks apart, for what is kept for accounts with the same rights."""
        return self.is_confined, tuple(sorted(self.countries)), tuple(sorted(self.mechanisms))


class User(AbstractUser):
    """A person who signs in. Rights come from roles; ``is_staff`` is ignored.

    ``username_key`` and ``email_key`` are what names are compared by. ``save`` writes them.
    """

    username_key = models.TextField(unique=True, editable=False)
    email_key = models.TextField(unique=True, null=True, editable=False)  # noqa: DJ001  (null: no address)
    agency = models.ForeignKey(
        "relations.Agency",
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        help_text=_("Whose commitments a focal point sees and reports on."),
    )
    clearance = models.PositiveSmallIntegerField(
        _("clearance"), choices=Clearance.choices, default=Clearance.UNCLASSIFIED
    )
    desk_countries = models.ManyToManyField(
        "relations.Country",
        verbose_name=_("countries of the desk"),
        blank=True,
        related_name="desk_accounts",
        help_text=_("The account sees only what concerns these countries or mechanisms. None: everything."),
    )
    desk_mechanisms = models.ManyToManyField(
        "relations.Mechanism",
        verbose_name=_("mechanisms of the desk"),
        blank=True,
        related_name="desk_accounts",
    )
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)

    requires_second_step = has_second_step = False
    """Of who is signed in: whether a role requires two-step sign-in, and whether it is set up."""

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(clearance__lte=3), name="user_clearance_known"),
            models.CheckConstraint(condition=~Q(username_key=""), name="user_username_key_written"),
        ]

    def clean(self) -> None:
        """Refuse a username or an e-mail address that names another account."""
        super().clean()
        errors = {}
        for field, name in (("username", self.username), ("email", self.email)):
            other = User.objects.by_login(name)
            # Django itself refuses the very same username.
            if other is not None and other.pk != self.pk and other.username != self.username:
                message = gettext(
                    "This already names the account “%(account)s”. Capital letters do not count."
                )
                errors[field] = message % {"account": other.username}
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save. A new password, its removal and the end of the account end API tokens, sessions and links."""
        self.username_key, self.email_key = login_key(self.username), login_key(self.email) or None
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {
                *fields,
                *(f"{name}_key" for name in ("username", "email") if name in fields),
            }
        ends = self.pk is not None and (not self.is_active or self.has_new_password())
        with transaction.atomic():
            super().save(*args, **kwargs)
            if ends:
                self.end_access()

    def end_access(self) -> None:
        """End API tokens, sessions, calendar feeds and unused links: somebody else may have them."""
        with transaction.atomic():
            self.api_tokens.revoke()
            self.sessions.end()
            access_ended.send(sender=User, account=self)
            for link in PasswordLink.objects.filter(account=self, used_at=None):
                link.delete()

    def has_new_password(self) -> bool:
        """Return whether saving sets a new password or removes the stored one.

        A hash that Django renews at sign-in is no new password.
        """
        if self._password is not None:  # type: ignore[attr-defined]
            return True
        if self.pk is None or is_password_usable(self.password):
            return False
        stored = User.objects.filter(pk=self.pk).values_list("password", flat=True).first()
        return stored is not None and is_password_usable(stored)

    def has_usable_password(self) -> bool:
        """Whether there is a password that signs the account in."""
        return settings.LOCAL_SIGN_IN and super().has_usable_password()

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles of an active account, cached on the instance. Groups that are not roles are ignored."""
        if not self.is_active:
            return frozenset()
        return frozenset(
            Role(name) for kind, name, _pk in self._granted if kind == "role" and name in Role.values
        )

    @cached_property
    def desk(self) -> Desk:
        """The countries and mechanisms to which the account is confined, cached on the instance."""
        countries = [(code, pk) for kind, code, pk in self._granted if kind == "country"]
        mechanisms = frozenset(pk for kind, _slug, pk in self._granted if kind == "mechanism")
        abroad = frozenset(pk for code, pk in countries if code != settings.HOME_COUNTRY)
        return Desk(abroad, mechanisms, is_confined=bool(countries or mechanisms))

    @cached_property
    def _granted(self) -> tuple[tuple[str, str, int], ...]:
        """The groups and the desk as (kind, name, primary key), in one query."""
        if self._state.adding:
            return ()
        granted = {
            "role": (self.groups, "name"),
            "country": (self.desk_countries, "code"),
            "mechanism": (self.desk_mechanisms, "slug"),
        }
        roles, *others = (
            rows.order_by()
            .annotate(kind=Value(kind, output_field=models.TextField()))
            .values_list(Cast(name, models.TextField()), "pk", "kind")
            for kind, (rows, name) in granted.items()
        )
        return tuple((kind, name, pk) for name, pk, kind in roles.union(*others, all=True))

    def forget_granted(self) -> None:
        """Read roles and desk again when they are next asked for."""
        for name in ("roles", "desk", "_granted"):
            self.__dict__.pop(name, None)

    def may(self, right: Right) -> bool:
        """Return whether one of the account's roles has ``right``."""
        roles = self.roles | {Role.ADMINISTRATOR} if self.is_superuser and self.is_active else self.roles
        return bool(roles & RIGHTS[right])

    def limited_to(self, level: Clearance) -> "User":
        """A copy of the account that reads nothing above ``level``, for what is shared. It is never saved."""
        limited = copy(self)
        limited.clearance = min(level, self.clearance)
        return limited

    @property
    def reads_classified(self) -> bool:
        """Whether the account may read any record that is classified higher than unclassified."""
        return self.clearance > Clearance.UNCLASSIFIED

    @property
    def may_enter_admin(self) -> bool:
        """Whether the account may enter the admin site."""
        return self.may(Right.ENTER_ADMIN)

    @property
    def may_see_operation(self) -> bool:
        """Whether the account may see how the site is run: its backups and its state."""
        return self.may(Right.SEE_OPERATION)

    @property
    def lacks_second_step(self) -> bool:
        """Whether who is signed in must set up two-step sign-in before anything else."""
        return self.requires_second_step and not self.has_second_step

    @property
    def in_short(self) -> str:
        """The roles and the agency, as shown at the top of each page. The username if there are no roles."""
        roles = listed(role.label for role in Role if role in self.roles) or self.username
        if self.agency is None:
            return roles
        return pgettext("roles and agency of an account", "%(roles)s, %(agency)s") % {
            "roles": roles,
            "agency": self.agency.short,
        }

    @property
    def marked_name(self) -> str:
        """The name where the account still has something to do: with a mark if it is closed."""
        if self.is_active:
            return str(self)
        return gettext("%(person)s (account closed)") % {"person": self}

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Filters for tokens."""

    def usable(self) -> "ApiTokenQuerySet":
        """Tokens that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def revoke(self) -> int:
        """Revoke those that are in use; return how many."""
        return self.usable().update(revoked_at=timezone.now())


class ApiToken(models.Model):
    """An API key of a program that acts for ``owner``. The key is shown once; only its digest is stored."""

    class Scope(models.TextChoices):
        """What the program may do."""

        READ = "read", pgettext_lazy("scope of a token", "read")
        WRITE = "write", pgettext_lazy("scope of a token", "read and write")

    owner = models.ForeignKey(
        User, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("Which program uses it."))
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.READ)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    busy_minute = models.DateTimeField(_("minute of last use"), null=True, editable=False)
    used_in_minute = models.PositiveIntegerField(_("requests in that minute"), default=0, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=("read", "write")), name="api_token_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        """Whether the token is neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @staticmethod
    def digest_of(key: str) -> str:
        """Return the stored digest of ``key``. Keys are random, so a plain hash is enough."""
        return hashlib.sha256(key.encode()).hexdigest()

    @staticmethod
    def new_key() -> str:
        """Return a new key with 256 random bits."""
        return secrets.token_urlsafe(32)


class AccountSessionQuerySet(models.QuerySet["AccountSession"]):
    """Filters for sessions."""

    def open(self) -> "AccountSessionQuerySet":
        """Sessions that have not expired."""
        return self.filter(session__expire_date__gt=timezone.now())

    def end(self) -> int:
        """End them: their browsers are signed out. Return how many of them were open."""
        count = self.open().count()
        Session.objects.filter(pk__in=list(self.values_list("session_id", flat=True))).delete()
        return count


class AccountSession(models.Model):
    """A browser in which somebody is signed in to ``account``.

    It belongs to Django's session, with which it is deleted. ``last_active_at`` is exact to a minute. No page
    shows the key of the session, with which anybody could act as the account.
    """

    USER_AGENT_LENGTH = 400

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, related_name="account_session", editable=False
    )
    account = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="sessions"
    )
    user_agent = models.CharField(_("browser"), max_length=USER_AGENT_LENGTH, blank=True)
    started_at = models.DateTimeField(_("signed in at"), default=timezone.now)
    last_active_at = models.DateTimeField(_("last active at"), default=timezone.now)

    objects = AccountSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-last_active_at", "-pk"]

    def __str__(self) -> str:
        return self.browser

    @property
    def browser(self) -> str:
        """The browser and its system, as in "Firefox on Windows"."""
        return browser_name(self.user_agent)


class PasswordLink(models.Model):
    """The link with which ``account`` sets its password once: an invitation, or a reset.

    An account has one. Only the digest of its key is stored. A new link takes the place of the old one.
    """

    class Purpose(models.TextChoices):
        """Why somebody gets a link."""

        INVITATION = "invitation", pgettext_lazy("purpose of a link", "invitation")
        RESET = "reset", pgettext_lazy("purpose of a link", "new password")

    account = models.OneToOneField(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="password_link"
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, editable=False)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=("invitation", "reset")), name="password_link_purpose_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()

    @property
    def is_usable(self) -> bool:
        """Whether it is neither used nor expired."""
        return self.used_at is None and self.expires_at > timezone.now()


class KeptAnswer(models.Model):
    """The response to a request with an ``Idempotency-Key``. A repeated request gets the same response.

    ``digest`` detects another request with the same key. ``status`` is null while the first request runs.
    Other transactions never see that: the row and the work are written in one transaction.
    """

    owner = models.ForeignKey(
        User, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="kept_answers"
    )
    key = models.CharField(_("key"), max_length=255)
    digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    content_type = models.CharField(_("type of the body"), max_length=80, blank=True)
    body = models.TextField(_("body"), blank=True)
    names = models.JSONField(
        _("names"), default=list, help_text=_("The records it names that its owner could see at that time.")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="kept_answer_once_a_key")]

    def __str__(self) -> str:
        return self.key


class RequiredSecondStep(models.Model):
    """A role whose accounts must have two-step sign-in. ``accounts.services.second_step`` writes it."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, unique=True)

    class Meta:
        verbose_name = _("role that requires two-step sign-in")
        verbose_name_plural = _("roles that require two-step sign-in")

    def __str__(self) -> str:
        return str(Role(self.role).label)


class AccountEvent(AppendOnly):
    """What was done to an account, by whom: its rights and its sign-in before and after.

    The account stands in it by number and name, not as a link: an account that was made by mistake can be
    deleted, and the event stays. ``before`` and ``after`` hold the fields that changed, never a password.
    What concerns all accounts has the number 0 and no name.
    """

    account_number = models.BigIntegerField(_("number of the account"), db_index=True)
    account = models.CharField(_("account"), max_length=150)
    occurred_at = models.DateTimeField(_("occurred at"), default=timezone.now)
    actor = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account_events",
        help_text=_("Nobody where a command did it."),
    )
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["-occurred_at", "-pk"]

    def __str__(self) -> str:
        return self.account or gettext("all accounts")
