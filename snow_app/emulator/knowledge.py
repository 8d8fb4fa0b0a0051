"""Who may read which knowledge: published, valid articles of bases whose user criteria admit the user.

A base without *can read* criteria is open to everybody; a matching *cannot read* criterion always wins, an article's
own criteria count besides. Access controls of kb_knowledge are the Table API's concern.
Source: product documentation, "Managing access to knowledge bases and knowledge articles".
"""

from __future__ import annotations

from collections.abc import Iterable

from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import stored

_BY_COLUMN = {"company": "company", "department": "department", "location": "location"}
"""Criterion → the user's column it is about."""


class Readable:
    """What one user may read; criteria are looked at once."""

    def __init__(self, session: Session) -> None:
        self._session, self._records = session, session.instance.records
        self._user = self._records.get("sys_user", session.user.sys_id) or {}
        self._groups = {row["group"] for row in self._records.all("sys_user_grmember", user=session.user.sys_id)}
        self._met: dict[str, bool] = {}
        self._bases: dict[str, bool] = {}

    def articles(self, query: str = "") -> list[Row]:
        """Published, valid articles that match, in the order of the query, which may hold several queries."""
        today = stored(self._session.instance.clock())[:10]
        rows = self._session.query("kb_knowledge", query, acl=False)
        return [row for row in rows if _valid(row, today) and self.article(row)]

    def article(self, row: Row) -> bool:
        """Whether the user may read an article, whatever its state."""
        can, cannot = _ids(row["can_read_user_criteria"]), _ids(row["cannot_read_user_criteria"])
        if not self.base(row["kb_knowledge_base"]) or self._meets_any(cannot):
            return False
        return not can or self._meets_any(can)

    def base(self, sys_id: str) -> bool:
        """Whether the user may read a knowledge base."""
        known = self._bases.get(sys_id)
        if known is None:
            known = self._bases[sys_id] = self._base(sys_id)
        return known

    def _base(self, sys_id: str) -> bool:
        row = self._records.get("kb_knowledge_base", sys_id)
        if row is None or row["active"] == "false":
            return False
        if self._session.user.sys_id in {row["owner"], *_ids(row["kb_managers"])}:
            return True
        can, cannot = (
            [link["user_criteria"] for link in self._records.all(table, kb_knowledge_base=sys_id)]
            for table in ("kb_uc_can_read_mtom", "kb_uc_cannot_read_mtom")
        )
        return not self._meets_any(cannot) and (not can or self._meets_any(can))

    def _meets_any(self, criteria: Iterable[str]) -> bool:
        return any(self._meets(sys_id) for sys_id in criteria)

    def _meets(self, sys_id: str) -> bool:
        known = self._met.get(sys_id)
        if known is None:
            row = self._records.get("user_criteria", sys_id)
            known = self._met[sys_id] = row is not None and row["active"] != "false" and self._fits(row)
        return known

    def _fits(self, row: Row) -> bool:
        """Any condition of the criterion holds, or all of them with `match_all`; a script decides alone."""
        if row["advanced"] == "true":
            scripts = self._session.instance.scripts
            return (
                scripts is not None and scripts.evaluate(row["script"], "user_criteria", row, self._session) == "true"
            )
        tests = []
        if row["user"]:
            tests.append(self._session.user.sys_id in _ids(row["user"]))
        if row["group"]:
            tests.append(bool(self._groups & set(_ids(row["group"]))))
        if row["role"]:
            roles = [self._records.get("sys_user_role", role) for role in _ids(row["role"])]
            tests.append(any(role and role["name"] in self._session.user.roles for role in roles))
        for name, column in _BY_COLUMN.items():
            if row[name]:
                tests.append(self._user.get(column, "") in _ids(row[name]))
        return bool(tests) and (all(tests) if row["match_all"] == "true" else any(tests))


def viewed(session: Session, article: Row, search: str = "") -> None:
    """Count a view and note who looked (kb_use)."""
    use = {"article": article["sys_id"], "user": session.user.sys_id, "viewed": "true", "search_id": search}
    session.insert("kb_use", use, workflow=False, acl=False)
    count = str(int(article["sys_view_count"] or 0) + 1)
    session.instance.records.update("kb_knowledge", article["sys_id"], {"sys_view_count": count})


def _valid(row: Row, today: str) -> bool:
    published = row["workflow_state"] == "published" and row["active"] == "true"
    return published and (not row["valid_to"] or row["valid_to"] >= today)


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
