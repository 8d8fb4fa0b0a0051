"""The one error of the import."""

from __future__ import annotations


class BadArchive(ValueError):  # noqa: N818
    """The archive cannot be imported; the message says in one line which file and line of it, and why.

    Nothing of a refused archive is loaded. The message names elements, attributes, numbers of orders and customers and
    words that were expected, never a value that tells about a person.
    """
