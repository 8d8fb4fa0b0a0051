"""The pages of the local ServiceNow, in the manner of Core UI: sign-in, navigator, lists, forms, UI pages, GlideAjax.

Addresses as on the platform: ``/login.do``, ``/nav_to.do?uri=``, ``/{table}_list.do``, ``/{table}.do?sys_id=``,
``/{ui page}.do``, ``/xmlhttp.do``, ``/{api name}.jsdbx``, ``/{sys_id}.cssdbx``, ``/cache.do``. ``?theme=dark`` switches
the theme. Pages answer one at a time per browser session.
"""

from __future__ import annotations

from .blueprint import blueprint

__all__ = ["blueprint"]
