"""Typed tables: declared rows, values with their displays, and the table that speaks them."""

from snow_app.tables.cases import Case, Cases
from snow_app.tables.changes import Change, ChangeTask
from snow_app.tables.incidents import Incident
from snow_app.tables.knowledge import Article
from snow_app.tables.problems import Problem, ProblemTask
from snow_app.tables.row import Row
from snow_app.tables.service_cases import ServiceCase
from snow_app.tables.service_levels import TaskSla
from snow_app.tables.tasks import Task
from snow_app.tables.typed import TypedTable
from snow_app.tables.users import Group, User
from snow_app.tables.values import Choice, Entry, Journal, Reference

__all__ = [
    "Article",
    "Case",
    "Cases",
    "Change",
    "ChangeTask",
    "Choice",
    "Entry",
    "Group",
    "Incident",
    "Journal",
    "Problem",
    "ProblemTask",
    "Reference",
    "Row",
    "ServiceCase",
    "Task",
    "TaskSla",
    "TypedTable",
    "User",
]
