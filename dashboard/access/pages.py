"""The few pages outside Dash: sign-in, sign-out, a wall's address, the choice of language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from dashboard.access.language import LOCALE_COOKIE
from dashboard.access.passwords import LONGEST, USERNAME_LONGEST
from dashboard.access.session import Door, current_locale, remote_address, viewer_or_none
from dashboard.access.sign_in import authenticate
from dashboard.access.throttle import Throttled
from dashboard.access.walls import TOKEN_LENGTH, wall_of_token
from dashboard.errors import NotAllowed
from dashboard.i18n import LOCALES, N_
from dashboard.settings import HOUSE

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

LOCALE_SECONDS = 31_536_000
WALL_HOME = "/wall/overview"


class SignInForm(FlaskForm):  # type: ignore[misc] # flask-wtf ships no types
    """What a person types to sign in."""

    username = StringField(lazy_gettext("Username"), validators=[DataRequired(), Length(max=USERNAME_LONGEST)])
    password = PasswordField(lazy_gettext("Password"), validators=[DataRequired(), Length(max=LONGEST)])
    next = HiddenField()


def local_path(target: str | None) -> str:
    """Return `target` when it is a path on this server, and / when it could lead anywhere else."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    # Browsers read a backslash as a slash and drop tabs and line ends, so none may be in it.
    if "\\" in target or not target.isprintable():
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target


def make_pages(door: Door) -> Blueprint:
    """Return the blueprint of these pages; its endpoints are `access.<name>`."""
    pages = Blueprint("access", __name__, template_folder=str(HOUSE / "dashboard" / "templates"))
    views = _Pages(door)
    pages.add_url_rule("/sign-in", "sign_in", views.sign_in)
    pages.add_url_rule("/sign-in", "sign_in_submitted", views.sign_in_submitted, methods=["POST"])
    pages.add_url_rule("/sign-out", "sign_out", views.sign_out)
    pages.add_url_rule("/sign-out", "sign_out_submitted", views.sign_out_submitted, methods=["POST"])
    # A token's exact length keeps this apart from the wall screens, such as /wall/overview.
    pages.add_url_rule(f"/wall/<string(length={TOKEN_LENGTH}):token>", "wall", views.wall)
    pages.add_url_rule("/language", "language", views.language)
    pages.app_errorhandler(CSRFError)(views.expired)
    pages.context_processor(views.common)
    return pages


@dataclass(frozen=True)
class _Pages:
    """The views."""

    door: Door

    def common(self) -> dict[str, str]:
        """Return what every template needs."""
        chinese = current_locale(self.door.settings) == "zh_CN"
        return {"title": self.door.settings.title, "lang": "zh-CN" if chinese else "en"}

    def sign_in(self) -> BaseResponse | str:
        """Show the form, or send on who is signed in already."""
        target = local_path(request.args.get("next"))
        return redirect(target) if viewer_or_none() else _form_page(SignInForm(next=target))

    def sign_in_submitted(self) -> BaseResponse:
        """Judge a submitted form."""
        form = SignInForm()
        if not form.validate():
            return make_response(_form_page(form, N_("Enter your username and your password.")), 422)
        now = self.door.now()
        try:
            with self.door.sessions() as session:
                account = authenticate(session, form.username.data, form.password.data, remote_address(), now)
        except Throttled as throttled:
            seconds = math.ceil(throttled.wait.total_seconds())
            problem = N_("Too many attempts. Try again in %(minutes)s minutes.")
            page = _form_page(form, problem, minutes=math.ceil(seconds / 60))
            return make_response(page, throttled.status, {"Retry-After": str(seconds)})
        except NotAllowed:
            return make_response(_form_page(form, N_("Username or password is not right.")), 401)
        self.door.admit_user(account)
        return redirect(local_path(form.next.data), 303)

    def sign_out(self) -> str:
        """Ask first: a link alone must not sign anybody out."""
        return render_template("sign_out.html")

    def sign_out_submitted(self) -> BaseResponse:
        """Sign out."""
        self.door.leave()
        return redirect("/sign-in", 303)

    def wall(self, token: str) -> BaseResponse:
        """Sign a wall's browser in and show it its screen."""
        with self.door.sessions() as session:
            try:
                found = wall_of_token(session, token, self.door.now())
            except NotAllowed:
                return make_response(render_template("wall_refused.html"), 403)
        self.door.admit_wall(found)
        return redirect(WALL_HOME)

    def language(self) -> BaseResponse:
        """Remember the language chosen in this browser."""
        response = redirect(local_path(request.args.get("next")))
        chosen = request.args.get("to")
        if chosen in LOCALES:
            secure = self.door.settings.cookies_are_secure
            response.set_cookie(
                LOCALE_COOKIE, chosen, max_age=LOCALE_SECONDS, secure=secure, httponly=True, samesite="Lax"
            )
        return response

    def expired(self, error: CSRFError) -> BaseResponse:
        """Answer a write without a valid CSRF token; who waited too long at the sign-in gets a fresh form."""
        if request.endpoint != "access.sign_in_submitted":
            return make_response({"error": error.description}, 400)
        return make_response(_form_page(SignInForm(), N_("This page had expired. Please try again.")), 400)


def _form_page(form: SignInForm, problem: str = "", **values: object) -> str:
    target = local_path(form.next.data)
    return render_template("sign_in.html", form=form, problem=problem, values=values, target=target)
