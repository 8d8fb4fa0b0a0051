"""``python -m sfcc_client.emulator``: the emulated shop until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading

from sfcc_client.emulator.commerce import CommerceEmulator
from sfcc_client.emulator.seed import BadDataset


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 2 when the dataset or the port cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m sfcc_client.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--seed", type=int, default=7, help="which shop to generate")
    parser.add_argument("--dataset", help="a JSON file with data of one's own (seed/dataset.schema.json)")
    options = parser.parse_args(arguments)
    stopped = threading.Event()
    try:
        shop = CommerceEmulator(port=options.port, seed=options.seed, dataset=options.dataset)
    except (BadDataset, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with shop:
        print(json.dumps({"url": shop.url, "samples": shop.samples()}, ensure_ascii=False), flush=True)  # noqa: T201
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
