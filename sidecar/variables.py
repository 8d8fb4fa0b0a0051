"""How one dataclass field is one environment variable: kinds, checks, secrets, and all errors at once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import urlsplit

from environs import Env, EnvValidationError
from marshmallow import RAISE, Schema, ValidationError, validate
from marshmallow import fields as wire

ENV_FILE = ".env"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")
KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")


class InvalidSettings(Exception):  # noqa: N818 - reads as what it says
    """Environment variables that cannot be used; `problems` says for each name what is wrong, never the value."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        self.problems = dict(problems)
        lines = (f"{name}: {' '.join(found)}" for name, found in sorted(self.problems.items()))
        super().__init__("These settings cannot be used:\n  " + "\n  ".join(lines))


class Secret:
    """A value that never prints itself; `value` is the only way to it."""

    __slots__ = ("value",)

    def __init__(self, value: str = "") -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret('********')" if self.value else "Secret('')"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)


NO_SECRET = Secret()


class SiteSchema(Schema):
    """One storefront in ``SFCC_SITES``."""

    site_id = wire.String(required=True, validate=validate.Length(1, 32))
    customer_list_id = wire.String(required=True, validate=validate.Length(1, 32))
    label = wire.String()
    locale = wire.String()
    currency = wire.String(validate=validate.Regexp(r"^([A-Z]{3})?$"))

    class Meta:
        unknown = RAISE


def _sites(value: Any) -> tuple[dict[str, str], ...]:
    if not isinstance(value, list) or not value:
        raise ValidationError("Not a JSON list with at least one site.")
    return tuple(SiteSchema(many=True).load(value))


def _names(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise ValidationError("Not a JSON object of strings.")
    return dict(value)


def _url(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValidationError("Not a plain URL with a host.")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise ValidationError("Must start with https:// (plain http is for loopback hosts only).")
    return value.rstrip("/")


def _database(value: str) -> Secret:
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValidationError("Must start with sqlite:/// or postgresql://.")
    return Secret(value)


def _origins(value: list[str]) -> tuple[str, ...]:
    origins = tuple(_url(item.strip()) for item in value if item.strip())
    if any(urlsplit(origin).path for origin in origins):
        raise ValidationError("An origin has no path.")
    return origins


def _hosts(value: list[str]) -> tuple[str, ...]:
    hosts = tuple(item.strip().lower() for item in value if item.strip())
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValidationError("Not a list of host names.")
    return hosts


def _percentages(value: Any) -> dict[str, Decimal]:
    try:
        found = {str(name): Decimal(str(number)) for name, number in value.items()}
    except (AttributeError, InvalidOperation):
        raise ValidationError("Not a JSON object of numbers.") from None
    if not all(0 < number < 100 for number in found.values()):
        raise ValidationError("A percentage lies between 0 and 100.")
    return found


def _keys(value: dict[str, str]) -> dict[str, Secret]:
    if not all(_KEY_ID.fullmatch(kid) and KEY.fullmatch(key) for kid, key in value.items()):
        raise ValidationError("Not a list of id=key, each key 32 bytes in URL-safe base64.")
    return {kid: Secret(key.rstrip("=") + "=") for kid, key in value.items()}


def _webhook_secrets(value: dict[str, str]) -> dict[str, Secret]:
    """Standard Webhooks 1.0.0: 24 to 64 bytes."""
    if not all(_KEY_ID.fullmatch(kid) and 24 <= _length(secret) <= 64 for kid, secret in value.items()):
        raise ValidationError("Not a list of id=whsec_…, each secret 24 to 64 bytes in base64.")
    return {kid: Secret(secret) for kid, secret in value.items()}


def _length(secret: str) -> int:
    try:
        return len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) if secret[:6] == "whsec_" else 0
    except binascii.Error:
        return 0


class _Kind(NamedTuple):
    """How one type of variable is read: the environs method, then our own check."""

    method: str
    convert: Callable[[Any], Any] = lambda value: value


KINDS: Mapping[str, _Kind] = {
    "text": _Kind("str"),
    "secret": _Kind("str", Secret),
    "url": _Kind("str", _url),
    "database": _Kind("str", _database),
    "origins": _Kind("list", _origins),
    "hosts": _Kind("list", _hosts),
    "percentages": _Kind("json", _percentages),
    "keys": _Kind("dict", _keys),
    "webhook secrets": _Kind("dict", _webhook_secrets),
    "integer": _Kind("int"),
    "number": _Kind("float"),
    "switch": _Kind("bool"),
    "path": _Kind("path"),
    "sites": _Kind("json", _sites),
    "names": _Kind("json", _names),
}


def variable(
    meaning: str,
    *,
    kind: str = "text",
    default: Any = MISSING,
    choices: tuple[str, ...] = (),
    within: tuple[float, float] | None = None,
    shown: str | None = None,
) -> Any:
    """A dataclass field that is one environment variable.

    Without `default` it must be set. `choices` are the texts allowed, `within` the lowest and highest number. `shown`
    describes a default that is worked out elsewhere.
    """
    metadata = {"meaning": meaning, "kind": kind, "choices": choices, "within": within, "shown": shown}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


def _default(spec: Field[Any]) -> Any:
    return spec.default if spec.default_factory is MISSING else spec.default_factory()


def _value(env: Env, name: str, spec: Field[Any], problems: dict[str, list[str]]) -> Any:
    kind = KINDS[spec.metadata["kind"]]
    default = _default(spec)
    checks: list[Callable[[Any], Any]] = []
    if spec.metadata["choices"]:
        checks.append(validate.OneOf(spec.metadata["choices"]))
    if spec.metadata["within"]:
        checks.append(validate.Range(*spec.metadata["within"]))
    raw = getattr(env, kind.method)(name, default if default is not MISSING else ..., validate=checks or None)
    if raw is None or raw is default:
        return raw
    try:
        return kind.convert(raw)
    except ValidationError as error:
        problems[name] = _sentences(error.messages)
        return None


def _sentences(messages: Any) -> list[str]:
    """Marshmallow's messages without their tree; a variable's name already says where."""
    if isinstance(messages, dict):
        return [f"{key}: {text}" for key, inner in messages.items() for text in _sentences(inner)]
    return [str(text) for text in messages]


class Section:
    """What the three sections share: one prefix, and being read from the environment."""

    __slots__ = ()
    prefix: ClassVar[str]

    @classmethod
    def read(cls, env_file: Path | str | None = ENV_FILE) -> Self:
        """This section alone. Raises InvalidSettings naming every mistake in it."""
        (section,) = sections_read((cls,), env_file)
        return section  # type: ignore[return-value]

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with the section as a whole, by variable name."""
        return {}


def sections_read(kinds: tuple[type[Section], ...], env_file: Path | str | None) -> tuple[Section, ...]:
    """Several sections from one environment. Raises InvalidSettings naming every mistake in all of them."""
    env = Env(eager=False)
    if env_file is not None:
        env.read_env(Path.cwd() / env_file, recurse=False)
    problems: dict[str, list[str]] = {}
    values = [
        {spec.name: _value(env, kind.prefix + spec.name.upper(), spec, problems) for spec in fields(kind)}  # type: ignore[arg-type]
        for kind in kinds
    ]
    try:
        env.seal()
    except EnvValidationError as error:
        found = error.error_messages
        problems.update(found if isinstance(found, Mapping) else {"": found})
    sections = []
    for kind, given in zip(kinds, values, strict=True):
        if any(name.startswith(kind.prefix) for name in problems):
            continue
        section = kind(**given)
        problems.update(section.problems())
        sections.append(section)
    if problems:
        raise InvalidSettings(problems)
    return tuple(sections)


def shown_default(spec: Field[Any]) -> str | None:
    """The default as people read it; None when the variable must be set."""
    default = _default(spec)
    if spec.metadata["shown"]:
        return str(spec.metadata["shown"])
    if default is MISSING:
        return None
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, (Secret, tuple, dict)):
        return ""
    return str(default)
