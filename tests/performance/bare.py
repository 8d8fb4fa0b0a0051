"""The floor of a cached answer: a Flask view that does nothing but return finished bytes."""

from __future__ import annotations

import json
import sys

from flask import Flask, Response

from sidecar.server import Server


def main() -> None:
    """Serve what standard input says (one line of JSON: body, headers, threads) until terminated."""
    told = json.loads(sys.stdin.readline())
    body, headers = told["body"].encode(), list(told["headers"].items())
    app = Flask("bare", static_folder=None)

    @app.post("/v1/context")
    def answer() -> Response:
        return Response(body, headers=headers)

    server = Server(app.wsgi_app, threads=told["threads"])
    print(server.url, flush=True)
    server.run()


if __name__ == "__main__":
    main()
