"""The edge forgets what it is told to, if it can be told."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client import CommerceClient, errors

API, SCOPE = "/cdn/zones/v1", "sfcc.cdn-zones.rw"


def purge(world: Any, body: Any, zone: str | None = None, scope: str = SCOPE) -> Any:
    zone = zone or world.shop.world.office.edge.zone_id
    return world.scapi(API, f"/zones/{zone}/cachepurge", method="POST", token=world.admin(scope), json=body)


@pytest.mark.parametrize(
    ("path", "purged"),
    [
        ("{host}/worker.js", True),
        ("{host}/dw/shop/v21_9/products", True),
        ("{host}/dw/image/v2/zzrf_001/on/demandware.static/mug.jpg", True),
        ("{host}/mobify/caching/1", True),
        ("{host}/callback", True),
        ("{host}/dw/image/v2/abcd_001/mug.jpg", False),
        ("{host}/mobify/*", False),
        ("{host}/s/North/help", False),
        ("other.example.com/worker.js", False),
        ("", False),
    ],
)
def test_only_some_paths_can_be_purged(small: Any, path: str, purged: bool) -> None:
    edge = small.shop.world.office.edge
    path = path.format(host=edge.host)
    answer = purge(small, {"path": path})
    assert (answer.status_code, answer.json()["data"]["cachePurged"]) == (200, purged)
    assert [row.path for row in edge.purges] == ([path] if purged else [])
    assert purged or path in answer.json()["data"]["details"]


def test_tags_will_do(small: Any) -> None:
    assert purge(small, {"tags": ["product-123"]}).json()["data"]["cachePurged"] is True
    assert small.shop.world.office.edge.purges[0].tags == ("product-123",)
    assert purge(small, {}).json()["data"]["cachePurged"] is False


def test_what_is_refused(small: Any) -> None:
    assert purge(small, {"tags": []}, zone="none").status_code == 404
    assert purge(small, {"hosts": []}).status_code == 400
    assert purge(small, {"tags": ["a"]}, scope="sfcc.orders").status_code == 403


def test_the_client_tells_a_purge_from_none(small: Any) -> None:
    edge = small.shop.world.office.edge
    with CommerceClient(small.shop.settings()) as client:
        client.releases.purge_cache(edge.zone_id, f"{edge.host}/worker.js")
        with pytest.raises(errors.Rejected):
            client.releases.purge_cache(edge.zone_id, f"{edge.host}/help")
    assert len(edge.purges) == 1
