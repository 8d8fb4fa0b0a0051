"""Rate limit rules (``sys_rate_limit_rules``): how many requests a user may send to an API in an hour of the clock.

Of the rules that match, one for the single user goes before those for a role, and these before one for everybody;
among equals the lowest number counts. Source: platform documentation, "Inbound REST API rate limiting". Other than on
an instance, where counts are written every 30 seconds, a rule takes effect at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from snow_app.emulator.errors import RateLimited
from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import stored
from snow_app.emulator.rest.apis import Called

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session

HOUR: Final = timedelta(hours=1)
_PRECEDENCE: Final = {"single_user": 0, "users_with_role": 1, "all_users": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the rule that applies says about one request; `wait` is set when the request is one too many."""

    rule: str
    limit: int
    reset: datetime
    api: str
    wait: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        found = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Reset": str(int(self.reset.timestamp())),
            "X-RateLimit-Rule": self.rule,
        }
        return found if self.wait is None else {**found, "Retry-After": str(self.wait)}

    @property
    def refusal(self) -> RateLimited | None:
        return None if self.wait is None else RateLimited(self.limit, self.api)


def counted(session: Session, called: Called) -> Allowance | None:
    """Count a request; None when no rule is about it. A request that is refused is not counted."""
    instance = session.instance
    rule = _applying(session, called)
    if rule is None:
        return None
    now = instance.clock().astimezone(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)
    limit, reset = int(float(rule["request_limit"] or 0)), hour + HOUR
    key = {"rule": rule["sys_id"], "user": session.user.sys_id, "hour": stored(hour)}
    within = _noted(instance, "sys_rate_limit_count", key, limit)
    if not within:
        _noted(instance, "sys_rate_limit_violation", key, None)
    wait = None if within else max(1, -int(-(reset - now).total_seconds() // 1))
    return Allowance(rule=rule["sys_id"], limit=limit, reset=reset, api=called.name, wait=wait)


def _applying(session: Session, called: Called) -> Row | None:
    rules = [
        rule for rule in session.instance.active("sys_rate_limit_rules") if _about(rule, called) and _for(rule, session)
    ]
    return min(rules, key=lambda rule: (_PRECEDENCE[rule["apply_to"]], float(rule["request_limit"] or 0)), default=None)


def _about(rule: Row, called: Called) -> bool:
    """An empty column of a rule stands for everything."""
    wanted = {"api": called.api, "version": called.version, "http_method": called.method, "table": called.table}
    return all(rule[name] in ("", value) for name, value in wanted.items())


def _for(rule: Row, session: Session) -> bool:
    if rule["apply_to"] == "single_user":
        return rule["user"] == session.user.sys_id
    if rule["apply_to"] == "users_with_role":
        role = session.instance.records.get("sys_user_role", rule["role"])
        return role is not None and role["name"] in session.user.roles
    return rule["apply_to"] == "all_users"


def _noted(instance: Instance, table: str, key: Row, most: int | None) -> bool:
    """Count one up unless the count has reached `most`."""
    with instance.store.transaction():
        found = instance.records.first(table, **key)
        count = int(found["count"] or 0) if found else 0
        if most is not None and count >= most:
            return False
        if found:
            instance.records.update(table, found["sys_id"], {"count": str(count + 1)})
        else:
            stamps = {"sys_created_on": stored(instance.clock()), "sys_created_by": "system"}
            instance.records.insert(table, {"sys_id": instance.new_id(), **key, "count": "1", **stamps})
    return True
