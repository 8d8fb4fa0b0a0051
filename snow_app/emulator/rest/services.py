"""Routes of the service APIs beyond the Table API; what is no file answers JSON only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from snow_app.emulator.imports import loading
from snow_app.emulator.instance import Instance
from snow_app.emulator.rest import (
    attachment_attributes,
    case,
    case_details,
    change,
    change_conflicts,
    change_progress,
    change_workers,
    cicd,
    cicd_update_sets,
    import_set,
    knowledge,
)
from snow_app.emulator.rest.request import Reply

_VERSION = r"(?:/(?P<version>v\d))?"
_ATTRIBUTES = rf"/api/now{_VERSION}/attachment/(?P<sys_id>[^/]+)/attributes"
_IMPORT = rf"/api/now{_VERSION}/import"
_CASE = rf"/api/sn_customerservice{_VERSION}/case"
_CHANGE = rf"/api/sn_chg_rest{_VERSION}/change"
_ONE = rf"{_CHANGE}/(?P<sys_id>[^/]+)"
_ARTICLES = rf"/api/sn_km_api{_VERSION}/knowledge/articles"
_CICD = rf"/api/sn_cicd{_VERSION}"
_INACTIVE = "|".join(
    (
        "app_repo/(?:install|publish|rollback)",
        "app/batch/(?:install|rollback/[^/]+)",
        "plugin/[^/]+/rollback",
        "sc/(?:import|apply_changes|apply_stash/[^/]+)",
        "instance_scan/(?:full_scan|point_scan|suite_scan/.+)",
    )
)
_KIND = rf"{_CHANGE}/(?P<kind>normal|standard|emergency)"

SERVICES: Final[tuple[tuple[str, dict[str, Callable[..., Reply]]], ...]] = (
    (
        _ATTRIBUTES,
        {
            "GET": attachment_attributes.listed,
            "POST": attachment_attributes.added,
            "DELETE": attachment_attributes.removed,
        },
    ),
    (
        rf"{_ATTRIBUTES}/(?P<key>[^/]+)",
        {
            "GET": attachment_attributes.found,
            "PUT": attachment_attributes.changed,
            "DELETE": attachment_attributes.removed,
        },
    ),
    (rf"{_IMPORT}/(?P<name>[^/]+)", {"POST": import_set.created}),
    (rf"{_IMPORT}/(?P<name>[^/]+)/insertMultiple", {"POST": import_set.created_together}),
    (rf"{_IMPORT}/(?P<name>[^/]+)/(?P<sys_id>[^/]+)", {"GET": import_set.found}),
    (_CASE, {"GET": case.listed, "POST": case.created}),
    (rf"{_CASE}/field_values/(?P<field>[^/]+)", {"GET": case_details.field_values}),
    (rf"{_CASE}/(?P<case>[^/]+)", {"GET": case.found, "PUT": case.updated}),
    (rf"{_CASE}/(?P<case>[^/]+)/activities", {"GET": case_details.activities}),
    (rf"{_CASE}/(?P<case>[^/]+)/field_values/(?P<field>[^/]+)", {"GET": case_details.field_values_of}),
    (_CHANGE, {"GET": change.changes, "POST": change.created}),
    (rf"{_CHANGE}/model", {"GET": change.models}),
    (rf"{_CHANGE}/model/(?P<sys_id>[^/]+)", {"GET": change.model}),
    (rf"{_CHANGE}/worker/(?P<sys_id>[^/]+)", {"GET": change_workers.worker}),
    (rf"{_CHANGE}/ci/(?P<item>[^/]+)/schedule", {"GET": change_workers.item_schedule}),
    (rf"{_CHANGE}/standard/template", {"GET": change.templates}),
    (rf"{_CHANGE}/standard/template/(?P<sys_id>[^/]+)", {"GET": change.template}),
    (rf"{_CHANGE}/standard/(?P<sys_id>[^/]+)/risk", {"PATCH": change_conflicts.risk}),
    (_KIND, {"GET": change.changes, "POST": change.created_of_kind}),
    (
        rf"{_KIND}/(?P<sys_id>[^/]+)",
        {
            "GET": change.change_of_kind,
            "PATCH": change.updated_of_kind,
            "DELETE": change.deleted_of_kind,
            "POST": change.created_from_template,
        },
    ),
    (_ONE, {"GET": change.change, "PATCH": change.updated, "DELETE": change.deleted}),
    (rf"{_ONE}/task", {"GET": change.tasks, "POST": change.task_created}),
    (rf"{_ONE}/task/(?P<task>[^/]+)", {"PATCH": change.task_updated, "DELETE": change.task_deleted}),
    (rf"{_ONE}/nextstates", {"GET": change_progress.next_states}),
    (rf"{_ONE}/approvals", {"PATCH": change_progress.approved}),
    (rf"{_ONE}/ci", {"GET": change_workers.items, "POST": change_workers.items_added}),
    (rf"{_ONE}/refresh_impacted_services", {"POST": change_workers.services_refreshed}),
    (rf"{_ONE}/schedule", {"GET": change_workers.schedule}),
    (rf"{_ONE}/schedule/first_available", {"PATCH": change_workers.first_available}),
    (
        rf"{_ONE}/conflict",
        {"GET": change_conflicts.status, "POST": change_conflicts.checked, "DELETE": change_conflicts.stopped},
    ),
    (_ARTICLES, {"GET": knowledge.searched}),
    (rf"{_ARTICLES}/featured", {"GET": knowledge.featured}),
    (rf"{_ARTICLES}/most_viewed", {"GET": knowledge.most_viewed}),
    (rf"{_ARTICLES}/(?P<key>[^/]+)", {"GET": knowledge.article}),
    (rf"{_CICD}/progress/(?P<sys_id>[^/]+)", {"GET": cicd.progress}),
    (rf"{_CICD}/update_set/create", {"POST": cicd_update_sets.created}),
    (rf"{_CICD}/update_set/retrieve", {"POST": cicd_update_sets.retrieval}),
    (rf"{_CICD}/update_set/preview/(?P<sys_id>[^/]+)", {"POST": cicd_update_sets.preview}),
    (rf"{_CICD}/update_set/commit/(?P<sys_id>[^/]+)", {"POST": cicd_update_sets.commit}),
    (rf"{_CICD}/update_set/commitMultiple", {"POST": cicd_update_sets.commit_several}),
    (rf"{_CICD}/update_set/back_out", {"POST": cicd_update_sets.back_out}),
    (rf"{_CICD}/plugin/(?P<plugin>[^/]+)/activate", {"POST": cicd.plugin_activated}),
    (rf"{_CICD}/testsuite/run", {"POST": cicd.suite_run}),
    (rf"{_CICD}/testsuite/results/(?P<sys_id>[^/]+)", {"GET": cicd.suite_results}),
    (rf"{_CICD}/(?P<what>{_INACTIVE})", {"POST": cicd.inactive}),
    (rf"{_CICD}/(?P<what>(?:app/batch/results|instance_scan/result)/[^/]+)", {"GET": cicd.inactive}),
)
"""Path pattern → method → handler; the first match counts."""

FILES: Final[tuple[tuple[str, dict[str, Callable[..., Reply]]], ...]] = (
    (rf"{_ARTICLES}/(?P<key>[^/]+)/attachments/(?P<attachment>[^/]+)", {"GET": knowledge.downloaded}),
)
"""Routes that answer whatever type a file has."""

_OPEN: Final = re.compile(rf"{_ARTICLES}(?:/|$)")


def public(instance: Instance, path: str) -> bool:
    """Whether a path is served without a sign-in: knowledge is, unless a property says otherwise."""
    return bool(_OPEN.match(path)) and instance.property("emulator.rest.knowledge.public") == "true"


def attach(instance: Instance) -> None:
    """Have the services do the work they put off, also what waited when the instance was stopped."""
    instance.does(loading.WORK, loading.process)
    instance.does(change_workers.WORK, change_workers.work)
    instance.does(change_conflicts.WORK, change_conflicts.check)
    instance.does(cicd.WORK, cicd_update_sets.work)
