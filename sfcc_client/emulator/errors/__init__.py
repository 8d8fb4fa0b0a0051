"""What B2C Commerce says when it says no, in its three shapes (and Einstein's own).

::

    Refused
    ├── Problem        SCAPI: title, type, detail (RFC 7807 without `status`)   application/problem+json
    ├── Fault          OCAPI: {"_v", "fault": {"type", "message", "arguments"}}   application/json
    ├── OAuthRefusal   SLAS, Account Manager: {"error", "error_description"}
    └── EinsteinError  {"code", "msg", "errors"}

The wording and the slugs are those of the examples in the official descriptions; `UNVERIFIED_SLUGS` have none. The
tables stand beside this file by what they are about.
"""

from sfcc_client.emulator.errors.problems import UNVERIFIED_SLUGS, slugs
from sfcc_client.emulator.errors.refusals import EinsteinError, Fault, OAuthRefusal, Problem, Refused, unauthorized

__all__ = [
    "UNVERIFIED_SLUGS",
    "EinsteinError",
    "Fault",
    "OAuthRefusal",
    "Problem",
    "Refused",
    "slugs",
    "unauthorized",
]
