"""Invented people by country: names, addresses, phone numbers kept free for fiction, reserved mail domains."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Country:
    """What people of one country are called and where they live; `romanised` gives e-mail addresses their letters."""

    code: str
    locale: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    phone: str
    street_first: bool = True
    romanised: dict[str, str] | None = None


GERMANY = Country(
    "DE",
    "de-DE",
    _words(
        "Anna Ben Clara Daniel Elif Emma Felix Greta Hannah Ibrahim Jana Jonas Jürgen Katharina Lena Leon "
        "Lukas Marie Mehmet Mia Nele Niklas Nora Oskar Paula Paul Rosa Sophie Stefan Theo Ümit Vera Yasmin "
        "Zoë"
    ),
    _words(
        "Albrecht Baumann Bergmann Brandt Dietrich Engel Falk Fischer Friedrich Graf Günther Hartmann "
        "Hoffmann Jäger Kaya Keller Köhler Kowalczyk Krüger Lang Lehmann Lindner Maurer Neumann Nguyen Otto "
        "Pohl Reuter Richter Sauer Schäfer Schröder Seidel Sommer Vogt Wagner Weiß Yıldız Ziegler"
    ),
    (
        ("10115", "Berlin"),
        ("20095", "Hamburg"),
        ("80331", "München"),
        ("50667", "Köln"),
        ("04109", "Leipzig"),
        ("01067", "Dresden"),
        ("70173", "Stuttgart"),
        ("28195", "Bremen"),
    ),
    ("Lindenstraße", "Am Mühlbach", "Gartenweg", "Schillerstraße", "Bergstraße", "An der Alten Gärtnerei"),
    "+49 30 23125 {:03d}",
)
BRITAIN = Country(
    "GB",
    "en-GB",
    _words(
        "Aisha Alfie Amelia Arjun Beth Callum Charlotte Daisy Dylan Eilidh Elsie Finlay Freya George Grace "
        "Harry Imogen Isla Jack Kwame Lily Maya Niamh Oliver Poppy Rhys Saoirse Thomas Zara"
    ),
    _words(
        "Adeyemi Ainsworth Begum Bennett Campbell Chowdhury Clarke Davies Ellis Fletcher Graham Hughes "
        "Jenkins Khan Lloyd MacLeod Morgan Murphy O'Brien Okafor Patel Pritchard Reid Shaw Sinclair Thornton "
        "Walsh Whitaker"
    ),
    (
        ("EH1 1YZ", "Edinburgh"),
        ("M1 1AE", "Manchester"),
        ("BS1 4DJ", "Bristol"),
        ("LS1 4AP", "Leeds"),
        ("CF10 1EP", "Cardiff"),
        ("SW1A 1AA", "London"),
        ("BT1 5GS", "Belfast"),
    ),
    ("High Street", "Station Road", "Church Lane", "Victoria Terrace", "Mill Hill", "The Crescent"),
    "+44 7700 900{:03d}",
    street_first=False,
)
_KANA = {
    **{"佐藤": "sato", "鈴木": "suzuki", "高橋": "takahashi", "田中": "tanaka", "伊藤": "ito", "渡辺": "watanabe"},
    **{"山本": "yamamoto", "中村": "nakamura", "小林": "kobayashi", "加藤": "kato", "吉田": "yoshida", "森": "mori"},
    **{"陽菜": "hina", "蓮": "ren", "葵": "aoi", "湊": "minato", "さくら": "sakura", "大翔": "hiroto"},
    **{"結衣": "yui", "悠真": "yuma", "美咲": "misaki", "健太": "kenta", "凛": "rin", "翔太": "shota"},
}
_JAPANESE = tuple(_KANA)
JAPAN = Country(
    "JP",
    "ja-JP",
    _JAPANESE[12:],
    _JAPANESE[:12],
    (
        ("100-0001", "千代田区"),
        ("530-0001", "大阪市北区"),
        ("600-8216", "京都市下京区"),
        ("060-0042", "札幌市中央区"),
        ("810-0001", "福岡市中央区"),
    ),
    ("大通西", "中央", "本町", "桜木町", "旭ヶ丘"),
    "+81 90-5550-0{:03d}",
    street_first=True,
    romanised=_KANA,
)


class People:
    """Draws people of a country; no two get the same e-mail address."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._mails: set[str] = {"mara.k@example.com"}
        self._drawn = 0

    def person(self, country: Country) -> dict[str, str]:
        """First and last name, e-mail address and phone number."""
        random = self._random
        self._drawn += 1
        first, last = random.choice(country.first_names), random.choice(country.last_names)
        return {
            "firstName": first,
            "lastName": last,
            "email": self._mail(first, last, country),
            "phone": country.phone.format(self._drawn % 1000),
        }

    def address(self, country: Country, person: dict[str, str], name: str = "home") -> dict[str, Any]:
        """An address document (Customers API, schema CustomerAddress)."""
        random = self._random
        postal_code, city = random.choice(country.places)
        street, number = random.choice(country.streets), str(random.randrange(1, 180))
        return {
            "addressId": name,
            "firstName": person["firstName"],
            "lastName": person["lastName"],
            "fullName": full_name(person, country),
            "address1": f"{street} {number}" if country.street_first else f"{number} {street}",
            "postalCode": postal_code,
            "city": city,
            "countryCode": country.code,
            "phone": person["phone"],
        }

    def _mail(self, first: str, last: str, country: Country) -> str:
        local = ".".join(_ascii(part, country) for part in (first, last))
        for suffix in ("", *map(str, range(2, 100))):
            for domain in _DOMAINS:
                mail = f"{local}{suffix}@{domain}"
                if mail not in self._mails:
                    self._mails.add(mail)
                    return mail
        raise ValueError("too many people of one name")


def full_name(person: dict[str, str], country: Country) -> str:
    names = (person["lastName"], person["firstName"]) if country is JAPAN else (person["firstName"], person["lastName"])
    return " ".join(names)


def _ascii(name: str, country: Country) -> str:
    if country.romanised is not None:
        return country.romanised[name]
    plain = name.lower().replace("ß", "ss").replace("ı", "i").replace("'", "")
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        plain = plain.replace(umlaut, letters)
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
