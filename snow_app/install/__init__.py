"""Putting the declared app on an instance, checking it, taking it off again, and writing it to a file."""

from snow_app.install.apply import Applied, applied
from snow_app.install.export import UpdateSet, exported
from snow_app.install.fluent import FluentProject, fluent_project
from snow_app.install.plan import Action, Change, Plan, planned
from snow_app.install.uninstall import Removed, uninstalled
from snow_app.install.verify import Finding, Verification, verified

__all__ = [
    "Action",
    "Applied",
    "Change",
    "Finding",
    "FluentProject",
    "Plan",
    "Removed",
    "UpdateSet",
    "Verification",
    "applied",
    "exported",
    "fluent_project",
    "planned",
    "uninstalled",
    "verified",
]
