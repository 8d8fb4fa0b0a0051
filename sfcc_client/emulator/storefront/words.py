"""The storefront's own words in the languages of the generated shop; English where a language is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_ENGLISH = {
    "order": "Your order",
    "help": "Help",
    "products": "Products",
    "from": "from",
    "in stock": "In stock",
    "few left": "Only {count} left",
    "sold out": "Sold out",
    "noticed": "Please note",
    "no products": "There are no products here yet.",
    "number": "Order number",
    "mail": "E-mail address",
    "show": "Show order",
    "placed": "Ordered on",
    "unknown": "We found no order with this number and e-mail address. Please check both.",
    "no page": "This page does not exist.",
    "total": "Total",
    "paymentStatus": "Payment",
    "shippingStatus": "Delivery",
    "tracking": "Tracking",
    "return": "Return on its way",
    "returned": "Returned",
    "created": "Received",
    "new": "In progress",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "failed": "Not completed",
    "not_shipped": "Not sent yet",
    "part_shipped": "Partly sent",
    "shipped": "Sent",
    "not_paid": "Not paid yet",
    "part_paid": "Partly paid",
    "paid": "Paid",
    "day": "%-d %b %Y",
    "yes": "Yes",
    "no": "No",
}
_WORDS: dict[str, Mapping[str, str]] = {
    "en": _ENGLISH,
    "de": {
        "order": "Ihre Bestellung",
        "help": "Hilfe",
        "products": "Produkte",
        "from": "ab",
        "in stock": "Auf Lager",
        "few left": "Nur noch {count} auf Lager",
        "sold out": "Ausverkauft",
        "noticed": "Hinweis",
        "no products": "Hier gibt es noch keine Produkte.",
        "number": "Bestellnummer",
        "mail": "E-Mail-Adresse",
        "show": "Bestellung anzeigen",
        "placed": "Bestellt am",
        "unknown": "Zu dieser Nummer und E-Mail-Adresse gibt es keine Bestellung. Bitte prüfen Sie beides.",
        "no page": "Diese Seite gibt es nicht.",
        "total": "Summe",
        "paymentStatus": "Zahlung",
        "shippingStatus": "Versand",
        "tracking": "Sendungsverfolgung",
        "return": "Rücksendung unterwegs",
        "returned": "Zurückgegeben",
        "created": "Eingegangen",
        "new": "In Bearbeitung",
        "completed": "Abgeschlossen",
        "cancelled": "Storniert",
        "failed": "Nicht zustande gekommen",
        "not_shipped": "Noch nicht versandt",
        "part_shipped": "Teilweise versandt",
        "shipped": "Versandt",
        "not_paid": "Noch nicht bezahlt",
        "part_paid": "Teilweise bezahlt",
        "paid": "Bezahlt",
        "day": "%d.%m.%Y",
        "yes": "Ja",
        "no": "Nein",
    },
    "ja": {
        "order": "ご注文",
        "help": "ヘルプ",
        "products": "商品",
        "from": "最低価格",
        "in stock": "在庫あり",
        "few left": "残り{count}点",
        "sold out": "在庫切れ",
        "noticed": "お知らせ",
        "no products": "商品はまだありません。",
        "number": "注文番号",
        "mail": "メールアドレス",
        "show": "注文を表示",
        "placed": "注文日",
        "unknown": "該当する注文が見つかりません。注文番号とメールアドレスをご確認ください。",
        "no page": "このページは存在しません。",
        "total": "合計",
        "paymentStatus": "お支払い",
        "shippingStatus": "配送",
        "tracking": "追跡番号",
        "return": "返品手続き中",
        "returned": "返品済み",
        "created": "受付済み",
        "new": "処理中",
        "completed": "完了",
        "cancelled": "キャンセル済み",
        "failed": "未成立",
        "not_shipped": "未発送",
        "part_shipped": "一部発送済み",
        "shipped": "発送済み",
        "not_paid": "未払い",
        "part_paid": "一部支払い済み",
        "paid": "支払い済み",
        "day": "%Y/%m/%d",
        "yes": "はい",
        "no": "いいえ",
    },
}


class Words:
    """The words of one locale, and how it writes days and amounts."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._known = _WORDS.get(locale.split("-", maxsplit=1)[0], {})

    def __getitem__(self, name: str) -> str:
        return self._known.get(name) or _ENGLISH.get(name, name)

    def value(self, value: Any) -> str:
        """A value of a custom attribute: a day as a day, yes and no as words, several with commas between them."""
        if isinstance(value, bool):
            return self["yes" if value else "no"]
        if isinstance(value, list):
            return ", ".join(self.value(part) for part in value)
        return self.day(value) if isinstance(value, str) else f"{value:g}"

    def day(self, text: str) -> str:
        """A moment or a day; any other text unchanged."""
        try:
            return datetime.fromisoformat(text).strftime(self["day"])
        except ValueError:
            return text

    def amount(self, amount: float, currency: str) -> str:
        if currency == "JPY":
            return f"¥{amount:,.0f}"
        text = f"{amount:,.2f}"
        if self.locale.startswith("de"):
            text = text.translate(str.maketrans(",.", ".,"))
        return f"£{text}" if currency == "GBP" else f"{text} {currency.replace('EUR', '€')}"
