"""Which service words the insights: `[insights]` of revops.toml, absent by default."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from revops.errors import ConfigError
from revops.refusals import suggestion

RULES, COMPATIBLE = "rules", "openai-compatible"
PROVIDERS = (RULES, COMPATIBLE)
KEYS = ("provider", "url", "model", "key_env", "timeout_seconds")
# Names the file for readers that are not started by hand, as a container is.
VARIABLE = "REVOPS_CONFIG"
PLACES = (Path("data/revops.toml"), Path("revops.toml"))
LONGEST_SECONDS = 300
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Service:
    """An OpenAI-compatible service; its key is in the environment variable `key_env`."""

    url: str
    model: str
    key_env: str = ""
    timeout_seconds: float = 20.0

    @property
    def host(self) -> str:
        """Who gets what is sent."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine."""
        return urlsplit(self.url).hostname in LOOPBACK


def find(explicit: Path | None = None) -> Service | None:
    """The service named by a configuration file; None when the rules speak for themselves.

    The file is the one given, else that of REVOPS_CONFIG, else data/revops.toml, else
    revops.toml. Raises ConfigError.
    """
    named = explicit or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    path = named or next((place for place in PLACES if place.is_file()), None)
    if path is None:
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            "The configuration cannot be read.", str(path), error.strerror or "Check the path."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The configuration is not TOML: {error}.", str(path), "Mend that line."
        ) from None
    return read(values.get("insights", {}), str(path))


def read(values: Any, where: str) -> Service | None:
    """The service that the table `[insights]` names. Raises ConfigError."""
    if not isinstance(values, Mapping):
        raise ConfigError("insights is no table.", where, "Write it as [insights].")
    for key in values:
        if key not in KEYS:
            raise ConfigError(f"There is no key insights.{key}.", where, suggestion(key, [*KEYS]))
    provider = _text(values, "provider", where, RULES)
    if provider not in PROVIDERS:
        raise ConfigError(
            f"There is no provider {provider!r}.", where, suggestion(provider, [*PROVIDERS])
        )
    service = Service(
        url=_text(values, "url", where),
        model=_text(values, "model", where),
        key_env=_text(values, "key_env", where),
        timeout_seconds=_seconds(values, where),
    )
    if provider == RULES:
        return None
    _check(service, where)
    return service


def _check(service: Service, where: str) -> None:
    if not service.model:
        raise ConfigError("insights.model is missing.", where, "Name the model of the service.")
    parts = urlsplit(service.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ConfigError(
            f"insights.url is no address of a service: {service.url!r}.",
            where,
            'Write it as "https://host/v1"; a key belongs in the variable that key_env names.',
        )
    if parts.scheme == "http" and not service.is_local:
        raise ConfigError(
            "insights.url would send over the network unencrypted.",
            where,
            "Write https, or run the service on this machine.",
        )


def _text(values: Mapping[str, Any], key: str, where: str, default: str = "") -> str:
    value = values.get(key, default)
    if not isinstance(value, str):
        raise ConfigError(f"insights.{key} is no text.", where, f'Write {key} = "…".')
    return value.strip()


def _seconds(values: Mapping[str, Any], where: str) -> float:
    value = values.get("timeout_seconds", Service.timeout_seconds)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value <= LONGEST_SECONDS:
        raise ConfigError(
            f"insights.timeout_seconds = {value!r} is no waiting time.",
            where,
            f"Write a number of seconds up to {LONGEST_SECONDS}.",
        )
    return float(value)
