"""What writes to a basket may look like (Shopper Baskets 2.11); what Commerce works out itself is not considered."""

from __future__ import annotations

from sfcc_client.emulator.bodies import Anything, Flag, Members, Number, Rows, Text
from sfcc_client.emulator.order_forms import ADDRESS, LINE, NAME

_MANY = 999
_ITEM_IGNORED = (
    *("itemText", "productName", "basePrice", "price", "priceAfterItemDiscount", "priceAfterOrderDiscount", "tax"),
    *("adjustedTax", "taxBasis", "taxRate", "taxClassId", "priceAdjustments", "optionItems", "bundledProductItems"),
    *("bonusProductLineItem", "bonusDiscountLineItemId", "productListItem", "qualifyingProductItemId"),
    *("shippingItemId", "inventoryId"),
)
ITEM = Members(
    known={
        "productId": Text(least=1, most=100),
        "quantity": Number(least=0, most=_MANY),
        "shipmentId": NAME,
        "itemId": NAME,
        "gift": Flag(),
        "giftMessage": Text(),
        **dict.fromkeys(_ITEM_IGNORED, Anything()),
    },
    custom="ProductLineItem",
)
ITEMS = Rows(of=ITEM, least=1)
COUPON = Members(
    known={"code": NAME, **dict.fromkeys(("couponItemId", "statusCode", "valid"), Anything())}, required=("code",)
)
CUSTOMER = Members(
    known={"email": NAME, **dict.fromkeys(("customerId", "customerName", "customerNo"), Text())},
    required=("email",),
    custom="Order",
)
SHIPPING_METHOD = Members(
    known={
        "id": NAME,
        **dict.fromkeys(("name", "description", "externalShippingMethod", "price", "shippingPromotions"), Anything()),
    },
    required=("id",),
)
_CARD = Members(
    known={
        **dict.fromkeys(("cardType", "creditCardToken", "holder", "issueNumber"), LINE),
        "maskedNumber": Text(most=25, pattern=r"[0-9 -]{0,7}\D{6,15}\d{0,4}"),
        "expirationMonth": Number(whole=True, least=1, most=12),
        "expirationYear": Number(whole=True),
        "validFromMonth": Number(whole=True, least=1, most=12),
        "validFromYear": Number(whole=True),
    }
)
PAYMENT = Members(
    known={
        "amount": Number(),
        "paymentMethodId": NAME,
        "paymentCard": _CARD,
        "bankRoutingNumber": LINE,
        **dict.fromkeys(("giftCertificateCode", "giftCardRequest", "paymentReferenceRequest"), Anything()),
    },
    required=("paymentMethodId",),
    custom="OrderPaymentInstrument",
)
PAYMENT_CHANGE = Members(known=PAYMENT.known, custom="OrderPaymentInstrument")
_BASKET_IGNORED = (
    *("adjustedMerchandizeTotalTax", "adjustedShippingTotalTax", "agentBasket", "basketId", "bonusDiscountLineItems"),
    *("couponItems", "creationDate", "giftCertificateItems", "groupedTaxItems", "inventoryReservationExpiry"),
    *("lastModified", "merchandizeTotalTax", "orderPriceAdjustments", "orderTotal", "paymentInstruments"),
    *("productSubTotal", "productTotal", "shipments", "shippingItems", "shippingTotal", "shippingTotalTax"),
    *("taxTotal", "taxation", "taxRoundedAtGroup", "temporaryBasket", "approachingDiscounts"),
)
BASKET = Members(
    known={
        "currency": Text(pattern="[A-Z]{3}"),
        "channelType": NAME,
        "sourceCode": LINE,
        "customerInfo": CUSTOMER,
        "billingAddress": ADDRESS,
        "productItems": Rows(of=ITEM),
        **dict.fromkeys(_BASKET_IGNORED, Anything()),
    },
    custom="Basket",
)
PATCHED = Members(
    known={**BASKET.known, "customerInfo": Anything(), "billingAddress": Anything(), "productItems": Anything()},
    custom="Basket",
    nullable=True,
)
