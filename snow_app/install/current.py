"""The application in which new records land (scoped-app 4.1 to 4.3): switched, proved by a probe row, switched back.

The scope of an insert follows the user's current application, not what the body says, and a wrong one is silent. So the
switch is proved: one probe row is inserted and its scope read back before anything else is written.
"""

from __future__ import annotations

from snow_app import errors
from snow_app.batch import BatchItem
from snow_app.client import PLAIN, TABLE_API, SnowClient
from snow_app.install.journal import PREFIX
from snow_app.install.reading import rows_of
from snow_app.install.survey import CURRENT_APP, Survey, preference_of
from snow_app.query import Query
from snow_app.records.identity import sys_id
from snow_app.row import Record, record

PICKER = "/api/now/ui/concoursepicker/application"
_GLOBAL = "global"
_PROPERTIES = f"{TABLE_API}/sys_properties"


class CurrentApplication:
    """Switches to our application and back. `probe_removal` belongs into the last batch that is written: until then the
    probe row remembers where the user was, should the process die in between."""

    def __init__(self, client: SnowClient, scope: str, app_id: str, survey: Survey) -> None:
        self._client = client
        self._scope = scope
        self._app_id = app_id
        self._before = _chosen_before(survey, app_id)
        self._left_over = survey.probe
        name = f"{scope}.{PREFIX}probe"
        self._probe_id = sys_id(scope, "sys_properties", name)
        self._probe = BatchItem(
            method="POST",
            path=_PROPERTIES,
            values={
                "sys_id": self._probe_id,
                "name": name,
                "suffix": f"{PREFIX}probe",
                "type": "string",
                "value": self._before,
                "description": "Proves in which application new records land; holds the one chosen before.",
            },
        )

    @property
    def probe_removal(self) -> BatchItem:
        return BatchItem(method="DELETE", path=f"{_PROPERTIES}/{self._probe_id}")

    def enter(self) -> None:
        """Switch and prove it. Raises InstallStopped, with at most the application record written, when it fails."""
        if self._left_over:
            self._client.table("sys_properties").delete(self._left_over.sys_id)
        self._client.write_into(self._app_id)
        self._pick(self._app_id)
        landed = self._landed()
        if landed != self._app_id and self._preferred(self._app_id):
            self._client.table("sys_properties").delete(self._probe_id)
            landed = self._landed()
        if landed != self._app_id:
            self._client.table("sys_properties").delete(self._probe_id)
            raise errors.InstallStopped(
                f"New records land in {self._name(landed)} instead of {self._scope}, so nothing was installed. Sign in "
                f"to ServiceNow as {self._client.settings.username or 'the user of the OAuth client'}, choose "
                f"{self._scope} in the application picker, and run apply again."
            )

    def leave(self, *, gone: bool = False) -> None:
        """Switch back to where the user was, if the user is known; to Global when that was our application and it is
        `gone` now."""
        before = _GLOBAL if gone and self._before == self._app_id else self._before
        if self._client.settings.username and before != self._app_id:
            self._pick(before)

    def _pick(self, app_id: str) -> None:
        """The call the page header's picker makes. It is not documented: where it fails, the preference is next."""
        try:
            self._client.request("PUT", PICKER, json={"app_id": app_id})
        except errors.Terminal as refused:
            if isinstance(refused, errors.SignInRefused):
                raise

    def _landed(self) -> str:
        """The scope in which the probe row landed, read back."""
        written = self._client.batch([self._probe])[0]
        if written.error is not None:
            raise errors.InstallStopped(
                f"The probe row cannot be written: {written.error.message} The installer needs the role admin."
            ) from written.error
        stored = self._client.request("GET", f"{_PROPERTIES}/{self._probe_id}", parameters=PLAIN).result()
        return record("sys_properties", stored)["sys_scope"]

    def _preferred(self, app_id: str) -> bool:
        """Write the preference that the picker keeps; False when the user is not known or may not."""
        try:
            return self._prefer(app_id, self._client.settings.username)
        except errors.Forbidden:
            return False

    def _prefer(self, app_id: str, username: str) -> bool:
        if not username:
            return False
        preferences = self._client.table("sys_user_preference")
        current = self._preference(username)
        if current is not None:
            preferences.update(current.sys_id, {"value": app_id})
            return True
        user = self._client.table("sys_user").first(Query().where("user_name", "=", username), fields=("user_name",))
        if user is None or user["user_name"] != username:
            return False
        preferences.insert({"name": CURRENT_APP, "user": user.sys_id, "value": app_id, "type": "string"})
        return True

    def _preference(self, username: str) -> Record | None:
        found = rows_of(self._client, [preference_of(username)])[0]
        return next((row for row in found if row["name"] == CURRENT_APP), None)

    def _name(self, landed: str) -> str:
        return "the Global application" if landed in ("", "global") else f"the application with sys_id {landed}"


def _chosen_before(survey: Survey, app_id: str) -> str:
    """The application the user works in, Global when none was ever chosen. Who stands in ours because an apply died
    there was elsewhere before: the probe row it left says where."""
    chosen = survey.current_app["value"] if survey.current_app else ""
    if chosen == app_id and survey.probe is not None:
        chosen = survey.probe["value"]
    return chosen or _GLOBAL
