"""The catalog of an invented outdoor brand: about 45 models, 150 buyable products, names in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BRAND = "Vintervei"
_GBP, _JPY = 0.86, 162

# value: (English, German, Japanese); colours without a German name keep the brand's own
COLORS: dict[str, tuple[str, str | None, str]] = {
    "pine": ("Pine", None, "パイン"),
    "black": ("Black", None, "ブラック"),
    "sand": ("Sand", None, "サンド"),
    "glacier": ("Glacier", "Gletscher", "グレイシャー"),
    "rust": ("Rust", "Rost", "ラスト"),
    "fog": ("Fog Grey", "Nebelgrau", "フォググレー"),
    "ochre": ("Ochre", "Ocker", "オーカー"),
    "midnight": ("Midnight", "Mitternacht", "ミッドナイト"),
    "lichen": ("Lichen", "Flechte", "ライケン"),
}
_WEAR, _SHOES, _ONE = ("S", "M", "L", "XL"), ("38", "40", "42", "44"), ("One size",)


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the catalog; `cents` is its list price in euro cents."""

    model_id: str
    name: str
    german: str | None
    japanese: str
    cents: int
    category: str
    colors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()


_M = Model
MODELS: tuple[Model, ...] = (
    _M("VV1001", "Trail Shell Jacket", None, "トレイルシェルジャケット", 18900, "jackets", ("pine", "fog"), _WEAR),
    _M("VV1002", "Merino Base Layer", None, "メリノベースレイヤー", 7950, "base-layers", ("black", "rust"), _WEAR),
    _M("VV1003", "Gaiters", None, "ゲイター", 4990, "accessories", (), _ONE),
    _M("VV1004", "Alpine Tent 2P", None, "アルパインテント 2P", 36556, "tents", ("sand", "lichen")),
    _M("VV1005", "Tent Footprint", None, "テントフットプリント", 5444, "tents", (), ("2P", "3P")),
    _M("VV1006", "Stakes, set of 8", None, "ペグ 8本セット", 3867, "tents"),
    _M("VV1007", "Trekking Poles", "Trekkingstöcke", "トレッキングポール", 7495, "poles", ("black",), ("105–135 cm",)),
    _M("VV1008", "Merino Tee", None, "メリノTシャツ", 4800, "base-layers", ("black", "ochre"), _WEAR),
    _M("VV1009", "Fleece Hoodie", "Fleece-Hoodie", "フリースフーディ", 12995, "fleece", ("fog", "rust"), _WEAR),
    _M("VV1010", "Hiking Shorts", "Wandershorts", "ハイキングショーツ", 5990, "trousers", ("sand",), _WEAR),
    _M("VV1011", "Beanie", "Mütze", "ビーニー", 2995, "accessories", ("midnight", "ochre"), _ONE),
    _M(
        "VV1012",
        "Trail Socks",
        "Trailsocken",
        "トレイルソックス",
        2195,
        "accessories",
        ("fog",),
        ("36–39", "40–43", "44–47"),
    ),
    _M("VV1013", "Headlamp 300", "Stirnlampe 300", "ヘッドランプ 300", 5890, "lighting"),
    _M("VV1014", "Approach Shoes", "Zustiegsschuhe", "アプローチシューズ", 13990, "footwear", ("fog", "rust"), _SHOES),
    _M("VV1015", "Hiking Pants", "Wanderhose", "ハイキングパンツ", 9995, "trousers", ("pine", "sand"), _WEAR),
    _M("VV1016", "Sun Shirt", "Sonnenhemd", "サンシャツ", 6120, "shirts", ("glacier",), _WEAR),
    _M("VV1017", "Enamel Mug", "Emaillebecher", "ホーローマグ", 2000, "camp-kitchen", ("pine", "rust")),
    _M(
        "VV1018",
        "Traverse Pack 55",
        "Traverse Rucksack 55",
        "トラバースパック 55",
        24500,
        "packs",
        ("midnight", "ochre"),
    ),
    _M("VV1019", "Rain Pants", "Regenhose", "レインパンツ", 15000, "trousers", ("black",), _WEAR),
    _M(
        "VV1020",
        "Down Jacket Polarlys",
        "Daunenjacke Polarlys",
        "ダウンジャケット Polarlys",
        24900,
        "jackets",
        ("midnight", "rust"),
        _WEAR,
    ),
    _M("VV1021", "Softshell Vest", "Softshellweste", "ソフトシェルベスト", 8990, "jackets", ("lichen",), _WEAR),
    _M("VV1022", "Winter Gloves", "Winterhandschuhe", "ウィンターグローブ", 5495, "accessories", ("black",), _WEAR),
    _M(
        "VV1023",
        "Mountain Boots GTX-free",
        "Bergstiefel",
        "マウンテンブーツ",
        21990,
        "footwear",
        ("rust", "black"),
        _SHOES,
    ),
    _M("VV1024", "Camp Slippers", "Hüttenschuhe", "キャンプスリッパ", 3990, "footwear", ("fog",), _SHOES[:3]),
    _M(
        "VV1025",
        "Sleeping Bag −5 °C",
        "Schlafsack −5 °C",
        "寝袋 −5 °C",
        19900,
        "sleeping",
        ("midnight",),
        ("Regular", "Long"),
    ),
    _M(
        "VV1026",
        "Sleeping Bag +5 °C",
        "Schlafsack +5 °C",
        "寝袋 +5 °C",
        13900,
        "sleeping",
        ("lichen",),
        ("Regular", "Long"),
    ),
    _M("VV1027", "Insulated Mat R4", "Isomatte R4", "断熱マット R4", 11900, "sleeping", (), ("Regular", "Long")),
    _M("VV1028", "Camp Pillow", "Campingkissen", "キャンプピロー", 3490, "sleeping", ("fog",)),
    _M("VV1029", "Gas Stove", "Gaskocher", "ガスストーブ", 6490, "camp-kitchen"),
    _M("VV1030", "Titanium Pot 0.9 L", "Titantopf 0,9 L", "チタンポット 0.9 L", 5990, "camp-kitchen"),
    _M("VV1031", "Spork, set of 2", "Göffel, 2er-Set", "スポーク 2本セット", 1290, "camp-kitchen", ("ochre", "black")),
    _M("VV1032", "Water Filter", "Wasserfilter", "浄水フィルター", 4490, "hydration"),
    _M("VV1033", "Bottle 1 L", "Trinkflasche 1 L", "ボトル 1 L", 2490, "hydration", ("glacier", "pine", "black")),
    _M("VV1034", "Hydration Bladder 2 L", "Trinkblase 2 L", "ハイドレーション 2 L", 3290, "hydration"),
    _M("VV1035", "Day Pack 22", "Tagesrucksack 22", "デイパック 22", 8990, "packs", ("glacier", "rust", "black")),
    _M("VV1036", "Hip Pack 4", "Hüfttasche 4", "ヒップパック 4", 4490, "packs", ("ochre", "black")),
    _M("VV1037", "Duffel 60", "Reisetasche 60", "ダッフル 60", 10990, "packs", ("pine", "midnight")),
    _M("VV1038", "Dry Bag 10 L", "Packsack 10 L", "ドライバッグ 10 L", 1990, "packs", ("glacier", "ochre")),
    _M("VV1039", "Solar Panel 20 W", "Solarpanel 20 W", "ソーラーパネル 20 W", 9990, "electronics"),
    _M("VV1040", "Camp Lantern", "Campinglaterne", "キャンプランタン", 3990, "lighting", ("lichen", "black")),
    _M("VV1041", "First Aid Kit", "Erste-Hilfe-Set", "救急キット", 2990, "safety"),
    _M("VV1042", "Map Case", "Kartenhülle", "マップケース", 1590, "accessories"),
    _M("VV1043", "Repair Kit", "Reparaturset", "リペアキット", 1490, "accessories"),
    _M("VV1044", "Thermal Leggings", "Thermoleggings", "サーマルレギンス", 6990, "base-layers", ("black",), _WEAR),
    _M("VV1045", "Family Tent 4P", "Familienzelt 4P", "ファミリーテント 4P", 54900, "tents", ("lichen",)),
    _M("VV1046", "Wool Blanket", "Wolldecke", "ウールブランケット", 8490, "sleeping", ("rust", "fog")),
    _M(
        "VV1047",
        "Bicycle Rain Cape",
        "Fahrrad-Regencape",
        "自転車用レインケープ",
        7990,
        "jackets",
        ("ochre",),
        ("S/M", "L/XL"),
    ),
    _M(
        "VV1048",
        "Kids Trail Jacket",
        "Kinder-Trailjacke",
        "キッズトレイルジャケット",
        7490,
        "kids",
        ("glacier", "ochre"),
        ("116", "128", "140"),
    ),
)
# few or none left, whatever the chance of the seed
_STOCK = {"VV1004-sand": 2, "VV1045-lichen": 0, "VV1018-ochre": 1, "VV1023-rust-40": 0, "VV1039": 3}


def product_id(model_id: str, color: str | None = None, size: str | None = None) -> str:
    """The id of a buyable product, such as ``VV1001-pine-M``."""
    parts = (model_id, color, size and size.replace(" ", "").replace("–", "-").replace("/", "-"))
    return "-".join(part for part in parts if part)


def products() -> list[dict[str, Any]]:
    """Every product document: models with variations are masters, followed by their variants."""
    return [document for model in MODELS for document in _documents(model)]


def _documents(model: Model) -> list[dict[str, Any]]:
    common = {
        "brand": BRAND,
        "name": _localized(model.name, model.german, model.japanese),
        "shortDescription": _localized(
            f"{model.name} by {BRAND}.", f"{model.german or model.name} von {BRAND}.", f"{BRAND} {model.japanese}。"
        ),
        "categoryId": model.category,
        "prices": prices(model.cents),
    }
    pairs = [(color, size) for color in model.colors or (None,) for size in model.sizes or (None,)]
    if pairs == [(None, None)]:
        return [{"id": model.model_id, **common, **_supply(model.model_id)}]
    variants = [
        {"id": found, "masterId": model.model_id, **common, "variation": _variation(color, size), **_supply(found)}
        for color, size in pairs
        for found in (product_id(model.model_id, color, size),)
    ]
    return [{"id": model.model_id, **common, "master": True, "image": f"images/{model.model_id}.jpg"}, *variants]


def prices(cents: int) -> dict[str, float]:
    """The list price in every currency; yen have no decimals and end in hundreds."""
    pounds = round(cents * _GBP / 100) - 0.05
    return {"EUR": cents / 100, "GBP": round(pounds, 2), "JPY": round(cents * _JPY / 100, -2) // 1}


def _localized(english: str, german: str | None, japanese: str) -> dict[str, str]:
    names = {"default": english, "de-DE": german, "ja-JP": japanese}
    return {locale: name for locale, name in names.items() if name is not None}


def _variation(color: str | None, size: str | None) -> dict[str, dict[str, Any]]:
    variation: dict[str, dict[str, Any]] = {}
    if color is not None:
        variation["color"] = {"value": color, "name": _localized(*COLORS[color])}
    if size is not None:
        names = {
            "One size": (None, "フリーサイズ"),
            "Long": ("Lang", "ロング"),
            "Regular": ("Normal", "レギュラー"),
        }
        german, japanese = names.get(size, (None, size))
        variation["size"] = {"value": size, "name": _localized(size, german, japanese)}
    return variation


def _supply(found: str) -> dict[str, Any]:
    """Stock that differs from product to product but never from run to run."""
    spread = sum(ord(letter) * place for place, letter in enumerate(found, 1))
    stock = _STOCK.get(found, 0 if spread % 17 == 0 else 1 + spread % 3 if spread % 11 == 0 else 8 + spread % 90)
    return {"image": f"images/{found}.jpg", "stock": stock, "orderable": stock > 0}
