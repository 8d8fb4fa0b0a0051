"""Retrieved update sets: a file is uploaded, previewed against what the instance has, and committed as the system.

`uploaded`, `previewed`, `committed` and `backed_out` take an administrator's session; pages and the CICD interface
stand on them.
"""

from snow_app.emulator.updatesets.backout import backed_out
from snow_app.emulator.updatesets.commit import Committed, committed
from snow_app.emulator.updatesets.preview import previewed, resolved, unresolved
from snow_app.emulator.updatesets.upload import uploaded

__all__ = ["Committed", "backed_out", "committed", "previewed", "resolved", "unresolved", "uploaded"]
