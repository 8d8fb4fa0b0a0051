"""The generated shop's pages of Page Designer: a homepage, one for a product and one for a category."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.state import opaque_id

_HOME = {"default": "Homepage", "de": "Startseite", "ja": "トップページ"}
_FOR_COLD = {"default": "Ready for cold days", "de": "Bereit für kalte Tage", "ja": "寒い日のために"}
_JACKETS = {
    "default": "Jackets for every weather",
    "de": "Jacken für jedes Wetter",
    "ja": "あらゆる天候に対応するジャケット",
}
_SHELL = {"default": "How we make our shell", "de": "So entsteht unsere Shell", "ja": "シェルができるまで"}
_TILES = ("VV1001", "VV1020", "VV1023")


def pages(site_id: str) -> list[dict[str, Any]]:
    """The pages as a dataset holds them."""

    def component(page_id: str, name: str, kind: str, **members: Any) -> dict[str, Any]:
        found = opaque_id("", site_id, page_id, name)
        return {"id": found, "typeId": f"commerce_assets.{kind}", "name": {"default": name}, **members}

    tiles = [component("homepage", f"Tile {name}", "productTile", data={"product": name}) for name in _TILES]
    return [
        {
            "siteId": site_id,
            "id": "homepage",
            "typeId": "storePage",
            "name": _HOME,
            "pageTitle": _HOME,
            "regions": [
                {"id": "header", "components": [component("homepage", "Banner", "banner", data={"title": _FOR_COLD})]},
                {
                    "id": "main",
                    "components": [
                        component(
                            "homepage",
                            "Carousel",
                            "carousel",
                            data={"title": _FOR_COLD},
                            regions=[{"id": "tiles", "components": tiles}],
                        )
                    ],
                },
            ],
        },
        *(
            {
                "siteId": site_id,
                "id": page_id,
                "typeId": "detailPage",
                "name": title,
                "aspectTypeId": aspect,
                assigned: [identifier],
                "regions": [{"id": "main", "components": [component(page_id, "Story", "text", data={"text": title})]}],
            }
            for page_id, aspect, assigned, identifier, title in (
                ("story-shell", "pdp", "productIds", "VV1001", _SHELL),
                ("story-jackets", "plp", "categoryIds", "jackets", _JACKETS),
            )
        ),
    ]
