"""What is taken out of free text before an event is stored: what a shopper or a log line must never have left there.

Card numbers with their codes and dates, bank accounts, session ids, tokens and passwords go; order and tracking
numbers stay. E-mail addresses stay too: a case needs them, and flows keep them out of records for IT.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from sidecar.observe.cards import without_cards

_SESSION = (
    r"dwsid|dwsecuretoken\w*|dwsgst|dwac_\w+|dwanonymous_\w+|dwpersonali[sz]ation_\w+|dwsourcecode_\w+|jsessionid"
    r"|session[_ -]?id|sid|csrf_?token|cc-(?:nx|at|sg)[\w-]*|usid\w*|cquid|__cf_bm|cf_clearance"
)
_KEYS = (
    r"client_?secret|access_?token|refresh_?token|id_?token|creditcard_?token|payment_?token|reset_?token|token|secret"
    r"|api[_ -]?key|authorization|x-[\w-]{0,40}(?:key|token)"
)
_WORDS = (
    r"pass\s?word|passwd|pwd|pass\s?code|kennwort|passwort|mot de passe|contrase(?:ñ|n)a|hasło|wachtwoord|パスワード"
)
_CODE = (
    r"cvv2?|cvc2?|cvn|card (?:security|verification) (?:code|number|value)|security code|prüfziffer|prüfnummer"
    r"|kartenprüfnummer|sicherheitscode|cryptogramme(?: visuel)?|code de sécurité|código de seguridad"
    r"|セキュリティコード"
)
_EXPIRY = (
    r"exp(?:iry|ires|iration)?(?: ?date)?\.?|valid (?:thru|until|to)|gültig bis|ablaufdatum|expire le|caduca|有効期限"
)
_NAMED = r"[\"']?+\s{0,3}+(?:[:=]|%3[aAdD]|\bis\b|\bist\b|\best\b|は)\s{0,3}+[\"']?+"
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b")


def _iban(found: re.Match[str]) -> str:
    """ISO 13616: moved to the front and read as a number, the remainder by 97 is 1."""
    plain = re.sub(r"[ -]", "", found[0])
    for length in range(min(len(plain), 34), 14, -1):
        part = plain[4:length] + plain[:4]
        if int("".join(str(int(character, 36)) for character in part)) % 97 == 1:
            return "[bank account]" + _after(found[0], length)
    return found[0]


def _after(text: str, count: int) -> str:
    """What follows the first `count` letters and digits."""
    places = [place for place, character in enumerate(text) if character not in " -"]
    return text[places[count - 1] + 1 :]


_GIVEN = r"[\"']?+\s{0,3}+(?:[:=]|%3[aAdD])\s{0,3}+[\"']?+"

# What a text must hold before a class can find anything in it; looking for this costs far less than the class.
_NEEDED: Mapping[str, re.Pattern[str]] = {
    "separator": re.compile(r"[:=]|%3[aAdD]"),
    "naming": re.compile(r"[:=は]|%3[aAdD]|\bis\b|\bist\b|\best\b", re.IGNORECASE),
    "digit": re.compile(r"\d"),
}
_CLASSES: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("separator", re.compile(r"(?i)(?<![a-z0-9])((?:set-)?cookie)(\s{0,3}+:\s{0,3}+)(?!\[)[^\n]+"), r"\1\2[session]"),
    ("", re.compile(r"\b(bearer|basic)\s++(?!\[)[A-Za-z0-9+/=_.~-]{6,}", re.IGNORECASE), r"\1 [token]"),
    ("", re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*"), "[token]"),
    (
        "",
        re.compile(r"\b(?:whsec_[A-Za-z0-9+/=]{16,}|snow_[0-9a-f]{12}\.[\w-]{16,}|sk_(?:live|test)_\w{8,})"),
        "[token]",
    ),
    (
        "naming",
        re.compile(rf"(?i)(?<![a-z0-9])({_SESSION})({_NAMED})(?!\[)[^\s;,&\"'<>|)\]]+"),
        r"\1\2[session]",
    ),
    (
        "separator",
        re.compile(rf"(?i)(?<![a-z0-9])({_KEYS})({_GIVEN})(?!\[|(?:bearer|basic)\b)[^\s;,&\"'<>|)\]]+"),
        r"\1\2[token]",
    ),
    ("naming", re.compile(rf"(?i)(?<![a-z0-9])({_WORDS})({_NAMED})(?!\[)[^\s;,&\"'<>|]+"), r"\1\2[password]"),
    ("digit", _IBAN, _iban),
    ("digit", re.compile(r".+", re.DOTALL), lambda found: without_cards(found[0])),
    ("digit", re.compile(rf"(?i)(?<![a-z0-9])({_CODE})(\D{{0,12}})\d{{3,4}}(?!\d)"), r"\1\2[code]"),
    (
        "digit",
        re.compile(rf"(?i)(?<![a-z0-9])({_EXPIRY})([^\d\n]{{0,4}})\d{{1,2}}\s?[/.-]\s?\d{{2,4}}(?!\d)"),
        r"\1\2[date]",
    ),
    ("digit", re.compile(r"(\[card\]\D{0,12})\d{1,2}\s?[/.-]\s?\d{2,4}(?!\d)"), r"\1[date]"),
    ("digit", re.compile(r"(\[card\](?:\D{0,4}\[date\])?[\s,;/|-]{0,3})\d{3,4}(?!\d)"), r"\1[code]"),
)


def scrubbed(text: str) -> str:
    """`text` without secrets and payment data; scrubbing twice changes nothing more."""
    held = {"": True} | {name: pattern.search(text) is not None for name, pattern in _NEEDED.items()}
    for needed, pattern, replacement in _CLASSES:
        if held[needed]:
            text = pattern.sub(replacement, text)
    return text


def scrubbed_data(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """`data`, which fits `schema`, with its free texts scrubbed: strings that no pattern and no choice limits. None
    becomes longer than it was, so that it still fits."""
    known = {field.data_key or name: field for name, field in schema.fields.items()}
    return {name: _value(known.get(name), value) for name, value in data.items()}


def _value(field: fields.Field[Any] | None, value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(value)[: len(value)] if _is_free(field) else value
    if isinstance(field, fields.Nested) and isinstance(value, Mapping):
        return scrubbed_data(field.schema, value)
    if isinstance(value, list):
        inner = field.inner if isinstance(field, fields.List) else field
        return [_value(inner, one) for one in value]
    if isinstance(value, Mapping):
        return {name: _value(None, one) for name, one in value.items()}
    return value


def _is_free(field: fields.Field[Any] | None) -> bool:
    if field is None:
        return True
    limited = any(isinstance(check, validate.Regexp | validate.OneOf) for check in field.validators)
    return isinstance(field, fields.String) and not limited
