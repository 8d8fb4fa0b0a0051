"""Third parties by the names their services, hosts, cartridges and jobs carry.

From general knowledge of the trade, to be added to. Names that are everyday words too count in ids only, never in
sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final


def _named(*names: str) -> str:
    """A pattern for any of the names. A short one must be a whole word, a long one may go on: `adyenoverlay`."""
    return "|".join(_one(name) for name in _words(names))


def _words(names: Iterable[str]) -> list[str]:
    return [name for line in names for name in line.split()]


def _one(name: str) -> str:
    """`.` stands for any one separator or none."""
    end = "" if len(name) > SHORT else "(?![a-z])"
    return "(?<![a-z0-9])" + name.replace(".", r"[\s._-]?") + end


SHORT: Final = 5

PAYMENTS: Final = _named(
    # Providers
    "adyen aci.worldwide airwallex authorize.net axerve bambora barclaycard billdesk billpay bluesnap braintree",
    "buckaroo",
    "cardconnect cardinal.commerce cardlink cardstream cashfree ccavenue checkout.com computop cybersource",
    "datacash datatrans",
    "digital.river dlocal docdata ebanx elavon evopayments eway fac first.data firstdata fiserv flywire forte",
    "gestpay",
    "global.payments globalpay globalcollect gocardless heartland.pay heidelpay hipay hyperpay icepay ingenico",
    "iyzico komerci",
    "komoju kushki lemonway lyra mangopay maksekeskus mollie epay mercado.pago merchant.e moneris monext",
    "multisafepay mundipagg mypos",
    "netaxept netbanx network.international nexi novalnet nuvei ogone openpay opayo pagarme pagantis pagopa",
    "pagseguro",
    "paybox paydock payeezy payfast payflow payfort payline paylike paymentsense paymentwall paymetric paymill",
    "paynl payoneer",
    "payone paysafe paystack paytabs paytrail payu payulatam payvision payzen placetopay planetpayment ppro",
    "przelewy p24",
    "quickpay rapyd razorpay realex redsys rocketfuel sagepay safecharge saferpay secure.trading securepay shift4",
    "shopware.pay",
    "sibs sips skrill slimpay sogenactif spreedly stripe sumup systempay tap.payments telr tpay truelayer trustly",
    "tyro",
    "unzer verifone viva.wallet vindi wirecard wompi worldline worldpay windcave zooz cielo getnet stone.co rede.api",
    # Wallets, methods, pay later
    "affirm.com afterpay alipay amazon.?pay apple.?pay bancontact bankaxess bizum blik boleto cash.app cashapp",
    "clearpay click2pay",
    "creditagricole.pay eps.ueberweisung fawry giropay google.?pay gpay grabpay interac ideal.issuer kakaopay",
    "klarna konbini laybuy",
    "masterpass mbway mobilepay multibanco naver.?pay oney openpay oxxo paidy paybright payconiq paylater paypal",
    "paytm paytweak",
    "pledg postfinance.card qiwi ratepay riverty sezzle samsung.?pay scalapay shop.?pay sofort.ueberweisung",
    "sofortbanking splitit",
    "src.mark tabby.ai tamara.co tikkie twint upi.collect venmo vipps visa.checkout wechat zip.?pay zipco younited",
    "easycredit santander.consumer cembra cofidis floa alma.pay swedbank.?pay collector.bank walley svea billie.io",
    "mondu",
    # Japan and Asia
    "2c2p atobarai atone au.?pay d.?barai docomo famipay gmo gmopg line.?pay linepay mulpay merpay netprotections",
    "np.atobarai",
    "omise paygent paypay rakuten.?pay rakutenpay sbps sb.payment softbank.?payment sony.?payment sonypayment",
    "tossp veritrans",
    "xendit midtrans doku paymaya gcash dana.id truemoney eghl ipay88 zeus.pay econtext remise.jp smbc.gmo",
    "yamato.?finance",
    # Stored value, tokens
    "givex blackhawk svs.card stored.value storedvalue valuelink gift.?card giftcard tokenex svs",
    "very.good.security basis.theory bluefin",
)
"""Payment service providers, wallets, payment methods, stored value and token services."""

PAYMENT_WORDS: Final = _named(
    "affirm bling chase cko ideal nets opp orbital paymentech square stcpay swish tabby tamara tsys vault zip alma",
    "sips atome",
    "quadpay atobarai credorax ecommpay sofort paymill bankcard debit kreditkarte zahlung paiement pago pagamento",
    "betaling",
)
"""Payment names that are words or letters of other things too."""

FRAUD: Final = _named(
    "accertify arkose bolt.fraud castle.io clearsale cybersource.dm decision.manager emailage ekata forter iovation",
    "kount nethone nofraud nsure ravelin riskified riskident seon.io sift.science siftscience signifyd subuno",
    "threatmetrix vesta",
)
"""Fraud screens."""

FRAUD_WORDS: Final = _named("fraud sardine sift seon risk")

OTHERS: Final = _named(
    # Tax, addresses, geography
    "avalara avatax onesource sovos taxamo taxify tax.jar taxcloud taxware vertexinc vertex.tax vertex.soap",
    "thomson.reuters",
    "addressy addressdoctor capture.plus experian.qas fetchify getaddress google.?maps google.?places googlemaps",
    "here.maps ideal.postcodes",
    "loqate mapbox melissa pca.?predict postcodeanywhere postcode.nl qas quickaddress smartystreets smarty.streets",
    "tomtom what3words",
    "deutsche.post postdirekt postcoder uniserv endereco zipcloud ycbm bing.maps maptiler maxmind",
    # Search, recommendations, personalisation, tests
    "abtasty algolia attraqt barilliance bloomreach certona clerk.io constructor.io coveo crownpeak doofinder",
    "dynamic.?yield",
    "dynyield elasticpath evergage factfinder fact.finder findify fredhopper groupby hawksearch kameleoon kibo klevu",
    "lucidworks luigis.box monetate nosto optimizely qubit reflektion richrelevance rich.?relevance searchspring",
    "search.?spring sli.systems",
    "sooqr sparkcentral stylitics target2sell trbo unbxd visenze visualwebsiteoptimizer vwo zoovu epoq prudsys",
    "exorbyte syte.ai",
    # Reviews, pictures of shoppers, fit
    "bazaarvoice ekomi feefo fitanalytics fit.analytics judge.me okendo olapic pixlee power.?reviews powerreviews",
    "reevoo reviews.io",
    "revoo shopper.approved stamped.io trusted.?shops trustedshops trustpilot truefit true.?fit turnto turn.?to",
    "yotpo zenreviews curalate",
    # Orders, stock, resource planning, product data
    "akeneo aptos blueyonder blue.?yonder boomi celigo channeladvisor channel.?engine cegid deposco enterworks",
    "fluent.?commerce",
    "fluentretail infor.m3 inriver ibm.sterling jagged.peak jda kibo.oms linnworks lightwell logicbroker manh",
    "manhattan.active mirakl",
    "mulesoft navision netsuite newstore onestock orckestra pimcore plentymarkets productsup quantum.oms rithum",
    "salsify sap.po sapcpi",
    "sap.?erp s4hana snaplogic stibo syndigo tecsys teamwork.retail workato xcentric yantriks zentail contentserv",
    "jitterbit informatica",
    "feedonomics channable lengow tradebyte arvato radial.oms gxo geodis fiege ceva hermes.fulfil",
    # Shipping, tracking, returns
    "aftership aramex australia.?post auspost borderfree canada.?post chronopost colissimo correos dhl dpd",
    "easypost evri fedex flow.io",
    "glo?bal.?e gls happyreturns happy.?returns hermesworld inpost japan.?post jppost laposte la.poste",
    "loop.returns metapack mondial.relay",
    "narvar ninjavan onestop.?parcel parcellab parcel.?lab paazl pitney postnl postnord poste.italiane project44",
    "purolator relais.colis",
    "returnly rebound.returns royal.?mail sagawa sendcloud sendle seur shippo shipengine shipstation shipwire",
    "shipup shippeo",
    "sorted.pro starshipit usps wiseloads yamato yodel zonos zigzag uber.direct doordash.drive packeta zasilkovna",
    "bring.com",
    # Mail, loyalty, service, marketing
    "acoustic.campaign airship annex antavo attentive batch.com braze bronto capillary cheetah.?digital comarch",
    "cordial cordova.mail",
    "criteo dotdigital dotmailer dotcms emarsys exacttarget freshdesk freshworks gladly gorgias inmoment",
    "insider.?one intercom",
    "iterable kustomer klaviyo listrak live.?chat livechat liveperson loyalty.?lion mailchimp mailjet mailgun",
    "mandrill marketo mention.?me",
    "messagebird mparticle omnisend ometria postmark qualtrics responsys sailthru salesforce.marketing segment.io",
    "selligent sendgrid",
    "sendinblue brevo smile.io sparkpost talkable talon.?one talonone tealium trustarc twilio vonage yext zendesk",
    "zinrelo userlike",
    "genesys nice.incontact tidio dixa helpscout medallia foresee hotjar fullstory contentsquare quantum.metric",
    "mouseflow awin rakuten.adv",
    # Content, media, consent, accounts, stores
    "akamai.image amplience auth0 brightcove bynder cloudimage cloudinary contentful contentstack cookiebot",
    "cookiefirst didomi",
    "dynamic.media facebook.pixel fastly.io gigya google.?analytics google.?tag.?manager hcaptcha imgix imagekit",
    "janrain kentico magnolia",
    "okta.com onetrust ping.identity prismic recaptcha sanity.io scene7 storyblok styla threekit thron",
    "usercentrics vimeo vntana",
    "storelocator bookingbug jrni timify calendly wistia sirv rokka typekit fonts.com monotype appsflyer adjust.com",
)
"""Tax, addresses, search, reviews, order management, shipping, loyalty, marketing, personalisation, media, consent."""

OTHER_WORDS: Final = _named(
    "adobe constructor dynamics experian fluent hermes ibm infor manhattan oracle radial sap segment sterling",
    "sterlingoms thomson",
    "ups vertex zeta smarty okta sanity insider sorted radar here bring evri kibo wms tms crm cdp dam pim erp oms",
    "plm gtm tms",
)
"""Other names that are words or letters of other things too."""
