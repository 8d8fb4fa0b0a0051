"""The app as a project of the ServiceNow SDK (``now-sdk``), for people who deploy with it."""

from snow_app.install.fluent.project import FluentProject, fluent_project

__all__ = ["FluentProject", "fluent_project"]
