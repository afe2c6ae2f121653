"""Who may reach a served dashboard, and under which address."""

import argparse
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from revops.errors import RevopsError

SECRET = "PANEL_COOKIE_SECRET"
OAUTH_NEEDS = ("PANEL_OAUTH_KEY", "PANEL_OAUTH_SECRET", "PANEL_OAUTH_REDIRECT_URI")
SHORTEST_SECRET = 32
LOGIN_PAGE = Path(__file__).with_name("login.html")
NEW_SECRET = 'python3 -c "import secrets; print(secrets.token_hex(32))"'


@dataclass(frozen=True)
class Access:
    """`origins` are hosts whose pages may open the websocket, besides this machine's own names.

    `prefix` is the path the dashboard lives under ("/revops"). `basic_auth` is a file of names and
    passwords as JSON; what `oauth_provider` needs, Panel reads from its own environment variables.
    """

    cookie_secret: str
    origins: tuple[str, ...] = ()
    prefix: str = ""
    basic_auth: str | None = None
    oauth_provider: str | None = None
    is_behind_proxy: bool = False

    def server_options(self) -> dict[str, Any]:
        """The options of Panel and Bokeh that say so; a session's id counts only if signed."""
        login = {
            name: value
            for name, value in (
                ("basic_auth", self.basic_auth),
                ("oauth_provider", self.oauth_provider),
            )
            if value
        }
        return {
            **login,
            "cookie_secret": self.cookie_secret,
            "login_template": str(LOGIN_PAGE),
            "logout_template": str(LOGIN_PAGE),
            "sign_sessions": True,
            "secret_key": hashlib.sha256(self.cookie_secret.encode()).digest(),
            "prefix": self.prefix,
            # where a login leads to that remembers no address
            "root_path": f"{self.prefix}/",
            "use_xheaders": self.is_behind_proxy,
        }


def access(options: argparse.Namespace, environment: Mapping[str, str]) -> Access:
    """What the command line and the environment ask for.

    Raises RevopsError where it contradicts itself, or where production would be open by oversight.
    """
    basic, oauth = options.basic_auth, options.oauth_provider
    secret = _secret(options.cookie_secret_file, environment)
    if basic and oauth:
        raise RevopsError(
            "Two ways to log in were asked for.",
            "--basic-auth and --oauth-provider",
            "Give one of them.",
        )
    if basic and not basic.is_file():
        raise RevopsError(
            "There is no file with names and passwords.",
            f"--basic-auth {basic}",
            'Write one as JSON, {"name": "password"}, readable by the server only.',
        )
    if oauth:
        _check_oauth(oauth, environment)
    if options.production:
        _check_production(options, secret)
    return Access(
        # alone on one machine nobody needs to be known again after a restart
        cookie_secret=secret or secrets.token_hex(SHORTEST_SECRET),
        origins=tuple(host(origin) for origin in options.allow_origin),
        prefix="/" + options.prefix.strip("/") if options.prefix.strip("/") else "",
        basic_auth=str(basic) if basic else None,
        oauth_provider=oauth,
        is_behind_proxy=options.production,
    )


def host(origin: str) -> str:
    """The host and port a browser names: no scheme, and no port where it is the scheme's own."""
    parts = urlsplit(origin if "//" in origin else f"//{origin}")
    return parts.netloc.removesuffix(":443").removesuffix(":80").lower()


def _secret(file: Path | None, environment: Mapping[str, str]) -> str:
    if file is None:
        return environment.get(SECRET, "").strip()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RevopsError(
            "The cookie secret cannot be read.",
            f"--cookie-secret-file {file}: {error}",
            f"Write one there: {NEW_SECRET}",
        ) from None


def _check_oauth(provider: str, environment: Mapping[str, str]) -> None:
    missing = [name for name in OAUTH_NEEDS if not environment.get(name)]
    if missing:
        raise RevopsError(
            f"Logging in with {provider} needs values that are not set.",
            f"environment: {', '.join(missing)}",
            "Set them to what the provider gave you; the redirect leads to this server's /login.",
        )


def _check_production(options: argparse.Namespace, secret: str) -> None:
    if len(secret) < SHORTEST_SECRET:
        raise RevopsError(
            f"Production needs a cookie secret of {SHORTEST_SECRET} characters or more.",
            f"--cookie-secret-file or the environment's {SECRET}",
            f"Make one, and keep it between restarts: {NEW_SECRET}",
        )
    if not options.allow_origin:
        raise RevopsError(
            "Production needs the address that people type.",
            "--allow-origin",
            "Name the host as the browser shows it: --allow-origin dash.example.com",
        )
    if not (options.basic_auth or options.oauth_provider or options.without_login):
        raise RevopsError(
            "Production needs a way to log in.",
            "--basic-auth or --oauth-provider",
            "Give one, or say --without-login where the proxy asks who comes.",
        )
