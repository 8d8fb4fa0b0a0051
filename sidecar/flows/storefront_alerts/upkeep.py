"""The words by which the edge is known, and what somebody keeps in order: settings, data, jobs, clients.

In the languages shops are run in: en, de, fr, es, it, ja.
"""

from __future__ import annotations

from typing import Final

# The edge.
EDGE_SURE: Final = (
    r"\bwaf\b|\becdn\b|(our|own|eigene[rn]?|notre) (edge|cdn|zone|waf|dns|firewall)|edge (rule|certificate|worker|"
    r"function)|attention required|"
    r"\bd?dos attack|\bddos\b|firewall ?(custom|managed|rule)|botfight|managed_challenge|"
    r"originresponsestatus\W{1,3}0\b|"
    r"\bwaf\w*score|bot_?management|challenge page|\"action\":\"(block|challenge|managed)|"
    r"edgeresponsestatus\W{1,3}[45]\d\d.{0,80}originresponsestatus\W{1,3}2\d\d|"
    r"origin_?(response_?)?status\W{1,3}(0\b|null)|edge_?(response_?)?status\W{1,3}4\d\d|you have been blocked|"
    r"rate.?limit_?rule"
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
    r"\bray(id)?\b|transit|traceroute|resolver|ruleset|http_request_\w+|"
    r"firewallmanaged|sec_?events?|bot_?score|telecom|mobile carrier|provider network|internetanbieter|opérateur|"
    r"回線|キャッシュヒット|"
    r"sqlmap|nikto|etc/passwd|wp-login|xmlrpc|sql ?injection|vulnerability scan|scanner|/24\b|err_http2|err_quic|"
    r"err_ssl"
)
EDGE_WORD: Final = r"\bedge\b|\bcdn\b(?!\.)"
TLS: Final = (
    r"(?<!gift )certificat|zertifikat|証明書|\bssl\b|\btls\b|handshake|\bacme\b|let's encrypt|digicert|\bdcv\b|"
    r"intermediate ca|cert chain"
)
HTML: Final = (
    r"\bhtml\b.{0,80}json|(html|page).{0,80}\b403|\b403\b.{0,80}(html|page)|access denied.{0,80}reference #|"
    r"just a moment"
)
EDGE_EVENT: Final = (
    r"\b(waf|tls|ssl|cert\w*|bots?|ddos|dns|logpush|rate.?limit\w*|firewall|custom.?rules?|hostname|"
    r"cache|routing|ip\w*|page.?shield|access|zone|redirect|challenge|managed|l7|l3|mtls|ipv6|argo|pop|colo|"
    r"scrap\w*|edge|purge|"
    r"worker|geo|country|outage)\b"
)
OWN_HOST_TLS: Final = (
    r"(certificat|zertifikat|証明書|handshake|err_ssl|\btls\b)[^\n]{0,60}\b(www|shop|m|store|our|own)[. ]|"
    r"\b(www|shop|m|store)\.[\w.-]+[^\n]{0,60}(certificat|zertifikat|証明書|handshake|err_ssl|\btls\b)"
)

# Settings, data, jobs, clients.
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
CHANGED_SURE: Final = (
    r"\bbm\b|business manager|by mistake|accidental|aus versehen|versehentlich|par erreur|誤って|誤設定|data entry|"
    r"site import|site.?preferences?|by (merchandis|an? (admin|editor|operator|user|intern|colleague))|\bby user\b|"
    r"settings json|"
    r"\b(test|sandbox|staging) [\w ]{0,25}\b(in|on|used (on|in)|for) (the )?(live|prod\w*)|(load|stress|"
    r"penetration|qa) test|(sandbox|test) (credential|endpoint|key|url|account|mode)s?\b|"
    r"wrong (credential|key|account|price|currency|file|site|preference|merchant|url|locale|version|list|catalog)s?|"
    r"falsche[rsn]? (schlüssel|konto|preis|währung|datei|site)|mauvais(e)? (cl[ée]|compte|prix|fichier|devise)|"
    r"(credential|password|key|secret)s? .{0,80}(in bm|after .{0,80}import|empty|overwritten|replaced|not replicated|"
    r"expired in)|"
    r"processor ?= ?null|no (payment )?processor|processor .{0,80}not assigned|service (profile|credential|"
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
    r"site (is )?(offline|status)|kill switch|cut.?over|by hand|von hand|"
    r"(set|put|taken|went) (offline|online)|points? to (the )?(test|staging|wrong|old)|still running|(access|"
    r"permission) denied on|no files to"
)
DATA: Final = (
    r"price ?book|preisbuch|preisliste|価格表|価格リスト|tarif|liste de prix|\bcatalog|katalog|catalogue|promotion|"
    r"campaign|kampagne|campagne|"
    r"coupon|gutschein|code promo|inventory (list|record|import|feed)|bestandsliste|bestände|without (a )?(price|"
    r"category|image|stock|tax)|"
    r"ohne preis|no price|sans prix|価格なし|price (missing|0|zero|is null)|prices? (of )?0|0[.,]00|"
    r"customer (group|list)|kundenliste|kundengruppe|"
    r"shipping (cost|method|table|rule|zone)|versandkosten|versandart|mode de livraison|frais de port|配送方法|送料|"
    r"sorting rule|content (slot|asset|library)|images? .{0,80}(404|missing|not (uploaded|found))|bilder? fehl|"
    r"images? manquant|page designer page|exchange rate|tax (table|class|rate)|steuersatz|impex|\bimports?\b|"
    r"\bfeed file|"
    r"\b(file|datei|fichier|xml|csv|ファイル)\b.{0,80}(missing|not found|fehlt|introuvable|nicht gefunden|empty|leer|"
    r"vide|見つかりません|ありません|corrupt|truncated|locked)|"
    r"image zip|mode (delete|replace|merge)|offline product|product.{0,80} (offline|not online)|stock (set to|all|"
    r"is) (0|zero)|"
    r"在庫(リスト|データ)|カタログ|クーポン|商品データ|商品マスタ|インポート|search index (not|never|out|stale|"
    r"older|empty|rebuil)|"
    r"index (not rebuilt|stale|outdated)|malformed (xml|csv)|xsd|cvc-\w+|saxparse|schema (validation|"
    r"violation)|xml validation|"
    r"validation error|encoding|utf-?8|\bbom\b|empty (list|file|feed)|delivery file|duplicate (id|sku|product|key|"
    r"entr)|alias(es)? file|redirect (file|rule|table)|"
    r"step (not found|type|parameter|config)|exclusive (lock|resource)|resource lock|custom object type|"
    r"import file|export file|sitemap file|"
    r"archive full|retention|purge job|clean.?up|aufräum|nettoyage|site (map|cartridge) path|cartridge path|"
    r"code version|compatib|"
    r"categor(y|ies)|kategorie|404 .{0,80}images?|(never|not) uploaded|synonym|stop.?word|store data|geschäftsdaten|"
    r"(price|tax|stock|inventory) (list|data)|gift certificates? disabled|(minimum|maximum) order value|(price|"
    r"shipping|amount) threshold|catalog(ue)? (id|assign)|variation (group|attribute)|\bslots?\b on the page|"
    r"\d\d slots"
)
CLIENT: Final = (
    r"clientaccessforbidden|(misses|missing|lacks|lost|without|no) (the )?scope|invalid_scope|insufficient_scope|"
    r"scope .{0,80}(missing|removed)|"
    r"api.?client|client (id|entry|secret|credentials)|redirect_uri|redirect uri|invalid_client|"
    r"unauthorized_client|invalid_grant.{0,80}client|"
    r"access key|webdav .{0,80}(permission|client|password|user|\b40[13]\b)|account manager|tenant.?id wrong|"
    r"channel_id|"
    r"siteid .{0,80}(unknown|not allowed)|ocapi settings"
)
JOB_AT_FAULT: Final = (
    r"(during|while|since|with|by|each time) (the )?(job|import|export|reindex|full \w+) |\bjob \w+ (runs|running|"
    r"\(top|cpu|takes|locks)|"
    r"heavy job|jobs? (overlap|collid)"
)
