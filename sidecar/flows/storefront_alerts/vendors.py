"""Third parties by the names their services and hosts carry. From general knowledge of the trade, to be added to."""

from __future__ import annotations

from typing import Final

PAYMENTS: Final = (
    "adyen|affirm|afterpay|alipay|amazon.?pay|apple.?pay|atobarai|authorize\\.?net|bambora|barclaycard|billdesk|bizum|"
    "blik|bluesnap|braintree|cardconnect|cashapp|chase|cielo|checkout\\.?com|\\bcko\\b|clearpay|computop|cybersource|"
    "datatrans|dlocal|docomo|ebanx|elavon|epay|eway|first.?data|fiserv|giropay|global.?payments|gmo\\b|google.?pay|"
    "heidelpay|ideal\\b|ingenico|klarna|komoju|konbini|laybuy|mercado.?pago|mobilepay|mollie|moneris|multibanco|nets\\b|"
    "nexi|nuvei|ogone|oney|opayo|orbital|p24|paybright|paygent|paidy|paymentech|payone|paypal|paytrail|payu\\b|paytm|"
    "pagseguro|przelewy|qiwi|ratepay|rakuten.?pay|rapyd|razorpay|realex|redsys|safecharge|saferpay|sagepay|sbps|scalapay|"
    "sezzle|sofort|sony.?payment|square\\b|stripe|sumup|swish|tamara|trustly|twint|tsys|unzer|verifone|veritrans|vipps|"
    "vivawallet|wechat|wirecard|worldline|worldpay|zip.?(pay|co)"
)
"""Payment service providers, wallets and payment methods."""

FRAUD: Final = (
    "accertify|clearsale|forter|kount|nofraud|ravelin|riskified|sardine|\\bsift\\b|signifyd|threatmetrix|fraud"
)

OTHERS: Final = (
    "abtasty|adobe|aftership|akeneo|algolia|amplience|annex|antavo|attentive|attraqt|avalara|avatax|bazaarvoice|"
    "bloomreach|bloomberg|blue.?yonder|boomi|braze|brightcove|bronto|certona|cloudinary|constructor|contentful|"
    "contentstack|cookiebot|coveo|criteo|dhl|dotdigital|dpd|dynamic.?yield|dynyield|dynamics|easypost|emarsys|evri|"
    "exacttarget|experian|fedex|feefo|fluent|fredhopper|freshdesk|ge?mini.?oms|getaddress|gladly|gls|google.?(maps|places)|"
    "givex|hawksearch|hcaptcha|here\\.?maps|hermes|ibm\\.|inriver|infor\\b|kameleoon|kibo|klaviyo|klevu|laposte|"
    "liveperson|loqate|loyalty.?lion|lucidworks|mailchimp|mailjet|manhattan|mapbox|melissa|metapack|monetate|mulesoft|"
    "narvar|netsuite|newstore|nosto|olapic|omnisend|onesource|onetrust|optimizely|oracle|parcellab|pca.?predict|"
    "power.?reviews|qas\\b|qubit|radial|recaptcha|responsys|rich.?relevance|royal.?mail|salsify|sap\\b|scene7|"
    "search.?spring|sendcloud|sendgrid|shipengine|shippo|smarty|smile\\.?io|sovos|sterling|stylitics|tax.?jar|talkable|"
    "thomson|tomtom|trbo|trustpilot|turn.?to|twilio|true.?fit|ups\\b|usercentrics|usps|vertex|vimeo|workato|yamato|sagawa|"
    "yext|yotpo|zendesk|zeta"
)
"""Tax, addresses, search, reviews, order management, shipping, loyalty, marketing, personalisation, media, consent."""
