from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users by login name."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Return a new saved user; a missing password makes the account unusable until one is issued."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Return a new superuser; it sees no season's records without a membership."""
        return self.create_user(username, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person's login. What the person may do is said by memberships, never here."""

    username = models.CharField(_("login name"), max_length=64, unique=True)
    display_name = models.CharField(_("name"), max_length=64)
    staff_number = models.CharField(_("staff number"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=False)
    slip_issued_at = models.DateTimeField(null=True)  # wall clock
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("account")
        constraints = (
            models.UniqueConstraint(
                fields=["staff_number"], condition=~models.Q(staff_number=""), name="user_staff_number_once"
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    def has_expired_slip(self, *, at: datetime) -> bool:
        """Whether the account waits with a one-time password too old to come in with (`at`: the wall clock)."""
        age = timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)
        return self.must_change_password and self.slip_issued_at is not None and self.slip_issued_at + age <= at

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name
