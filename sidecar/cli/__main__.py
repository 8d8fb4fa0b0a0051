"""``python -m sidecar.cli``: the same as ``sfcc-snow``."""

from sidecar.cli import main

main(prog_name="sfcc-snow")
