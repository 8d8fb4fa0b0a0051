"""Who a configuration record is: its natural key on the platform and its sys_id, which we choose ourselves."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from snow_app.errors import UnsafeQuery

_NAMESPACE = uuid.UUID("b7c1d2de-52f3-5a0c-9d25-6b0a4c1e7f10")
SYS_ID = re.compile(r"[0-9A-Za-z]{32}")

# The platform's own coalesce keys. Tables that are absent are known by sys_id alone.
NATURAL_KEYS: Mapping[str, tuple[str, ...]] = {
    "sys_app": ("scope",),
    "sys_choice": ("name", "element", "value", "language", "dependent_value"),
    "sys_choice_set": ("name", "element"),
    "sys_db_object": ("name",),
    "sys_dictionary": ("name", "element"),
    "sys_documentation": ("name", "element", "language"),
    "sys_element_mapping": ("field", "table", "id"),
    "sys_properties": ("name",),
    "sys_rest_message_fn": ("rest_message", "function_name"),
    "sys_script_include": ("api_name",),
    "sys_security_acl_role": ("sys_security_acl", "sys_user_role"),
    "sys_ui_element": ("sys_ui_section", "element", "position"),
    "sys_ui_form": ("name", "view", "sys_domain"),
    "sys_ui_form_section": ("sys_ui_form", "sys_ui_section"),
    "sys_ui_page": ("name",),
    "sys_ui_section": ("name", "caption", "view", "sys_domain"),
    "sys_user_role": ("name",),
    "sys_user_role_contains": ("role", "contains"),
    "sys_variable_value": ("document", "document_key", "variable"),
}


def sys_id(scope: str, table: str, name: str) -> str:
    """The sys_id of our record `name` in `table`: 32 lower-case hexadecimal characters, the same on every instance."""
    return uuid.uuid5(_NAMESPACE, "\n".join((scope, table, name))).hex


def checked(sys_id: str) -> str:
    """The sys_id. Raises UnsafeQuery for anything that is none, so that it can stand in a path."""
    if not SYS_ID.fullmatch(sys_id):
        raise UnsafeQuery("A sys_id has 32 letters and digits.")
    return sys_id
