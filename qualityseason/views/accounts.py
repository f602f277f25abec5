"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from qualityseason.forms import FirstPasswordForm, LoginForm, OwnPasswordForm
from qualityseason.models import User
from qualityseason.services.accounts import change_password
from qualityseason.typed import is_typing_kept, welcome

TOO_MANY_REQUESTS = 429


def _safe_next(request: HttpRequest) -> str:
    """Return the address asked for as `next` when it is one of this host that one can come back to, else ''."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    nowhere = {request.path, *(reverse(name) for name in ("login", "logout", "language"))}
    return asked if safe and asked.partition("?")[0] not in nowhere else ""


class PortalLoginView(LoginView):
    """The login page; whoever is in already goes on to the first page."""

    template_name = "qualityseason/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        """Take the login name from the address: a demonstration account chosen without script."""
        return super().get_initial() | {"username": self.request.GET.get("username", "")[:64]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether something typed waits for the login."""
        return super().get_context_data(**kwargs) | {"is_typing_kept": is_typing_kept(self.request)}

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the page to come back to, or ''."""
        return _safe_next(self.request)

    def get_success_url(self) -> str:
        """Go to the page that replaces a one-time password first, then on."""
        following = super().get_success_url()
        user = self.request.user
        if isinstance(user, User) and user.must_change_password:
            return f"{reverse('password')}?{urlencode({'next': following})}"
        return following

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; what somebody else had typed here before is gone."""
        response = super().form_valid(form)
        welcome(self.request, response)
        return response


class PortalLogoutView(LogoutView):
    """Signing out, by POST alone."""


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class PasswordView(FormView[BaseForm]):
    """One's own password: changed at will, or replaced at the first login (then the old one isn't asked)."""

    template_name = "qualityseason/password.html"

    @property
    def forced(self) -> bool:
        """Whether the person has come with a one-time password."""
        return bool(self.request.user.must_change_password)  # type: ignore[union-attr]  # signed in: the policy table

    def get_form_class(self) -> Any:
        """Return the form that asks for the old password, or at the first login the one that doesn't."""
        return FirstPasswordForm if self.forced else OwnPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its user."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether there is a way round."""
        return super().get_context_data(**kwargs) | {"forced": self.forced, "next": _safe_next(self.request)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Save, stay signed in here, and go on."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101  # signed in: the policy table
        change_password(user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("The new password holds from now on."))
        return redirect(_safe_next(self.request) or resolve_url(settings.LOGIN_REDIRECT_URL))


def locked(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer a login that is paused after too many wrong passwords (AXES_LOCKOUT_CALLABLE)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "qualityseason/locked.html", {"minutes": minutes}, status=TOO_MANY_REQUESTS)
