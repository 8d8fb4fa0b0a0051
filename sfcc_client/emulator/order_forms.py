"""What writes to orders, baskets and customers may look like, as far as several operations share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator.bodies import Members, Shape, Text

LINE, NAME = Text(most=256), Text(least=1, most=256)
ADDRESS_MEMBERS: Mapping[str, Shape] = {
    **dict.fromkeys(
        (
            *("address1", "address2", "city", "companyName", "firstName", "fullName", "jobTitle", "lastName", "phone"),
            *("postBox", "postalCode", "salutation", "secondName", "stateCode", "suffix", "suite", "title"),
        ),
        LINE,
    ),
    "countryCode": Text(pattern="[A-Z][A-Z]"),
}
ADDRESS = Members(known=ADDRESS_MEMBERS, custom="OrderAddress")


def named(address: Mapping[str, Any]) -> dict[str, Any]:
    """An address whose full name follows from its parts when it is not given."""
    name = " ".join(address[part] for part in ("firstName", "lastName") if address.get(part))
    return {**({"fullName": name} if name else {}), **address}
