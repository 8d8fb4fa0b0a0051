"""Server-side JavaScript of the local ServiceNow: business rules, script includes, client calls, jobs, events.

`attach` gives an instance its engine. Scripts run on quickjs with the scoped API written in ``runtime/*.js``; what they
reach outside goes through ``host/``. Every transaction has a realm of its own on its own thread (see realm.py), each
scope its own global names (see runtime/scopes.js), and a time and memory limit (see guard.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engine import ScriptEngine
from .errors import NoSuchScript, Place, ScriptFailed, ScriptMemory, ScriptTimeout

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance

__all__ = ["NoSuchScript", "Place", "ScriptEngine", "ScriptFailed", "ScriptMemory", "ScriptTimeout", "attach"]


def attach(instance: Instance) -> ScriptEngine:
    """Make the engine of an instance and set `Instance.scripts`."""
    engine = ScriptEngine(instance)
    instance.scripts = engine
    return engine
