"""The evidence the router weighs, strongest first.

6 and more: says who, whatever else is there · 4: names the part that broke · 2 to 3: usual for this team · 1: a hint.
What an alert is *about* (its signal, a word like "payment") is a hint; *where it failed* (the third party it names, the
code it names, the edge, the database, the setting somebody changed) decides. Words are in the languages shops are run
in. Sources: cartridge naming of SFRA and LINK, SCAPI's families, the platform's error texts, Cloudflare's 52x codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sidecar.flows.storefront_alerts.vendors import FRAUD, OTHERS, PAYMENTS

Team = Literal["storefront", "payments", "integrations", "operations", "network", "platform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`pattern` on one clue, case ignored; only for `signals` when named, not when the alert has a clue of `unless`."""

    id: str
    clue: str
    pattern: str
    team: Team
    weight: float
    signals: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


_CODING = (
    r"(type|reference|syntax|range|eval|ecma)error|nullpointer|\bnpe\b|cannot (find|read|call|load|set)|can't find|"
    r"is not (a function|defined)|undefined is not|undefined (method|variable)|missing \) after|unexpected token|"
    r"infinite loop|recursion|stack ?overflow|\bregex|routenotfound|no route|scripttimeout|"
    r"script (time.?out|exceeded)|"
    r"skriptfehler|erreur de script|nicht definiert|hat keine eigenschaft|n'est pas d[ée]fini|is null\b|\bnan\b|"
    r"custom script error|csrf|own (validation|code|script|hook|controller|template|loop)|スクリプトエラー"
)
_TEMPLATE = (
    r"\.isml|templatenotfound|template .*(not found|missing)|vorlage|テンプレート|mod[èe]le introuvable|plantilla|"
    r"resource bundle|\.properties\b|forms/[\w/]+\.xml|translation (key|missing)|isinclude|remote include|iscache"
)
_FRONT_END = (
    r""
    r"\b(main|checkout|bundle|vendor|app|[\w-]+\.min|[\w-]*(product|cart|tile|menu|search|global)\w*)\.js\b|"
    r"console error|"
    r"lazy.?load|carousel|render.?blocking|blocking script|long task|layout shift|hydrat|web ?font|"
    r"font.?(swap|display)|"
    r"unoptimi[sz]ed|uncompressed|javascript (error|file|bundle)|webpack|\bjs (chunk|bundle)|"
    r"click handler|event handler|"
    r"\bdom\b|jquery|react|"
    r"uncached|page cache|"
    r"\b(hero|banner|slider|image|video|teaser)s? .*(size|dimension|without|no (width|height)|mb\b)|"
    r"own (markup|css)|stylesheet|\bcss\b|\b(safari|ios|android|firefox|chrome|edge \d+) (only|users)|"
    r"sticky|modal|pop.?up|"
    r"pwa.?kit|retail.react|\bssr\b|uncaught|inline script|\bcsp\b|isscript|handlebars"
)
_CUSTOM = r"\b(app|plugin)_\w+|\b(?!int_|bm_|bc_)\w+_(core|storefront|hooks|custom|jobs|overlay|theme)/cartridge"
_FAULT_HERE = rf"(?=.*(?:{_CUSTOM}))(?=.*(?:{_CODING}))"
_DATABASE = (
    r"database|datenbank|base de donn|base de datos|データベース|core orm|ormexception|\bsql\w*exception|\bjdbc\b|"
    r"connection pool|from pool|deadlock|\bdb (wait|lock|time|connection|node)|read.only mode|failover|\bora-\d+"
)
_INSTANCE = (
    r"\bpod\b|app ?servers?\b|application servers?\b|instance (is )?(re)?start|"
    r"instance (unavailable|down)|restarting|"
    r"web ?tier|web ?adapt[eo]r|\bjvm\b|outofmemory|gc overhead|scripting ?engine|internal system error|"
    r"(contact|confirmed by|commerce cloud|salesforce|by) support|support (case|ticket)|"
    r"salesforce (status|hosted|trust|incident|side|confirm)|status\.salesforce|trust\.salesforce|known issue|"
    r"b2c commerce (release|update|\d)|platform (release|fault|bug|service|issue|outage|update|maintenance|upgrade)|"
    r"plattform|instanz|インスタンス|プラットフォーム|"
    r"(all|every|other) (tenant|realm|vendor|customer realm)s?|every site|any site\b|"
    r"all clients|session (store|replication)|managed runtime|\bmrt\b|hyperforce|cluster|"
    r"file (transfer|storage) service|"
    r"webdav .*(50\d|unavailable)|image service|dynamic imaging|indexer service|job (framework|engine|service)|"
    r"heap|thread pool|scheduler (down|stopped)|"
    r"log center (delay|down)"
)
_EDGE_SURE = (
    r"\bwaf\b|\becdn\b|cloudflare|\bcf-\w+|(our|own) edge|edge (rule|certificate|worker)|attention required|\bddos\b"
)
_EDGE = (
    r"\bedge\b|\bdns\b|firewall|challenge page|html (block|challenge)|block page|\bbots?\b|headless|"
    r"scrap(er|ing)|crawler|"
    r"credential stuffing|card(ing| testing)|\bja3\b|\bcname\b|name ?server|registrar|\bcaa\b|\bhsts\b|\b52[0-7]\b|"
    r"too_many_redirects|redirect loop|\bips?\b (block|reputation|range|allow|deny)|"
    r"(allow|deny|block).?list|geo.?block|"
    r"rate.?limit\w* rule|\bbgp\b|\bisp\b|\bpops?\b|http/?[23]\b|ipv6|cipher|hostname|turnstile|"
    r"user.?agents?|\bcdn\b(?!\.)|ボット|攻撃|"
    r"\basn\b|purge|anycast|peering|mixed content|header stripped|cached (error|wrong)|route leak"
)
_TLS = r"certificat|zertifikat|証明書|\bssl\b|\btls\b|handshake"
_CHANGED_SURE = (
    r"\bbm\b|business manager|by mistake|accidentally|aus versehen|versehentlich|par erreur|data entry|site import|"
    r"by (merchandis|an? (admin|editor|operator|user))|settings json|"
    r"test (key|credential|mode|account)s? (in|on) (live|prod)|"
    r"wrong (credential|key|account|price|currency|file|site|preference)s?|"
    r"(credential|password|key)s? .*(in bm|after .*import)"
)
_CHANGED = (
    r""
    r"\b(edited|changed(?! to (new|ongoing|resolved))|deleted|disabled|removed|"
    r"unassigned|renamed|switched|turned|set|emptied|overwritten) "
    r"(in|by|on|off|at|since|to|today|yesterday|last|with)\b|"
    r"after (last |yesterday'?s? |today'?s? |the )?\w* ?import|"
    r"not assigned|no \w+ ?\w* assigned|unassigned|misconfigur|configuration|konfiguration|site pref|preference|"
    r"\bsettings?\b|\btoggle|feature switch|falsch gepflegt|nicht gepflegt|未設定|設定(ミス|変更)|"
    r"merchant(is|iz|dis|diz)er|"
    r"schedule|zeitplan|not scheduled|never ran|expired (campaign|promotion)|role|permission|"
    r"rotated|reverted|rolled back|manually|typo|copied from|not configured|nicht konfiguriert|overlap|"
    r"ran twice|locked by"
)
_DATA = (
    r"price ?book|preisbuch|preisliste|価格表|tarif|catalog|katalog|catalogue|promotion|campaign|kampagne|coupon|"
    r"gutschein|inventory (list|record)|bestandsliste|without (a )?(price|category|image|stock)|"
    r"ohne preis|no price|sans prix|"
    r"price (missing|0|zero|is null)|customer (group|list)|kundenliste|shipping (cost|method|table)|"
    r"versandkosten|versandart|"
    r"sorting rule|content (slot|asset)|exchange rate|tax (table|class)|impex|\bimport\b|\bfeed file|"
    r"\bfile\b.*(missing|not found)|"
    r"image zip|mode delete|offline product|product.* (offline|not online)|stock (set to|all) (0|zero)|allocation|"
    r"在庫リスト|カタログ|クーポン|商品データ|currency|search index|sequence|"
    r"malformed (xml|csv)|xsd|schema validation|encoding|\bcsv\b|mapping|empty (list|file|feed)|"
    r"delivery file|duplicate (id|sku|product)"
)
_CLIENT = (
    r"clientaccessforbidden|misses scope|(missing|lacks|lost) (the )?scope|invalid_scope|"
    r"insufficient_scope|api client|"
    r"client (id|entry|secret)|redirect_uri|invalid_client|unauthorized_client|access key|webdav (permission|client)"
)
_PROVIDER = (
    r"\bissuer|acquir|declin|not honou?r|insufficient funds|\bpsp\b|\b3.?d.?s\b|3-?d.?secure|\bamex\b|"
    r"\bvisa\b|mastercard|"
    r"\bmaestro\b|auth?ori[sz]ation (failed|declined|refused|rejected)|capture (refused|rejected|failed|declined)|"
    r"chargeback|settlement|payment (provider|gateway)|gateway said|zahlungsanbieter|abgelehnt|refus[ée]|"
    r"rechazad|rifiutat|"
    r"与信|オーソリ|決済代行|カード会社|merchant (id|account|suspended|not enabled)|\bsepa\b|\biban\b|direct debit|"
    r"\bbin \d|bnpl|boleto|\bpix\b|oxxo|psd2|\bsca\b|tokeni[sz]ation|network token|soft decline|"
    r"\bbank\b|\bacs\b|\botp\b|installments?|ratenzahlung|lastschrift|kreditkarte (abgelehnt|verweigert)"
)
_PAY_NAME = rf"{PAYMENTS}|pay(?!load)|\bpsp\b|3ds|wallet|acquir|gift.?card|creditcard|\bcards?\b"
_PAY_VERB = r"\.(auth\w*|charge|capture|refund|sale|settle\w*|void|tokeni[sz]e|exectran|transaction\w*)\b"
_PAY_HOST = rf"\b[\w.-]*(pay(?!load)[\w-]*|{PAYMENTS})\.(com|net|io|eu|org|example|[a-z]{{2}})\b"
_OTHER_NAME = (
    rf"{OTHERS}|{FRAUD}|\btax|steuer|address|adresse|search|review|\boms\b|\berp\b|\bwms\b|\bpim\b|\bcrm\b|"
    rf"inventory|"
    r"stock|shipping|carrier|parcel|loyalty|e?mail|\bsms\b|recommend|recs|personali|store.?locator|"
    r"consent|chat|captcha|media|video"
)
_THIRD_PARTY = (
    r"third.?party|drittanbieter|tiers\b|\bvendor(?!\.js)|\bpartner|\b3pl\b|"
    r"their (status|side|host|api|end)|status page is red|"
    r"upstream [\w-]+\.|\bsftp\b|remote host|host key|\b(erp|oms|pim|wms|crm)\b|tag manager|\bgtm\b|"
    r"\bwidget|\bpixel\b|"
    r"\b(tax|address|search|review|loyalty|shipping|warehouse|order management|fulfil\w*|e-?mail|chat|consent) "
    r"(service|provider|vendor|api|tag|script|host|server)"
)
_FOREIGN_HOST = r"\b(?!www\.|shop\.|m\.|store\.)[\w-]+\.(?!example\.)[\w-]+\.(com|net|io|example|org|eu|co)\b"
_CODE_FIRST = ("cartridge",)

RULES: Final = (
    # Whatever else the alert names: the edge stopped it, the database did, somebody at Salesforce says so.
    Rule(
        id="edge-event",
        clue="cdn",
        pattern=r"\b(waf|tls|ssl|cert\w*|bots?|ddos|dns|logpush|rate.?limit\w*|firewall|custom.?rules?|hostname|"
        r"healthcheck|cache|routing|ip\w*|page.?shield|access|zone|redirect|challenge|managed|l7|l3|mtls|ipv6|"
        r"argo)\b",
        team="network",
        weight=9,
    ),
    Rule(
        id="not-our-edge",
        clue="cdn",
        pattern=r"sub.?resource|third.?party",
        team="network",
        weight=-6,
    ),
    Rule(id="edge-origin", clue="cdn", pattern=r"origin|5xx|outage|down|unhealthy", team="network", weight=2),
    Rule(id="database", clue="message", pattern=_DATABASE, team="platform", weight=9),
    Rule(id="database-exception", clue="exception", pattern=_DATABASE, team="platform", weight=6),
    Rule(id="instance", clue="message", pattern=_INSTANCE, team="platform", weight=9),
    Rule(
        id="core-exception",
        clue="exception",
        pattern=r"com\.demandware\.(core|component|beehive)|outofmemory|clusterlock|stalestate",
        team="platform",
        weight=4,
    ),
    Rule(
        id="salesforce",
        clue="message",
        pattern=r"salesforce(?! (marketing|order|service) )",
        team="platform",
        weight=4,
    ),
    Rule(id="salesforce-own", clue="service", pattern=r"einstein|cquotient|slas\b|sfdc", team="platform", weight=7),
    Rule(
        id="everywhere",
        clue="message",
        pattern=r"everywhere|all (pages|controllers|sites|requests|endpoints)|(site|instance|shop).?wide",
        team="platform",
        weight=2.5,
        unless=("service", "cartridge", "cdn"),
    ),
    Rule(id="salesforce-service", clue="api", pattern=r"einstein|\bcdn/|mrt", team="platform", weight=4),
    Rule(id="core-logger", clue="logger", pattern=r"^system\.", team="platform", weight=1),
    Rule(id="shedding", clue="signal", pattern="^load_shedding$", team="platform", weight=5),
    # Whose code.
    Rule(id="own-fault", clue="everything", pattern=_FAULT_HERE, team="storefront", weight=7),
    Rule(id="custom-api", clue="api", pattern=r"^/?custom/", team="storefront", weight=4),
    Rule(id="cartridge-storefront", clue="cartridge", pattern=_CUSTOM, team="storefront", weight=5),
    Rule(
        id="cartridge-own",
        clue="cartridge",
        pattern=r"^(?!.*\b(int|bc|bm|modules)[_/])",
        team="storefront",
        weight=3,
    ),
    Rule(
        id="cartridge-payment",
        clue="cartridge",
        pattern=rf"int_\w*({PAYMENTS}|pay|card|bank|credit|money|wallet|3ds)",
        team="payments",
        weight=5,
    ),
    Rule(id="cartridge-integration", clue="cartridge", pattern=r"\b(int|bc)_", team="integrations", weight=2.5),
    Rule(
        id="code-named", clue="message", pattern=_CUSTOM, team="storefront", weight=4, unless=("service", "replication")
    ),
    Rule(
        id="script-line",
        clue="message",
        pattern=r"\.(js|ds)[:#]\d+|cartridge/(scripts|controllers|models|forms|templates)/",
        team="storefront",
        weight=2.5,
        unless=("service", "cartridge"),
    ),
    Rule(
        id="coding-fault", clue="message", pattern=_CODING, team="storefront", weight=4, unless=("service", "cartridge")
    ),
    Rule(id="coding-exception", clue="exception", pattern=_CODING, team="storefront", weight=3, unless=("service",)),
    Rule(id="template", clue="message", pattern=_TEMPLATE, team="storefront", weight=4),
    Rule(id="front-end", clue="message", pattern=_FRONT_END, team="storefront", weight=3),
    Rule(
        id="since-release",
        clue="message",
        pattern=r"(since|after|seit|depuis|with|from) (the )?(release|deploy\w*|merge|version)?\s*(of )?\d\d\.\d+",
        team="storefront",
        weight=2.5,
        unless=("service", "replication"),
    ),
    Rule(id="api-quota", clue="quota", pattern=r"^api\.", team="storefront", weight=2.5),
    # Which third party.
    Rule(id="service-fraud", clue="service", pattern=FRAUD, team="integrations", weight=6),
    Rule(id="service-payment", clue="service", pattern=_PAY_NAME, team="payments", weight=5),
    Rule(id="service-other", clue="service", pattern=_OTHER_NAME, team="integrations", weight=5),
    Rule(
        id="service-of-payment",
        clue="service",
        pattern=r".",
        team="payments",
        weight=4.5,
        signals=("payment_failures",),
    ),
    Rule(id="service-verb", clue="service", pattern=_PAY_VERB, team="payments", weight=4.5),
    Rule(id="service", clue="service", pattern=r".", team="integrations", weight=4),
    Rule(id="payment-named", clue="message", pattern=rf"\b({PAYMENTS})\b", team="payments", weight=2),
    Rule(id="payment-host", clue="message", pattern=_PAY_HOST, team="payments", weight=4, unless=_CODE_FIRST),
    Rule(id="payment-provider", clue="message", pattern=_PROVIDER, team="payments", weight=2.5),
    Rule(id="other-named", clue="message", pattern=rf"\b({OTHERS}|{FRAUD})\b", team="integrations", weight=2),
    Rule(id="third-party", clue="message", pattern=_THIRD_PARTY, team="integrations", weight=2),
    Rule(id="payment-hook", clue="hook", pattern=r"payment\.processor", team="payments", weight=3),
    Rule(id="tax-hook", clue="hook", pattern=r"tax|shipping", team="integrations", weight=2),
    Rule(id="payment-job", clue="job", pattern=rf"settle|capture|refund|{PAYMENTS}|pay", team="payments", weight=2),
    Rule(
        id="foreign-host",
        clue="message",
        pattern=_FOREIGN_HOST,
        team="integrations",
        weight=3,
        signals=("page_slow", "cdn", "job_failed"),
    ),
    # What the edge does.
    Rule(id="edge-sure", clue="message", pattern=_EDGE_SURE, team="network", weight=8),
    Rule(id="edge-named", clue="message", pattern=_EDGE, team="network", weight=4, unless=("service",)),
    Rule(id="tls", clue="message", pattern=_TLS, team="network", weight=3, unless=("service",)),
    Rule(id="html-not-json", clue="message", pattern=r"\bhtml\b.*json|html.*403|403.*html", team="network", weight=2),
    # What somebody keeps in order: jobs, data, settings.
    Rule(id="job", clue="job", pattern=r".", team="operations", weight=2.5),
    Rule(id="replication", clue="signal", pattern="^replication_failed$", team="operations", weight=3),
    Rule(id="data-quota", clue="quota", pattern=r"^object\.|^(?!api\.|ecdn)", team="operations", weight=4),
    Rule(id="job-on-top", clue="process", pattern=r"^(?!.*(\.js|[/.]))", team="operations", weight=4),
    Rule(
        id="data-volume",
        clue="message",
        pattern=r"quota",
        team="operations",
        weight=1,
        signals=("quota",),
    ),
    Rule(id="changed-sure", clue="message", pattern=_CHANGED_SURE, team="operations", weight=6, unless=_CODE_FIRST),
    Rule(id="changed", clue="message", pattern=_CHANGED, team="operations", weight=3, unless=_CODE_FIRST),
    Rule(id="data", clue="message", pattern=_DATA, team="operations", weight=2.5, unless=_CODE_FIRST),
    Rule(id="api-client", clue="message", pattern=_CLIENT, team="operations", weight=4),
    # The platform's own interfaces, when nothing of ours or of a third party stands behind them.
    Rule(
        id="api-fault",
        clue="status",
        pattern=r"^5\d\d$",
        team="platform",
        weight=3,
        signals=("api_errors", "api_timeout", "slas_rate", "load_shedding"),
        unless=("hook", "service", "cartridge"),
    ),
    Rule(
        id="api-slow",
        clue="api",
        pattern=r".",
        team="platform",
        weight=2.5,
        signals=("api_timeout",),
        unless=("hook", "service", "cartridge"),
    ),
    Rule(
        id="login-service",
        clue="signal",
        pattern="^slas_rate$",
        team="platform",
        weight=2,
    ),
    Rule(
        id="api-refuses-client",
        clue="status",
        pattern=r"^40[13]$",
        team="operations",
        weight=2,
        signals=("api_errors", "slas_rate"),
        unless=("hook", "service", "cartridge", "cdn"),
    ),
    # What it is about.
    Rule(id="about-payment", clue="signal", pattern="^payment_failures$", team="payments", weight=1),
    Rule(id="about-pages", clue="signal", pattern="^page_slow$", team="storefront", weight=0.5),
)
