"""The words by which a clue in our own house is known, one pattern per kind: code, platform, edge, settings and data.

In the languages shops are run in: en, de, fr, es, it, ja.
"""

from __future__ import annotations

from typing import Final

# Whose code.
CODING: Final = (
    r"(type|reference|syntax|range|eval|ecma|uri|internal)error\b|nullpointer|\bnpe\b|classcast|numberformat|"
    r"cannot (find (a )?(function|module|property)|read propert|call method|set propert|call propert|convert|access)|"
    r"can't find|is not (a function|defined|iterable|a constructor)|undefined is not|undefined (method|variable|"
    r"function|reference)|"
    r"missing \) after|unexpected (token|end of|identifier)|infinite loop|endless loop|endlosschleife|"
    r"boucle infinie|無限ループ|"
    r"recursion|stack ?overflow|own regex|\bregex|regul[aä]rer ausdruck|routenotfound|no route|no such (start node|"
    r"controller|route)|"
    r"unknown (property|field|parameter)|(our|own|unsere?|notre) (pwa|front.?end|request|client code)|"
    r"scripttimeout|script (time.?out|exceeded|execution)|script.?error|scriptexception|wrappedexception|"
    r"scriptingexception|"
    r"skriptfehler|erreur (de|dans le|du) script|nicht definiert|hat keine eigenschaft|n'est pas d[ée]fini|"
    r"is null\b|\bnan\b|"
    r"transactionrequired|without a transaction|outside (of )?(a )?transaction|custom script error|csrf|"
    r"own (validation|code|script|hook|controller|template|loop|model|step|cartridge|helper|form|endpoint|api)|"
    r"eigene[rsnm]? (code|skript|cartridge|controller|hook)|notre (code|script|cartridge)|自社(コード|スクリプト|"
    r"カートリッジ)|"
    r"スクリプトエラー|未定義|関数が(見つか|存在)|n\+1|json\.(parse|stringify)|unhandled (promise|rejection)|"
    r"hook (script|implementation|function|throws|threw)"
)
TEMPLATE: Final = (
    r"\.isml|templatenotfound|template .*(not found|missing|unknown|error)|vorlage|テンプレート|"
    r"mod[èe]le introuvable|"
    r"gabarit|plantilla|resource bundle|resource (key|file)|\.properties\b|forms/[\w/]+\.xml|form (definition|"
    r"group|field)|"
    r"translation|[üu]bersetzung|traduction|翻訳|isinclude|remote include|iscache|isprint|isdecorate|iscomponent|"
    r"page ?designer component"
)
FRONT_END: Final = (
    r"\b(main|checkout|bundle|vendor|app|global|[\w-]+\.min|[\w-]+\.bundle|"
    r"[\w-]*(product|cart|tile|menu|search|global|detail|quickview)\w*)\.js\b|"
    r"console error|lazy.?load|carousel|karussell|carrousel|カルーセル|render.?blocking|blocking (script|css)|"
    r"long task|"
    r"layout (shift|thrash)|hydrat|web ?font|font.?(swap|display|face)|unoptimi[sz]ed|uncompressed|unminified|"
    r"javascript (error|file|bundle)|webpack|\b(js|css) (chunk|bundle|file)|bundle size|(click|event|scroll|input|"
    r"resize|key) ?handler|"
    r"event listener|\bdom\b|jquery|\breact\b|uncached|page cache|"
    r"\b(hero|banner|slider|image|video|teaser|bild|visuel|画像)\w* .*(size|dimension|without|no (width|height)|"
    r"\dmb\b| mb\b|largeur|breite)|"
    r"(width|height) attribute|own (markup|css|bundle)|stylesheet|\bcss\b|"
    r"\b(safari|ios( \d+)?|android|firefox|chrome|edge \d+) (only|users)|only (on|in) (safari|ios|android|firefox|"
    r"chrome)|"
    r"sticky (header|bar|footer|cta)|modal (open|clos)|pwa.?kit|retail.react|\bssr\b|uncaught|inline script|"
    r"\bcsp\b|isscript|handlebars|"
    r"add.?to.?(cart|basket) button|button (dead|unresponsive|not bound|does nothing|never)|"
    r"productdetail|(img|picture|iframe|svg|skeleton|srcset|preload|mega ?menu|accordion)\b.* (late|inserted|"
    r"without|no |missing)"
)
OWN: Final = (
    r"\b(app|plugin)_\w+|\b(?!(?:int|bm|bc|modules|lib)_)\w+_(core|storefront|hooks|custom|jobs|overlay|theme|ext|"
    r"base|brand|shop)"
    r"/cartridge"
)
FAULT_HERE: Final = rf"(?=.*(?:{OWN}))(?=.*(?:{CODING}))"
PER_CALL: Final = (
    r"(token|session|login|guest|calls?|requests?)\b.*\b(per|each|every|on any|for all) (page|request|render|call|"
    r"click|view|product|tile|"
    r"component|hit|navigation)|(token|session|login)s?\b.*\b(not|never|without|no) (being )?(cach|reus|shar|stor|"
    r"persist)\w*|"
    r"(no|not|without|missing|stopped|fehlt?\w*|kein\w*) (token )?(cach|reus)\w*|refresh (loop|storm)|token loop|"
    r"loops? (on|over)|"
    r"retr(y|ies) (loop|storm|without)|without back.?off|pro (seite|aufruf)|à chaque (page|appel|requ[êe]te)|"
    r"(毎回|ごとに)|polling|polls"
)
"""Own code that calls too often: a limit belongs to whoever causes the calls."""

# The platform.
DATABASE: Final = (
    r"deadlock|core orm|ormexception|ormsession|orm\.jdbc|\bsql\w*exception|\bjdbc\b|connection pool|from pool|"
    r"pool exhaust|"
    r"\bdb (wait|lock|time|connection|node|failover|cpu|pool)|(database|datenbank|base de donn[ée]es|データベース)|"
    r"read.only mode|\bora-\d+|tablespace|redo log"
)
INSTANCE: Final = (
    r"\bpods?\b(?! (header|menu))|app ?servers?\b|application servers?\b|job ?servers?\b|instance (is )?(re)?start|"
    r"instance.{0,20}(unavailable|down|unreachable|not responding|hibernat|crash|reboot)|restarting|"
    r"unexpected_shutdown|unplanned restart|"
    r"web ?tier|web ?adapt[eo]r|\bjvm\b|outofmemory|gc overhead|garbage collect|full gc|scripting ?engine|"
    r"internal system error|"
    r"(contact|confirmed by|commerce cloud|salesforce|by|open(ed)?) (a )?(salesforce )?support\b|support (case|"
    r"ticket)|report this reference|"
    r"to support\)|salesforce (status|hosted|trust|incident|side|confirm\w*|outage|maintenance|support|infra\w*|"
    r"case|b2c)|status\.salesforce|"
    r"trust\.salesforce|trust (site|post|status|page|incident)|b2c commerce (release|update|\d)|"
    r"platform (release|fault|bug|service|issue|outage|update|maintenance|upgrade|side|regression|incident|"
    r"deploy\w*)|"
    r"plattform|plateforme|インスタンス|プラットフォーム|\binstanz|all nodes|every node|\bblades?\b|"
    r"custom cache service|"
    r"\b(all|every|other|multiple|several|alle|tous les|toutes? les) (tenant|realm|vendor|customer realm|mandant|"
    r"locataire)\w*|"
    r"(all|every|any) sites? (at once|and|on|of|in|fail|down|same)|every site|any site\b|across (all )?(sites|"
    r"realms|tenants|services)|"
    r"all clients|session (store|replication)|managed runtime|\bmrt\b|hyperforce|first.?party data cent|"
    r"file (transfer|storage|system) service|stale (file|nfs) handle|segments_\w+|lucene|indexer service|"
    r"search (service|server|node)|"
    r"webdav .*(\b50\d|unavailable)|image service|dynamic imaging|\bdis\b .*(50\d|slow|down)|job (framework|engine|"
    r"service|executor|scheduler)|"
    r"\bindexer[\w.-]*internal|remoteindexer|shard|heap (space|dump|usage|9\d|full)|java heap|thread pool|"
    r"worker threads|scheduler (down|stopped)|"
    r"no heartbeat|heartbeat (lost|missed)|node (left|lost|evicted)|log center (delay|down|unavailable)|"
    r"outbound proxy|\begress\b|"
    r"(our|commerce|salesforce) (data ?cent(er|re)|region) (out|power|failover)|primary failover|clusterlock|"
    r"cluster (lock|member|node)|"
    r"サーバー?(再起動|障害)|(serveur|server)s? (d'application|neu gestartet)"
)
GATEWAY: Final = (
    r"upstream (connect|request|reset|timeout)|reset before headers|no healthy upstream|(while|during) routing|"
    r"sfdc_gateway|"
    r"no (custom )?hooks?\b|hooks?: ?(0|none)|without (any )?hooks?|hooks? (disabled|not registered)|ohne hook|"
    r"sans hook|フックなし|"
    r"internalservererror|same on all|(all|every|each|any) (\w+ )?(famil(y|ies)|apis?|endpoints?|methods?|"
    r"operations?|resources?|clients?|scapi|ocapi)\b|no (own|custom) (code|script)|not our code|"
    r"load.?(status|shed)|throttle\b|lastabwurf|délestage|負荷(制限|遮断)|after 60 ?s|gateway time-?out.*(60|all)|"
    r"jwks|"
    r"degraded|backend.{0,12}(unavailable|down|error|fault)|(shopper|search|order|basket|product|login|"
    r"token) service (is )?(down|unavailable|fault|error)"
)
SLOW_EVERYWHERE: Final = (
    r"everywhere|all (pages|controllers|sites|requests|endpoints|routes|apis|storefronts)|(site|instance|shop).?wide|"
    r"überall|alle (seiten|shops|sites)|partout|toutes les pages|全(サイト|ページ|店)"
)

# The edge.
EDGE_SURE: Final = (
    r"\bwaf\b|\becdn\b|(our|own|eigene[rn]?|notre) (edge|cdn|zone|waf|dns|firewall)|edge (rule|certificate|worker|"
    r"function)|attention required|"
    r"\bd?dos attack|\bddos\b|firewall ?(custom|managed|rule)|botfight|managed_challenge|"
    r"originresponsestatus\W{1,3}0\b|"
    r"\bwaf\w*score|bot_?management|challenge page|\"action\":\"(block|challenge|managed)|"
    r"edgeresponsestatus\W{1,3}[45]\d\d.*originresponsestatus\W{1,3}2\d\d"
)
EDGE: Final = (
    r"cloudflare|\bcf-\w+|akamai|edgesuite|fastly|varnish|cloudfront|imperva|incapsula|datadome|perimeterx|"
    r"human security|kasada|"
    r"\bdns\b|nxdomain|servfail|dnssec|firewall|html (block|challenge)|block page|interstitial|(?<![.\w])bots?\b|"
    r"botnet|"
    r"headless|scrap(er|ing)|crawler|spider|credential stuffing|card(ing| testing)\b|brute.?force|account takeover|"
    r"enumeration|"
    r"\bja[34]\b|\bcname\b|name ?servers?|registrar|\bcaa\b|\bhsts\b|\b52[0-7]\b|"
    r"\bips?\b (block|reputation|range|allow|deny)|(allow|deny|block).?list|geo.?(block|ip|fenc)|country block|"
    r"rate.?limit\w* (rule|at)|"
    r"\bbgp\b|\bisps?\b|\bpops?\b|\bcolos?\b|http/?[23]\b|\bquic\b|ipv6|\bmtu\b|packet loss|cipher|turnstile|"
    r"captcha wall|"
    r"(same|single|identical|spoofed|fake|one) (user.?agent|ua|ip|asn)|ボット|攻撃|スクレイピング|angriff|attaque|"
    r"robots?\b|"
    r"\basn\b|(cache|cdn|zone|edge) purge|purge[ds]? (of )?(all|everything|cache|cdn|zone)|anycast|peering|"
    r"header stripped|cached (error|wrong|logged|personal)|route leak|cache (hit|rule|rate|ratio|key|status|"
    r"bypass)|"
    r"cachestatus|vanity (domain|host)|origin (ip|hostname|pull|dns|certificate|unreachable)|tcp (reset|handshake)|"
    r"\bray(id)?\b|transit|traceroute|resolver|ruleset|http_request_\w+|edgeresponsestatus|clientrequestpath|"
    r"firewallmanaged|sec_?events?|bot_?score|telecom|mobile carrier|provider network|internetanbieter|opérateur|"
    r"回線|キャッシュヒット"
)
EDGE_WORD: Final = r"\bedge\b|\bcdn\b(?!\.)"
REPLICATION_SERVICE: Final = (
    r"internal (system )?error|interner fehler|erreur interne|内部エラー|replication service|(target|source|"
    r"production|staging) (instance|system|server) "
    r"(is )?(not reachable|unreachable|down|unavailable|restart)|transfer (failed|service|aborted)|\b50\d\b|"
    r"connection (lost|reset|refused)|node "
)
SET: Final = (
    r"\b(en|dis)abled\b|deactivated|deleted|removed|renamed|edited|unassigned|unpublished|overwritten|"
    r"password protect\w*|"
    r"\bsite (closed|locked|offline)|config\w* change|changed? (of )?config|missing (key|value|entry|setting|"
    r"credential)"
)
VOLUME: Final = (
    r"storage|webdav|speicher|stockage|容量|\b(records?|objects?|products?|customers?|promotions?|coupons?|files?|"
    r"logs?)\b"
)
TLS: Final = (
    r"certificat|zertifikat|証明書|\bssl\b|\btls\b|handshake|\bacme\b|let's encrypt|digicert|\bdcv\b|"
    r"intermediate ca|cert chain"
)
HTML: Final = r"\bhtml\b.*json|(html|page).*\b403|\b403\b.*(html|page)|access denied.*reference #|just a moment"

# What somebody keeps in order.
CHANGED_SURE: Final = (
    r"\bbm\b|business manager|by mistake|accidental|aus versehen|versehentlich|par erreur|誤って|誤設定|data entry|"
    r"site import|site.?preferences?|by (merchandis|an? (admin|editor|operator|user|intern|colleague))|\bby user\b|"
    r"settings json|"
    r"\b(test|sandbox|staging) [\w ]{0,25}\b(in|on|used (on|in)|for) (the )?(live|prod\w*)|(load|stress|"
    r"penetration|qa) test|(sandbox|test) (credential|endpoint|key|url|account|mode)s?\b|"
    r"wrong (credential|key|account|price|currency|file|site|preference|merchant|url|locale|version|list|catalog)s?|"
    r"falsche[rsn]? (schlüssel|konto|preis|währung|datei|site)|mauvais(e)? (cl[ée]|compte|prix|fichier|devise)|"
    r"(credential|password|key|secret)s? .*(in bm|after .*import|empty|overwritten|replaced|not replicated|"
    r"expired in)|"
    r"processor ?= ?null|no (payment )?processor|processor .*not assigned|service (profile|credential|"
    r"definition) (was |is )?\w*"
    r"(disabled|changed|missing|edited|deleted|empty|off)|"
    r"no space left|disk full|webdav usage|(file|impex|log) space|storage (full|exceeded)|speicher ?(platz )?voll"
)
CHANGED: Final = (
    r"\b(edited|changed(?! (to|from) (new|ongoing|resolved))|deleted|disabled|removed|unassigned|renamed|switched|"
    r"turned|set|"
    r"emptied|overwritten|deactivated|disconnected|unticked|moved|archived|locked) "
    r"(in|by|on|off|at|since|to|today|yesterday|last|with|from|during|after|for|before)\b|"
    r"after (last |yesterday'?s? |today'?s? |the |a )?\w* ?(import|replication|data change|config\w*)|"
    r"not (assigned|enabled|configured|scheduled|replicated|published|activated|maintained|online)|"
    r"no \w+ ?\w* (assigned|configured|maintained)|"
    r"unassigned|misconfigur|configur|konfigur|site pref|\bpreference|\bsettings?\b|\btoggle|feature switch|"
    r"(falsch|nicht) (gepflegt|zugeordnet|konfiguriert|eingestellt|hinterlegt|aktiviert)|deaktiviert|gelöscht|"
    r"geändert|umbenannt|"
    r"désactiv|supprim|modifi[ée]|non (configur|assign|renseign)|mal (configur|param)|paramétr|未設定|設定(ミス|"
    r"変更|漏れ)|無効化|削除|変更され|"
    r"merchant?(is|iz|dis|diz)er|schedul|zeitplan|planifi|スケジュール|never ran|did not run|expired (campaign|"
    r"promotion)|\broles?\b|"
    r"permission|berechtigung|rotated|reverted|rolled back|manual|typo|copied from|overlap|ran twice|locked by|"
    r"maintenance mode|offline flag|"
    r"site (is )?(offline|status)|kill switch|cut.?over|by hand|von hand"
)
DATA: Final = (
    r"price ?book|preisbuch|preisliste|価格表|価格リスト|tarif|liste de prix|\bcatalog|katalog|catalogue|promotion|"
    r"campaign|kampagne|campagne|"
    r"coupon|gutschein|code promo|inventory (list|record|import|feed)|bestandsliste|bestände|without (a )?(price|"
    r"category|image|stock|tax)|"
    r"ohne preis|no price|sans prix|価格なし|price (missing|0|zero|is null)|prices? (of )?0|0[.,]00|"
    r"customer (group|list)|kundenliste|kundengruppe|"
    r"shipping (cost|method|table|rule|zone)|versandkosten|versandart|mode de livraison|frais de port|配送方法|送料|"
    r"sorting rule|content (slot|asset|library)|images? .*(404|missing|not (uploaded|found))|bilder? fehl|"
    r"images? manquant|page designer page|exchange rate|tax (table|class|rate)|steuersatz|impex|\bimports?\b|"
    r"\bfeed file|"
    r"\b(file|datei|fichier|xml|csv|ファイル)\b.*(missing|not found|fehlt|introuvable|nicht gefunden|empty|leer|"
    r"vide|見つかりません|ありません|corrupt|truncated|locked)|"
    r"image zip|mode (delete|replace|merge)|offline product|product.* (offline|not online)|stock (set to|all|"
    r"is) (0|zero)|"
    r"在庫(リスト|データ)|カタログ|クーポン|商品データ|商品マスタ|インポート|search index (not|never|out|stale|"
    r"older|empty|rebuil)|"
    r"index (not rebuilt|stale|outdated)|sequence|malformed (xml|csv)|xsd|cvc-\w+|saxparse|schema (validation|"
    r"violation)|xml validation|"
    r"validation error|encoding|utf-?8|\bbom\b|empty (list|file|feed)|delivery file|duplicate (id|sku|product|key|"
    r"entr)|alias(es)? file|redirect (file|rule|table)|"
    r"step (not found|type|parameter|config)|exclusive (lock|resource)|resource lock|custom object type|"
    r"import file|export file|sitemap file|"
    r"archive full|retention|purge job|clean.?up|aufräum|nettoyage|site (map|cartridge) path|cartridge path|"
    r"code version|compatib"
)
CLIENT: Final = (
    r"clientaccessforbidden|(misses|missing|lacks|lost|without|no) (the )?scope|invalid_scope|insufficient_scope|"
    r"scope .*(missing|removed)|"
    r"api.?client|client (id|entry|secret|credentials)|redirect_uri|redirect uri|invalid_client|"
    r"unauthorized_client|invalid_grant.*client|"
    r"access key|webdav .*(permission|client|password|user|\b40[13]\b)|account manager|tenant.?id wrong|channel_id|"
    r"siteid .*(unknown|not allowed)|ocapi settings"
)

# Single members.
HOOKLESS: Final = (
    r"ocapi/data|/?(data|auth|admin|einstein)\b|shopper/auth|(?<!shopper-)(catalogs|jobs|sites|preferences)\b"
)
READ_ONLY: Final = r"shopper-(search|products|stores|promotions|seo|context|experience|consents|configurations|gift)"
SINCE_RELEASE: Final = (
    r"(since|after|seit|depuis|with|from|nach|après) (the )?(release|deploy\w*|merge|version)?\s*(of )?\d\d\.\d+|"
    r"(since|after|seit|nach|depuis|après) (the |today's |last |yesterday's )?(release|deploy\w*|go.?live)|リリース後"
)
CORE_THROWN: Final = (
    r"^com\.demandware\.(core|component|orm|beehive)\.(?!.*\.(svc|net)\.)(?!.*(transactionrequired|illegal|"
    r"nullpointer|wrapped|"
    r"script|quota|hook|template|pipeline|api|http|webservice|soap|isml|argument|validation|parse|import))"
)
EDGE_EVENT: Final = (
    r"\b(waf|tls|ssl|cert\w*|bots?|ddos|dns|logpush|rate.?limit\w*|firewall|custom.?rules?|hostname|"
    r"cache|routing|ip\w*|page.?shield|access|zone|redirect|challenge|managed|l7|l3|mtls|ipv6|argo|pop|colo|"
    r"scrap\w*|edge|purge|"
    r"worker|geo|country|outage)\b"
)
JOB_AT_FAULT: Final = (
    r"(during|while|since|with|by|each time) (the )?(job|import|export|reindex|full \w+) |\bjob \w+ (runs|running|"
    r"\(top|cpu|takes|locks)|"
    r"heavy job|jobs? (overlap|collid)"
)
