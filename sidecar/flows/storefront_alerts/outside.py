"""The words by which a third party and its failure are known, in ids and in sentences: en, de, fr, es, it, ja."""

from __future__ import annotations

from typing import Final

from sidecar.flows.storefront_alerts.vendors import (
    FRAUD,
    FRAUD_WORDS,
    OTHER_WORDS,
    OTHERS,
    PAYMENT_WORDS,
    PAYMENTS,
)

PROVIDER: Final = (
    r"\bissuer|acquir|declin|not honou?r|insufficient funds|\bpsp|\b3.?d.?s[12]?\b|3-?d.?secure|\bamex\b|"
    r"american express|\bvisa\b|"
    r"mastercard|\bmaestro\b|discover card|\bjcb\b|diners|girocard|carte bancaire|"
    r"auth?ori[sz]ations? (\w+ )?(failed|declined|refused|rejected|rate|expired)|"
    r"autorisierung|autorisation|capture (refused|rejected|failed|declined)|chargeback|settlement|payout|"
    r"payment (provider|gateway|service provider|processor (down|host|unavail|returns|answers))|"
    r"(?<!api )(?<!scapi )(gateway|provider) (said|answers|returns|replies|refuses|rejects)|"
    r"zahlungs(anbieter|dienst|provider)|prestataire de paiement|proveedor de pago|abgelehnt|refusée?s?\b|rechazad|"
    r"rifiutat|"
    r"与信|オーソリ|決済(代行|会社|サービス)|カード会社|カード(拒否|否決)|merchant (id|account|suspended|"
    r"not enabled|blocked|disabled)|\bsepa\b|\biban\b|direct debit|"
    r"\bbins? \d|bnpl|\bpix\b|psd2|\bsca\b|tokeni[sz]ation|network token|soft decline|\bbank\b|banque|\bacs\b|"
    r"\botp\b|installments?|"
    r"ratenzahlung|lastschrift|kreditkarte|carte de crédit|rechnungskauf|コンビニ|wallet session|refund|"
    r"rückerstattung|remboursement|返金|"
    r"transstatus|pspreference|interchange|scheme outage|card (network|scheme)|dispute|token (vault|service)|"
    r"card (alias|token|vault)|gift ?cards?|stored.?value|gutscheinkarte|carte cadeau"
)
PROVIDER_ANSWER: Final = (
    r"refusal_?reason|refused by (issuer|bank|acquirer)|decline[_ ]?code|processor_?response|acquirer[ _](error|"
    r"link|down|unavailable|fault|time)|"
    r"issuer (unavailable|or switch|not available|declined|timeout)|do not honou?r|transstatus ?[=:] ?\"?[unrc]\b|"
    r"authori[sz]ation refused|"
    r"insufficient funds|merchant (suspended|not enabled|blocked|account (closed|suspended|blocked))|gateway (said|"
    r"rejected|refused|replied)|"
    r"\brc ?= ?\d\d|response_?code\W{1,3}\d\d\b|カード会社.{0,80}(拒否|エラー)"
)
PAY_ID: Final = (
    rf"{PAYMENTS}|{PAYMENT_WORDS}|pay(?!load|lod)|\bpsp\b|(?<![a-z])3-?ds|wallet|acquir|gift.?card|credit.?card|"
    rf"(?<![a-z])cards?(?![a-z])|checkout\.?com|iban|stored.?value|tokeni[sz]"
)
PAY_VERB: Final = (
    r"[._](auth(ori[sz]\w*)?|charge|capture|refund|sale|settle\w*|void|tokeni[sz]e|exectran|transaction\w*|preauth|"
    r"chargeback)(?![a-z])"
)
FRAUD_ID: Final = rf"{FRAUD}|{FRAUD_WORDS}"
OTHER_ID: Final = (
    rf"{OTHERS}|{OTHER_WORDS}|(?<![a-z])tax|steuer|taxe|(?<![a-z])addr|adresse|search|such|recherche|review|rating|"
    rf"bewertung|avis|inventory|"
    r"stock|bestand|lager|warehouse|entrep[ôo]t|shipping|versand|livraison|carrier|parcel|paket|colis|loyalty|"
    r"treue|fid[ée]lit|e?mail|newsletter|"
    r"\bsms\b|recommend|(?<![a-z])recs|personali|store.?(locator|finder)|consent|chat|captcha|media|video|geo|"
    r"rates|tracking|fulfil|"
    r"order.?(export|service|hub)|survey|segment|label|returns|sftp|(?<![a-z])ftp|feed"
)
FAILURE: Final = (
    r"(?:time[ds]?.?-?out|\b[45]\d\d\b|\b[45]xx\b|unavailable|unreachable|not available|\bdown\b|refus|reject|fail|"
    r"\berr|declin|degraded|outage|maintenance|disrupt|slow|blocks?\b|takes \d|expired|suspended|disabled|quota|"
    r"limit|sunset|gone\b|"
    r"gestört|nicht erreichbar|störung|ausfall|langsam|indisponible|panne|délai|en erreur|lent|no caído|caído|障害|"
    r"エラー|タイムアウト|停止|遅延|失敗|応答なし|antworte\w* nicht|antworte\w* mit|ne répond|(does|do|"
    r"did) not (answer|respond|load|accept|arrive|reply)|"
    r"no (answer|response|reply)|(sends?|returns?|delivers?) no|not delivered|leer\b|host key|answers? (with )?\")"
)
FAILS: Final = rf"(?:[^\n;,]{{0,50}}?{FAILURE})"
FAILED_AT: Final = (
    rf"{FAILURE}[^\n;,]{{0,30}}?\b(?:from|at|by|of|on|calling|call to|to|reaching|bei|von|beim|de|du|par|chez|da|"
    rf"en)\b[ \"':]{{1,3}}(?:the |der |dem |la |le )?"
)
THIRD_PARTY: Final = (
    r"third.?party|drittanbieter|(service|script|solution|prestataire|outil)s? tiers\b|prestataire|fournisseur|"
    r"外部(サービス|ベンダ)|連携先|\bvendor(?!\.js)|\bpartner|\b3pl\b|"
    r"dienstleister|their (status|side|host|api|end|server|system)|status page (is )?(red|yellow|says|reports|"
    r"confirms)|"
    r"upstream [\w-]+\.|\bs?ftp\b|remote host|host key|\b(erp|oms|pim|wms|crm|plm|esp|tms|cdp)\b|warenwirtschaft|"
    r"tag manager|\bgtm\b|"
    r"\bwidget|\bpixel\b|soap ?fault|middleware|"
    r"\b(tax|address|search|review|loyalty|shipping|warehouse|order management|fulfil\w*|e-?mail|chat|consent|"
    r"carrier|analytics|"
    r"recommendation|personali[sz]ation|rating|stock|inventory|geo\w*|image|media|video|a/b|survey|newsletter|crm|"
    r"cms) "
    r"(service|provider|vendor|api|tag|script|host|server|engine|platform|partner|system)|"
    r"(steuer|adress|such|versand|bewertungs|lager|newsletter)(dienst|anbieter|service)|service (de|d') ?(taxe|"
    r"adresse|recherche|livraison|avis)|"
    r"anbieter|carrier|\bprovider|(review|rating|address|search|tax|stock|delivery|slot|chat|mail)s? (api|feed|tag|"
    r"script|host|call)|レビュー|住所(検索|確認)|配送(会社|業者)|メール配信|プロバイダ"
)
REMOTE: Final = (
    r"soap ?fault|webservice\w*exception|(unknownhost|noroutetohost|socket|connect|sockettimeout|sslhandshake|jsch|"
    r"nohttpresponse|"
    r"httphostconnect|ftp\w*|remote|portunreach)exception|connection (reset|refused|closed|timed)|"
    r"status=(service_unavailable|error)|"
    r"reason=timeout|httpstatus\W{1,3}[45]\d\d|read timed out|connect timed out|core\.(net|svc)\.|"
    r"host (is )?(unreachable|down|unknown)|"
    r"auth fail|permission denied \(publickey|no route to host|rate exceeded|too many requests|"
    r"(response|reply|answer|body)\W{1,3}[{<]"
)
PAY_NOUN: Final = (
    r"payment|zahl|paiement|\bpago|pagamento|決済|支払|カード|wallet|\bcards?\b|\bkarten?\b|\bcarte\b|billing|"
    r"gift.?card|merchant session|"
    r"invoice|rechnung|refund|\bpsp\b|authori[sz]|tokeni[sz]|bnpl|instal?ment"
)
PARTY: Final = (
    r"\bprovider|\bvendor|anbieter|(?<!api )(?<!scapi )\bgateway\b(?! time)|prestataire|fournisseur|supplier|"
    r"hosted|dienstleister|ベンダ|"
    r"代行|\bpartner|acquirer|\bpsp\b|\bbank\b|banque|merchant session|scheme"
)
PAYMENT_PARTY: Final = rf"^(?!.*(?:fraud|betrug|risk))(?=.*(?:{PAY_NOUN}))(?=.*(?:{PARTY}))"
EVERYDAY: Final = (
    r"\b(fluent|vertex|manhattan|sterling|radial|dynamics|adobe|oracle|sap|ups|smarty|experian|infor|hermes) "
    r"(\w+ )?(rejects?|answers?|returns?|refuses?|is down|down|times? out|timeouts?|[45]\d\d|unavailable|fails?|"
    r"fault)\b"
)
PAY_HOST: Final = rf"pay(?!load)|{PAYMENTS}"
