"""Flow Designer's action *Look up shopper*: who the shopper of a case is, for flows of the operator's own.

It asks the way the panel asks, with the roles of whoever the flow runs as, and leaves a row in the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.scope import AppParameters
from snow_app.app.sources import script
from snow_app.records.action import CustomAction, Variable
from snow_app.records.record import Declaration


def records(parameters: AppParameters) -> Iterator[Declaration]:
    action = CustomAction(
        scope=parameters.scope,
        name="Look up shopper",
        internal_name="look_up_shopper",
        description="Who the shopper of a case is: match (one, many, none), customer number and site. The error is "
        "empty, or one word such as forbidden, no_case or unreachable.",
        category=parameters.menu,
        step="Look up",
        script=script("look_up_shopper.js", parameters.scope),
        inputs=(Variable(name="table", label="Table"), Variable(name="record", label="Record")),
        outputs=(
            Variable(name="match", label="Match"),
            Variable(name="customer_no", label="Customer number"),
            Variable(name="site_id", label="Site"),
            Variable(name="error", label="Error"),
        ),
    )
    yield from action.declarations()
