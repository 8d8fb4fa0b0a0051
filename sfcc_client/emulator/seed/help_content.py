"""The help pages of the generated shop: returns, shipping and payment, in the language of every site."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.library import ROOT

HELP = "help"
_FOLDER_NAMES = {"default": "Help", "de": "Hilfe", "ja": "ヘルプ"}
# asset: language: (name, keywords, paragraphs)
_Page = tuple[str, str, tuple[str, ...]]
_PAGES: dict[str, dict[str, _Page]] = {
    "faq-returns": {
        "default": (
            "Returns",
            "returns, refund, exchange, label",
            (
                "You can send goods back within 30 days after delivery, unused and with their tags.",
                "Order a return label in your account or ask our service desk for one; the way back costs you nothing.",
                "We refund within 5 working days after the parcel has reached us, to the means of payment you used.",
            ),
        ),
        "de": (
            "Rückgabe und Erstattung",
            "Rückgabe, Retoure, Erstattung, Umtausch",
            (
                "Sie können Ware innerhalb von 30 Tagen nach der Zustellung zurückgeben, unbenutzt und mit Etikett.",
                "Den Rücksendeschein gibt es im Kundenkonto oder bei unserem Service; die Rücksendung ist kostenlos.",
                "Wir erstatten binnen 5 Werktagen nach Eingang des Pakets auf das genutzte Zahlungsmittel.",
            ),
        ),
        "ja": (
            "返品と返金",
            "返品, 返金, 交換",
            (
                "未使用でタグが付いている商品は、お届けから30日以内に返品できます。",
                "返品ラベルはマイページまたはカスタマーサービスで発行します。送料は無料です。",
                "返品の到着後5営業日以内に、ご利用のお支払い方法へ返金します。",
            ),
        ),
    },
    "faq-shipping": {
        "default": (
            "Shipping",
            "shipping, delivery, tracking, express",
            (
                "Standard delivery takes 2 to 4 working days, express delivery arrives the next working day.",
                "As soon as your parcel has left us, you receive a tracking number by e-mail.",
                "If a parcel has not moved for 5 days, tell us: we ask the carrier and send it again if it is lost.",
            ),
        ),
        "de": (
            "Versand und Lieferung",
            "Versand, Lieferung, Sendungsverfolgung, Express",
            (
                "Der Standardversand dauert 2 bis 4 Werktage, Express kommt am nächsten Werktag an.",
                "Sobald das Paket unser Lager verlassen hat, senden wir die Sendungsnummer per E-Mail.",
                "Bewegt sich ein Paket 5 Tage lang nicht, melden Sie sich: Wir forschen nach und senden notfalls neu.",
            ),
        ),
        "ja": (
            "配送について",
            "配送, お届け, 追跡",
            (
                "通常配送は2〜4営業日、お急ぎ便は翌営業日にお届けします。",
                "商品の発送後、追跡番号をメールでお知らせします。",
                "5日間動きがない場合はご連絡ください。配送会社に確認し、紛失の際は再送します。",
            ),
        ),
    },
    "faq-payment": {
        "default": (
            "Payment",
            "payment, credit card, invoice, voucher",
            (
                "You can pay by credit card, PayPal and the other means shown at checkout.",
                "A credit card is charged when the goods are sent, not when you order.",
                "If a payment was refused, check the card's expiry date or choose another means of payment.",
            ),
        ),
        "de": (
            "Zahlung",
            "Zahlung, Kreditkarte, Rechnung, Gutschein",
            (
                "Sie zahlen per Kreditkarte, PayPal, Rechnung oder Überweisung.",
                "Die Kreditkarte wird erst beim Versand belastet, nicht schon bei der Bestellung.",
                "Wurde eine Zahlung abgelehnt, prüfen Sie das Ablaufdatum oder wählen Sie ein anderes Zahlungsmittel.",
            ),
        ),
        "ja": (
            "お支払いについて",
            "お支払い, クレジットカード, 領収書",
            (
                "クレジットカードのほか、ご購入手続きに表示される方法でお支払いいただけます。",
                "クレジットカードへの請求は、ご注文時ではなく発送時に行います。",
                "お支払いが承認されなかった場合は、有効期限をご確認いただくか、別の方法をお選びください。",
            ),
        ),
    },
}


def content_folders(library_id: str) -> list[dict[str, Any]]:
    """The one folder all help is in."""
    return [
        {"libraryId": library_id, "id": HELP, "name": _FOLDER_NAMES, "online": True, "parentFolderId": ROOT},
    ]


def content_assets(library_id: str, at: str) -> list[dict[str, Any]]:
    """The help pages as a dataset holds them."""
    return [
        {
            "libraryId": library_id,
            "id": content_id,
            "name": {locale: name for locale, (name, _, _) in pages.items()},
            "pageTitle": {locale: name for locale, (name, _, _) in pages.items()},
            "pageKeywords": {locale: keywords for locale, (_, keywords, _) in pages.items()},
            "online": {"default": True},
            "searchable": {"default": True},
            "c_body": {locale: {"source": _markup(page)} for locale, page in pages.items()},
            "creationDate": at,
            "lastModified": at,
            "folderIds": [HELP],
        }
        for content_id, pages in _PAGES.items()
    ]


def _markup(page: _Page) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in page[2])
