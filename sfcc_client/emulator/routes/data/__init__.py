"""OCAPI Data 25.6, any version: each family of resources in a file of its own, all behind one door."""

from sfcc_client.emulator.routes.data import (
    code_versions,
    custom_objects,
    customer_lists,
    definitions,
    jobs,
    libraries,
    orders,
    sites,
)
from sfcc_client.emulator.routes.data.door import PREFIXES, blueprint

__all__ = [
    "PREFIXES",
    "blueprint",
    "code_versions",
    "custom_objects",
    "customer_lists",
    "definitions",
    "jobs",
    "libraries",
    "orders",
    "sites",
]
