"""The Knowledge Management API: search, access by user criteria, languages, one article, its files."""

import pytest
import requests

ARTICLES = "/api/sn_km_api/knowledge/articles"


@pytest.fixture
def base(api) -> str:
    admin = api.get("table/sys_user", user_name="admin").json()["result"][0]["sys_id"]
    lead = api.get("table/sys_user", user_name="lead").json()["result"][0]["sys_id"]
    return api.made("kb_knowledge_base", title="Shop", owner=lead, application="global", kb_managers=admin)["sys_id"]


@pytest.fixture
def written(api, base):
    def write(title: str, text: str = "", **values: str):
        given = {"kb_knowledge_base": base, "workflow_state": "published", "published": "2026-01-01", "text": text}
        return api.made("kb_knowledge", short_description=title, **(given | values))

    return write


def found(who, path: str = "", **params):
    answer = who.at("GET", ARTICLES + path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def titles(result) -> list[str]:
    return [article["title"] for article in result["articles"]]


def test_a_search_ranks_by_what_it_finds(employee, written) -> None:
    written("Shipping", "A parcel is late. <b>Parcel</b> tracking helps, ask for the parcel number.")
    row = written("Parcel lost", "Say sorry.")
    written("Refund", "Nothing about it.")
    written("Both words", "parcel refund")
    result = found(employee, query="parcel", limit=2, fields=["short_description", "kb_knowledge_base"])
    meta = result["meta"]
    assert (meta["start"], meta["end"], meta["count"], meta["query"], meta["status"]) == (
        0,
        2,
        3,
        "parcel",
        {"code": 200},
    )
    assert (meta["fields"], meta["language"], len(meta["ts_query_id"])) == (
        "short_description,kb_knowledge_base",
        "en",
        32,
    )
    assert titles(result) == ["Parcel lost", "Shipping"]
    first, second = result["articles"]
    assert (first["rank"], first["id"], first["number"]) == (1, f"kb_knowledge:{row['sys_id']}", row["number"])
    assert first["score"] > second["score"] > 0
    assert first["link"] == (
        f"?sys_kb_id={row['sys_id']}&id=kb_article_view&sysparm_rank=1&sysparm_tsqueryId={meta['ts_query_id']}"
    )
    assert first["fields"]["kb_knowledge_base"]["display_value"] == "Shop"
    assert set(first["fields"]["short_description"]) == {"display_value", "name", "label", "type", "value"}
    assert "<b>" not in second["snippet"]
    assert titles(found(employee, query="parcel refund")) == ["Both words"], "every word must occur"
    assert titles(found(employee, query="parcel", offset=2)) == ["Both words"]


def test_without_a_query_everything_published_is_listed(employee, written) -> None:
    written("Newer", published="2026-02-01")
    written("Older", published="2026-01-01")
    written("Draft", workflow_state="draft")
    written("Retired", workflow_state="retired")
    written("Expired", valid_to="2020-01-01")
    result = found(employee)
    assert (titles(result), result["articles"][0]["score"]) == (["Newer", "Older"], -1)
    assert "ts_query_id" not in result["meta"]
    assert titles(found(employee, filter="short_description=Older")) == ["Older"]
    assert titles(found(employee, kb="0" * 32)) == []
    assert titles(found(employee, filter="short_description=none^NQworkflow_state=draft")) == [], (
        "a filter opens nothing"
    )


def test_languages(employee, written) -> None:
    english = written("Hello")
    written("Hallo", language="de", parent=english["sys_id"], text="Inhalt")
    assert titles(found(employee)) == ["Hello"]
    assert titles(found(employee, language="de")) == ["Hallo"]
    assert sorted(titles(found(employee, language="all"))) == sorted(titles(found(employee, language="en,de")))
    german = found(employee, f"/{english['number']}", language="de")
    assert (german["content"], german["language"]) == ("Inhalt", "de")
    assert {one["label"] for one in german["languages"]} == {"English", "German"}
    assert found(employee, f"/{english['sys_id']}", language="de")["language"] == "en", "only a number is translated"


@pytest.mark.parametrize(
    ("criterion", "employee_may"),
    [
        ({"user": "employee"}, True),
        ({"user": "agent"}, False),
        ({"group": "Service Desk"}, False),
        ({"role": "itil"}, False),
        ({"user": "employee", "role": "itil"}, True),
        ({"user": "employee", "role": "itil", "match_all": "true"}, False),
        ({"user": "employee", "active": "false"}, False),
        ({"advanced": "true", "script": "gs.getUserName() == 'employee'"}, True),
        ({"advanced": "true", "script": "false"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("table", ["kb_uc_can_read_mtom", "kb_uc_cannot_read_mtom"])
def test_user_criteria_open_and_close_a_base(api, employee, base, written, table, criterion, employee_may) -> None:
    written("Inside")
    ids = {"user": ("sys_user", "user_name"), "group": ("sys_user_group", "name"), "role": ("sys_user_role", "name")}
    values = dict(criterion)
    for name in set(ids) & set(values):
        where, column = ids[name]
        values[name] = api.get(f"table/{where}", **{column: values[name]}).json()["result"][0]["sys_id"]
    made = api.made("user_criteria", name="c", **values)
    api.made(table, kb_knowledge_base=base, user_criteria=made["sys_id"])
    may = employee_may if table == "kb_uc_can_read_mtom" else not employee_may
    assert titles(found(employee)) == (["Inside"] if may else [])


def test_an_article_has_criteria_of_its_own(api, employee, agent, written) -> None:
    me = api.get("table/sys_user", user_name="employee").json()["result"][0]["sys_id"]
    mine = api.made("user_criteria", name="employee", user=me)["sys_id"]
    written("For one", can_read_user_criteria=mine)
    hidden = written("For others", cannot_read_user_criteria=mine)
    assert (titles(found(employee)), titles(found(agent))) == (["For one"], ["For others"])
    assert employee.at("GET", f"{ARTICLES}/{hidden['sys_id']}").status_code == 404


def test_one_article_with_its_files(api, employee, written) -> None:
    row = written("With files", "body", display_attachments="true")
    ids = []
    for name in ("a.txt", "b.png"):
        params = {"table_name": "kb_knowledge", "table_sys_id": row["sys_id"], "file_name": name}
        made = api("POST", "attachment/file", params=params, data=b"bytes", headers={"Content-Type": "text/plain"})
        ids.append(made.json()["result"]["sys_id"])
    api.patch(f"table/kb_knowledge/{row['sys_id']}", {"text": f"<img src='/sys_attachment.do?sys_id={ids[1]}'>"})
    for key in (row["sys_id"], row["number"]):
        article = found(employee, f"/{key}", fields="number")
        assert (article["number"], article["template"], article["display_attachments"]) == (row["number"], False, True)
        assert [file["file_name"] for file in article["attachments"]] == ["a.txt"]
        assert [file["file_name"] for file in article["embedded_content"]] == ["b.png"]
        assert article["fields"]["number"]["value"] == row["number"]
    file = employee.at("GET", f"{ARTICLES}/{row['sys_id']}/attachments/{ids[0]}", headers={"Accept": "text/plain"})
    assert (file.content, file.headers["Content-Type"]) == (b"bytes", "text/plain")
    other = written("Other")
    assert employee.at("GET", f"{ARTICLES}/{other['sys_id']}/attachments/{ids[0]}").status_code == 404
    assert "attachments" not in found(employee, f"/{other['sys_id']}")


def test_views_are_counted_and_lead_the_most_viewed(api, employee, written) -> None:
    one, two = written("One"), written("Two")
    written("Never looked at")
    found(employee, f"/{one['sys_id']}", update_view="")
    found(employee, f"/{two['sys_id']}", update_view="false")
    found(employee, f"/{two['sys_id']}", search_id="s", search_rank="1", update_view="true")
    found(employee, f"/{two['sys_id']}", search_id="s")
    assert titles(found(employee, "/most_viewed")) == ["Two", "One"]
    assert len(api.get("table/kb_use", article=two["sys_id"]).json()["result"]) == 2


def test_featured_articles_have_the_keyword(api, employee, written) -> None:
    row = written("Outage tonight")
    written("Other")
    assert found(employee, "/featured")["articles"] == []
    api.made("kb_knowledge_keyword", knowledge=row["sys_id"], keyword="homepage")
    result = found(employee, "/featured")
    assert (titles(result), result["meta"]["query"]) == (["Outage tonight"], "homepage")


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/no-such", {}, 404),
        ("POST", "", {"json": {}}, 405),
        ("GET", "", {"headers": {"Accept": "text/csv"}}, 406),
    ],
)
def test_what_is_refused(employee, method, path, options, status) -> None:
    assert employee.at(method, ARTICLES + path, **options).status_code == status


def test_guests_see_open_bases_unless_switched_off(snow, api, base, written) -> None:
    row = written("Open")
    url = f"{snow.url}{ARTICLES}"
    assert titles(requests.get(url, timeout=10).json()["result"]) == ["Open"]
    assert requests.get(f"{url}/{row['sys_id']}", timeout=10).status_code == 200
    assert requests.get(url, auth=("employee", "wrong"), timeout=10).status_code == 401
    assert requests.get(f"{snow.url}/api/now/table/kb_knowledge", timeout=10).status_code == 401
    mine = api.made("user_criteria", name="staff", advanced="true", script="gs.hasRole('snc_internal')")["sys_id"]
    link = api.made("kb_uc_can_read_mtom", kb_knowledge_base=base, user_criteria=mine)["sys_id"]
    assert titles(requests.get(url, timeout=10).json()["result"]) == []
    api.delete(f"table/kb_uc_can_read_mtom/{link}")
    setting = api.get("table/sys_properties", name="emulator.rest.knowledge.public").json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "false"})
    assert requests.get(url, timeout=10).status_code == 401


def test_customers_and_guests_have_a_limit_an_hour(snow, api, employee, sign_in) -> None:
    contact = api.get("table/customer_contact", user_name="piers.lindgren").json()["result"][0]["sys_id"]
    api.patch(f"table/customer_contact/{contact}", {"user_password": "piers.lindgren"})
    piers = sign_in("piers.lindgren")
    assert piers.at("GET", ARTICLES).headers["X-RateLimit-Limit"] == "500"
    assert requests.get(f"{snow.url}{ARTICLES}", timeout=10).headers["X-RateLimit-Limit"] == "500"
    assert "X-RateLimit-Limit" not in employee.at("GET", ARTICLES).headers
    for rule in api.get("table/sys_rate_limit_rules", api="sn_km_api/knowledge").json()["result"]:
        api.patch(f"table/sys_rate_limit_rules/{rule['sys_id']}", {"request_limit": "1"})
    assert [piers.at("GET", ARTICLES).status_code for _ in range(2)] == [200, 429], "a changed rule counts anew"
