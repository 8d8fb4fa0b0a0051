"""The Knowledge Management API (product documentation knowledge-api), under ``/api/sn_km_api/[v1/]knowledge/articles``.

Search, featured and most viewed articles, one article with its content, files of an article. Only what is published and
what user criteria admit is found. Without a sign-in one is a guest, unless `emulator.rest.knowledge.public` is off.
"""

from __future__ import annotations

import html
import math
import re
from typing import Any, Final

from snow_app.emulator import attachments
from snow_app.emulator.errors import NoRecord
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.knowledge import Readable, viewed
from snow_app.emulator.rest.attachment import file_reply
from snow_app.emulator.rest.filters import escaped
from snow_app.emulator.rest.request import Reply, Request

DEFAULT_LIMIT: Final = 30
FEATURED: Final = "homepage"
"""The keyword that makes an article featured."""

_WEIGHTS: Final = {"short_description": 8.0, "meta": 4.0, "number": 8.0, "text": 1.0, "wiki": 1.0}
_UNSCORED: Final = -1
_SNIPPET: Final = 250
_LANGUAGES: Final = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "ja": "Japanese",
    "pt": "Portuguese",
}
_TAG = re.compile(r"<[^>]*>")


# Lists -------------------------------------------------------


def searched(request: Request) -> Reply:
    """GET articles; with `query` the best match first, else the newest."""
    query = request.params.get("query", "")
    found = Readable(request.session).articles(_condition(request, request.params.get("filter", "")))
    words = query.lower().split()
    if not words:
        return _page(request, [(row, _UNSCORED) for row in found], query=query)
    scored = [(row, score) for row in found if (score := _score(row, words)) > 0]
    scored.sort(key=lambda pair: (-pair[1], pair[0]["number"]))
    return _page(request, scored, query=query, search=request.session.instance.new_id())


def featured(request: Request) -> Reply:
    """GET the articles with the keyword of the home page."""
    links = request.session.instance.records.all("kb_knowledge_keyword", keyword=FEATURED)
    ids = ",".join(link["knowledge"] for link in links)
    found = Readable(request.session).articles(_condition(request, f"sys_idIN{ids}")) if ids else []
    return _page(request, [(row, _UNSCORED) for row in found], query=FEATURED)


def most_viewed(request: Request) -> Reply:
    """GET the articles that were looked at, most often first."""
    condition = _condition(request, "sys_view_count>0^ORDERBYDESCsys_view_count")
    found = Readable(request.session).articles(condition)
    return _page(request, [(row, _UNSCORED) for row in found], query="")


def _condition(request: Request, more: str) -> str:
    bases = request.params.get("kb", "")
    language = _language(request)
    terms = [f"kb_knowledge_baseIN{escaped(bases)}" if bases else "", more]
    terms.append("" if language == "all" else f"languageIN{escaped(language)}")
    return "^".join(filter(None, [*terms, "ORDERBYDESCpublished", "ORDERBYnumber"]))


def _language(request: Request) -> str:
    return request.params.get("language") or request.session.user.locale.split("-", 1)[0] or "en"


def _page(request: Request, found: list[tuple[Row, float]], *, query: str, search: str = "") -> Reply:
    limit, offset = max(0, request.number("limit", DEFAULT_LIMIT)), max(0, request.number("offset", 0))
    fields = _fields(request)
    meta: dict[str, Any] = {
        "start": offset,
        "end": offset + limit,
        "fields": ",".join(fields),
        "query": query,
        "filter": request.params.get("filter", ""),
        "kb": request.params.get("kb", ""),
        "language": _language(request),
        "count": len(found),
    }
    if search:
        meta["ts_query_id"] = search
    meta["status"] = {"code": 200}
    articles = [
        _listed(request.session, row, fields, score=score, rank=rank, search=search, query=query)
        for rank, (row, score) in enumerate(found[offset : offset + limit], start=offset + 1)
    ]
    return Reply.result(200, {"meta": meta, "articles": articles})


def _listed(
    session: Session, row: Row, fields: list[str], *, score: float, rank: int, search: str, query: str
) -> dict[str, Any]:
    sys_id = row["sys_id"]
    link = f"?id=kb_article_view&sys_kb_id={sys_id}"
    if search:
        link = f"?sys_kb_id={sys_id}&id=kb_article_view&sysparm_rank={rank}&sysparm_tsqueryId={search}"
    ranked = {"rank": rank} if search else {}
    return {
        "link": link,
        **ranked,
        "id": f"kb_knowledge:{sys_id}",
        "title": row["short_description"],
        "snippet": _snippet(_plain(row), query.lower().split() if search else []),
        "score": score,
        "number": row["number"],
        "fields": _shown(session, row, fields),
    }


def _score(row: Row, words: list[str]) -> float:
    """How well an article fits: every word must occur somewhere, words of the title weigh most."""
    total = 0.0
    texts = {name: _TAG.sub(" ", row.get(name, "")).lower() for name in _WEIGHTS}
    for word in words:
        weight = sum(weight * math.log1p(texts[name].count(word)) for name, weight in _WEIGHTS.items())
        if weight == 0:
            return 0.0
        total += weight
    return round(total, 4)


def _plain(row: Row) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", row["text"] or row["wiki"])).split())


def _snippet(text: str, words: list[str]) -> str:
    """The text around the first word that was looked for."""
    hits = [position for word in words if (position := text.lower().find(word)) >= 0]
    start = max(0, min(hits, default=0) - _SNIPPET // 4)
    return text[start : start + _SNIPPET]


# One article -------------------------------------------------


def article(request: Request, key: str) -> Reply:
    """GET one by sys_id or number, a number in another `language` where there is a translation. Raises NoRecord."""
    session, row = request.session, _found(request.session, key, request.params.get("language", ""))
    if {"search_id", "search_rank"} <= set(request.params):
        viewed(session, row, request.params["search_id"])
    elif "update_view" in request.params:
        viewed(session, row)
    document: dict[str, Any] = {
        "content": row["wiki"] if row["article_type"] == "wiki" else row["text"],
        "template": False,
        "number": row["number"],
        "sys_id": row["sys_id"],
        "short_description": row["short_description"],
        "display_attachments": row["display_attachments"] == "true",
    }
    if document["display_attachments"]:
        files = session.instance.records.all("sys_attachment", table_sys_id=row["sys_id"])
        embedded = [file for file in files if file["sys_id"] in document["content"]]
        document["attachments"] = [_file(file) for file in files if file not in embedded]
        document["embedded_content"] = [_file(file) for file in embedded]
    translations = _translations(session, row)
    if translations:
        document["language"] = row["language"]
        document["languages"] = [
            {
                "label": _LANGUAGES.get(one["language"], one["language"]),
                "language": one["language"],
                "sys_id": one["sys_id"],
            }
            for one in translations
        ]
    fields = _fields(request)
    return Reply.result(200, document | ({"fields": _shown(session, row, fields)} if fields else {}))


def downloaded(request: Request, key: str, attachment: str) -> Reply:
    """GET a file of an article. Raises NoRecord."""
    session, row = request.session, _found(request.session, key, "")
    file = session.instance.records.get("sys_attachment", attachment)
    if file is None or file["table_sys_id"] != row["sys_id"]:
        raise NoRecord
    return file_reply(request, file, attachments.content(session, file))


def _found(session: Session, key: str, language: str) -> Row:
    readable = Readable(session)
    found = readable.articles(f"sys_id={escaped(key)}^ORnumber={escaped(key)}")
    if not found:
        raise NoRecord
    row = found[0]
    if language and row["number"] == key:
        candidates = (readable.articles(f"sys_id={one['sys_id']}") for one in _translations(session, row))
        return next((one[0] for one in candidates if one and one[0]["language"] == language), row)
    return row


def _translations(session: Session, row: Row) -> list[Row]:
    """Every version of an article in some language, itself included; empty when there is only one."""
    origin = row["parent"] or row["sys_id"]
    found = session.query("kb_knowledge", f"parent={origin}^ORsys_id={origin}^workflow_state=published", acl=False)
    return found if len(found) > 1 else []


def _file(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("sys_id", "file_name", "size_bytes", "state")}


# Fields ------------------------------------------------------


def _fields(request: Request) -> list[str]:
    """`fields` may be repeated and hold commas."""
    names = [part.strip() for name, value in request.pairs if name == "fields" for part in value.split(",")]
    return list(dict.fromkeys(filter(None, names)))


def _shown(session: Session, row: Row, fields: list[str]) -> dict[str, dict[str, str]]:
    columns = session.instance.dictionary.columns("kb_knowledge")
    return {
        name: {
            "display_value": session.display("kb_knowledge", row, name),
            "name": name,
            "label": columns[name].label,
            "type": columns[name].type,
            "value": row[name],
        }
        for name in fields
        if name in columns
    }
