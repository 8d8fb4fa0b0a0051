"""The words by which a fault of the own code or of the platform is known, one pattern per kind.

In the languages shops are run in: en, de, fr, es, it, ja.
"""

from __future__ import annotations

from typing import Final

# Whose code.
CODING: Final = (
    r"(type|reference|syntax|range|eval|ecma|uri|internal)error\b|"
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
    r"\.isml|templatenotfound|template .{0,80}(not found|missing|unknown|error)|vorlage|テンプレート|"
    r"mod[èe]le introuvable|"
    r"gabarit|plantilla|resource bundle|resource (key|file)|\.properties\b|forms/[\w/]+\.xml|form (definition|"
    r"group|field)|"
    r"translation|[üu]bersetzung|traduction|翻訳|isinclude|remote include|iscache|isprint|isdecorate|iscomponent|"
    r"page ?designer component"
)
FRONT_END: Final = (
    r"\b(main|checkout|bundle|vendor|app|global|[\w-]{1,40}\.min|[\w-]{1,40}\.bundle|"
    r"[\w-]{0,40}(product|cart|tile|menu|search|global|detail|quickview)\w{0,40})\.js\b|"
    r"console error|lazy.?load|carousel|karussell|carrousel|カルーセル|render.?blocking|blocking (script|css)|"
    r"long task|"
    r"layout (shift|thrash)|hydrat|web ?font|font.?(swap|display|face)|unoptimi[sz]ed|uncompressed|unminified|"
    r"javascript (error|file|bundle)|webpack|\b(js|css) (chunk|bundle|file)|bundle size|(click|event|scroll|input|"
    r"resize|key) ?handler|"
    r"event listener|\bdom\b|jquery|\breact\b|uncached|page cache|"
    r"\b(hero|banner|slider|image|video|teaser|bild|visuel|画像)\w* .{0,80}(size|dimension|without|no (width|height)|"
    r"\dmb\b| mb\b|largeur|breite)|"
    r"(width|height) attribute|own (markup|css|bundle)|stylesheet|\bcss\b|"
    r"\b(safari|ios( \d+)?|android|firefox|chrome|edge \d+) (only|users)|only (on|in) (safari|ios|android|firefox|"
    r"chrome)|"
    r"sticky (header|bar|footer|cta)|modal (open|clos)|pwa.?kit|retail.react|\bssr\b|uncaught|inline script|"
    r"\bcsp\b|isscript|handlebars|"
    r"add.?to.?(cart|basket) button|button (dead|unresponsive|not bound|does nothing|never)|"
    r"productdetail|(img|picture|iframe|svg|skeleton|srcset|preload|mega ?menu|accordion)\b.{0,80} (late|inserted|"
    r"without|no |missing)|"
    r"demandware\.static\S*\.(js|css)|/js/[\w.-]+\.js"
)
OWN: Final = (
    r"\b(app|plugin)_\w+|\b(?!(?:int|bm|bc|modules|lib)_)\w+_(core|storefront|hooks|custom|jobs|overlay|theme|ext|"
    r"base|brand|shop)"
    r"/cartridge"
)
JAVA_FAULT: Final = r"nullpointer|\bnpe\b|classcast|numberformat"
FAULT_HERE: Final = rf"^(?=.*(?:{OWN}))(?=.*(?:{CODING}|{JAVA_FAULT}))"
PER_CALL: Final = (
    r"(token|session|login|guest|calls?|requests?)\b.{0,80}\b(per|each|every|on any|for all) (page|request|render|"
    r"call|"
    r"click|view|product|tile|"
    r"component|hit|navigation)|(token|session|login)s?\b.{0,80}\b(not|never|without|no) (being )?(cach|reus|shar|"
    r"stor|"
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
    r"webdav .{0,80}(\b50\d|unavailable)|image service|dynamic imaging|\bdis\b .{0,80}(50\d|slow|down)|"
    r"job (framework|engine|"
    r"service|executor|scheduler)|"
    r"\bindexer[\w.-]*internal|remoteindexer|shard|heap (space|dump|usage|9\d|full)|java heap|thread pool|"
    r"worker threads|scheduler (down|stopped)|"
    r"no heartbeat|heartbeat (lost|missed)|node (left|lost|evicted)|log center (delay|down|unavailable)|"
    r"outbound proxy|\begress\b|"
    r"(our|commerce|salesforce) (data ?cent(er|re)|region) (out|power|failover)|primary failover|clusterlock|"
    r"cluster (lock|member|node)|"
    r"サーバー?(再起動|障害)|(serveur|server)s? (d'application|neu gestartet)|"
    r"platform.?wide|\btrust #|sequence ?service|contact (customer|technical|product) support|request threads|"
    r"instance (limit|load|memory|cpu|upgrade|update|maintenance|restore)|(all|every|each|"
    r"several) (organi[sz]ation|realm|pod|merchant)s?\b|whole realm|vanilla|reference sandbox|sfra sandbox|\b(all|"
    r"every|\d\d+) jobs?\b|jobs? (stuck|hang|pending|not picked up)"
)
GATEWAY: Final = (
    r"upstream (connect|request|reset|timeout)|reset before headers|no healthy upstream|(while|during) routing|"
    r"sfdc_gateway|"
    r"no (custom )?hooks?\b|hooks?: ?(0|none)|without (any )?hooks?|hooks? (disabled|not registered)|ohne hook|"
    r"sans hook|フックなし|"
    r"internalservererror|same on all|(all|every|each|any) (\w+ )?(famil(y|ies)|apis?|endpoints?|methods?|"
    r"operations?|resources?|clients?|scapi|ocapi)\b|no (own|custom) (code|script)|not our code|"
    r"load.?(status|shed)|throttle\b|lastabwurf|délestage|負荷(制限|遮断)|after 60 ?s|gateway time-?out.{0,80}(60|"
    r"all)|"
    r"jwks|"
    r"degraded|backend.{0,12}(unavailable|down|error|fault)|(shopper|search|order|basket|product|login|"
    r"token) service (is )?(down|unavailable|fault|error)|"
    r"temporarily unavailable|due to maintenance|(scapi|ocapi|api) gateway|region \w\w"
)
SLOW_EVERYWHERE: Final = (
    r"everywhere|all (pages|controllers|sites|requests|endpoints|routes|apis|storefronts)|(site|instance|shop).?wide|"
    r"überall|alle (seiten|shops|sites)|partout|toutes les pages|全(サイト|ページ|店)"
)
REPLICATION_SERVICE: Final = (
    r"internal (system )?error|interner fehler|erreur interne|内部エラー|replication service|(target|source|"
    r"production|staging) (instance|system|server) "
    r"(is )?(not reachable|unreachable|down|unavailable|restart)|transfer (failed|service|aborted)|\b50\d\b|"
    r"connection (lost|reset|refused)|node |"
    r"\b(staging|target|production) (host|box|vm)|fr[oe]ez|froze|stays at|\bhangs?\b|stuck at|disk of"
)
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
PAGE_PARTS: Final = (
    r"\b(drop.?down|menu|mini.?cart|header|footer|wizard|tab|link|filter|layout|tile|badge|swatch|overlay|input|"
    r"field|form|button|page script)s? "
    r"[\w ]{0,25}\b(does nothing|do nothing|hid(es?|den)|covered|overlap\w*|broken|empty|missing|drops?|never|dead|"
    r"unresponsive|not (shown|bound|clickable|visible))|"
    r"\b(hides?|covers?|breaks?|drops) [\w ]{0,25}(button|field|link|menu|form|header|banner)|does nothing on|"
    r"\b(our|own|new|unsere?|notre|nouve\w+|neue[rsnm]?) (change|header|footer|design|layout|theme|controller|"
    r"checkout page|template|component|markup|version of)|"
    r"\bcontrollers? (\w+ )?(computes?|loads?|loops?|calls?|sends?|answers?|returns?|throws?|fails?|renders?)|"
    r"one by one|for each (tile|product|variant|line)|"
    r"(redirect|loop)s? between|(infinite|endless) redirect|does nothing|nach unserem|since our"
)
