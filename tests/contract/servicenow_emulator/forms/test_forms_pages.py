"""Signing in, lists, forms, navigator."""

import json

import pytest

from snow_app.emulator.tiny_urls import kept

HOSTILE = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>"


def found(tree, path: str) -> list[str]:
    """Texts of an XPath's elements."""
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


# --- signing in


def test_strangers_are_asked_to_sign_in_and_come_back(stranger) -> None:
    answer = stranger.client.get("/incident.do?sys_id=-1")
    assert answer.status_code == 302
    page = stranger.fields(answer.location)
    back = stranger.sign_in(next=page["next"])
    assert back.location.startswith("/incident.do?sys_id=-1")


def test_wrong_credentials_are_refused(stranger) -> None:
    answer = stranger.sign_in(password="wrong")
    assert answer.status_code == 401
    assert "User name or password invalid" in answer.text
    assert stranger.client.get("/incident_list.do").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)", "/a\nb"]
)
def test_signing_in_leads_nowhere_else(stranger, target) -> None:
    assert stranger.sign_in(next=target).location == "/"


def test_signing_out_ends_the_session(browser) -> None:
    browser.client.get("/logout.do")
    assert browser.client.get("/incident_list.do").status_code == 302


# --- the form


def test_a_form_shows_the_record(browser, incident) -> None:
    page = browser.get(f"/incident.do?sys_id={incident['sys_id']}")
    assert found(page, "//h1") == [incident["number"]]
    assert page.get_element_by_id("incident.short_description").value == "Printer"
    assert page.get_element_by_id("incident.urgency").value == "2"
    assert page.get_element_by_id("label.incident.urgency").get("for") == "incident.urgency"


def test_every_control_has_a_label(browser, incident) -> None:
    page = browser.get(f"/incident.do?sys_id={incident['sys_id']}")
    labelled = {label.get("for") for label in page.xpath("//label")}
    controls = page.xpath("//main//input[not(@type='hidden')] | //main//select | //main//textarea")
    assert controls
    assert {control.get("id") for control in controls} <= labelled


def test_saving_writes_what_changed(browser, admin, incident) -> None:
    address = f"/incident.do?sys_id={incident['sys_id']}"
    answer = browser.post(
        address, sys_action="save", **{"incident.short_description": "Scanner", "incident.urgency": "1"}
    )
    assert answer.status_code == 302
    row = admin.get("incident", incident["sys_id"])
    assert (row["short_description"], row["urgency"], row["sys_mod_count"]) == ("Scanner", "1", "1")


def test_saving_without_a_change_writes_nothing(browser, admin, incident) -> None:
    browser.post(f"/incident.do?sys_id={incident['sys_id']}", sys_action="save")
    assert admin.get("incident", incident["sys_id"])["sys_mod_count"] == "0"


def test_update_returns_to_the_list(browser, incident) -> None:
    address = f"/incident.do?sys_id={incident['sys_id']}&sysparm_return=/incident_list.do%3Fsysparm_rows%3D50"
    assert browser.post(address, sys_action="update").location == "/incident_list.do?sysparm_rows=50"


def test_a_new_record_is_submitted(browser, admin) -> None:
    values = {"incident.short_description": "Fresh", "incident.caller_id": admin.user.sys_id}
    answer = browser.post("/incident.do?sys_id=-1", sys_action="save", **values)
    row = admin.query("incident", "short_description=Fresh")[0]
    assert row["sys_id"] in answer.location
    assert (row["caller_id"], row["state"]) == (admin.user.sys_id, "1")


def test_a_record_is_deleted(browser, admin, incident) -> None:
    browser.post(f"/incident.do?sys_id={incident['sys_id']}", sys_action="delete")
    assert admin.get("incident", incident["sys_id"]) is None


def test_times_are_read_in_the_users_zone(browser, admin, incident) -> None:
    browser.post(
        f"/incident.do?sys_id={incident['sys_id']}",
        sys_action="save",
        **{"incident.resolved_at": "2026-07-01 12:00:00"},
    )
    assert admin.get("incident", incident["sys_id"])["resolved_at"] == "2026-07-01 10:00:00"


def test_notes_become_activity(browser, incident) -> None:
    address = f"/incident.do?sys_id={incident['sys_id']}"
    browser.post(address, sys_action="save", **{"incident.work_notes": f"called {HOSTILE}"})
    page = browser.get(address)
    assert found(page, "//li[@data-kind='work_notes']//div[@class='text']")[0].startswith("called <img")
    assert page.get_element_by_id("incident.work_notes").value.strip() == ""


def test_a_form_without_its_token_is_refused(browser, admin, incident) -> None:
    address = f"/incident.do?sys_id={incident['sys_id']}"
    for token in ("", "wrong"):
        answer = browser.post(address, sys_action="save", sysparm_ck=token, **{"incident.short_description": "Forged"})
        assert answer.status_code == 403
    assert admin.get("incident", incident["sys_id"])["short_description"] == "Printer"


def test_an_aborted_save_says_why_and_keeps_what_was_typed(browser, admin, incident) -> None:
    script = "gs.addErrorMessage('Not on <b>Mondays</b>'); current.setAbortAction(true);"
    admin.insert(
        "sys_script",
        {
            "name": "No",
            "collection": "incident",
            "when": "before",
            "action_update": "true",
            "advanced": "true",
            "script": script,
        },
    )
    answer = browser.post(
        f"/incident.do?sys_id={incident['sys_id']}", sys_action="save", **{"incident.short_description": "Typed"}
    )
    assert answer.status_code == 200
    assert "Not on &lt;b&gt;Mondays&lt;/b&gt;" in answer.text
    assert 'value="Typed"' in answer.text
    assert admin.get("incident", incident["sys_id"])["short_description"] == "Printer"


def test_an_unreadable_date_is_named(browser, incident) -> None:
    answer = browser.post(
        f"/incident.do?sys_id={incident['sys_id']}", sys_action="save", **{"incident.resolved_at": "soon"}
    )
    assert "write the date as yyyy-MM-dd" in answer.text


def test_messages_survive_the_redirect_once(browser, admin, incident) -> None:
    script = "gs.addInfoMessage('Noted');"
    admin.insert(
        "sys_script",
        {
            "name": "Say",
            "collection": "incident",
            "when": "after",
            "action_update": "true",
            "advanced": "true",
            "script": script,
        },
    )
    answer = browser.post(f"/incident.do?sys_id={incident['sys_id']}", sys_action="save", **{"incident.urgency": "1"})
    path = "//div[contains(@class, 'outputmsg_info')]/span"
    assert found(browser.get(answer.location), path) == ["Noted"]
    assert found(browser.get(answer.location), path) == []


def test_a_record_one_may_not_see_is_not_found(person, incident) -> None:
    employee = person("employee")
    page = employee.get(f"/incident.do?sys_id={incident['sys_id']}", status=404)
    assert found(page, "//h1") == ["Record not found"]


def test_hostile_text_stays_text(browser, admin) -> None:
    row = admin.insert("incident", {"short_description": HOSTILE, "description": HOSTILE})
    for address in (
        f"/incident.do?sys_id={row['sys_id']}",
        "/incident_list.do",
        f"/incident_list.do?sysparm_query=short_description={HOSTILE}",
    ):
        page = browser.get(address)
        assert not page.xpath("//img")
        assert "alert(2)" not in "".join(page.xpath("//script/text()"))
    assert (
        browser.get(f"/incident.do?sys_id={row['sys_id']}").get_element_by_id("incident.short_description").value
        == HOSTILE
    )


def test_the_start_data_is_inert(browser, admin) -> None:
    admin.update("sys_user", admin.user.sys_id, {"last_name": "</script><script>alert(3)</script>"})
    script = "g_scratchpad.text = '</script><!--';"
    admin.insert(
        "sys_script",
        {"name": "Pad", "collection": "incident", "when": "before_display", "advanced": "true", "script": script},
    )
    row = admin.insert("incident", {})
    page = browser.get(f"/incident.do?sys_id={row['sys_id']}")
    boot = json.loads(page.get_element_by_id("page-boot").text)
    assert boot["scratchpad"] == {"text": "</script><!--"}
    assert "alert(3)" in boot["user"]["full"]
    assert boot["table"] == "incident"


# --- the list


@pytest.fixture
def many(admin):
    return [
        admin.insert("incident", {"short_description": f"Case {n:02}", "urgency": str(n % 3 + 1)}) for n in range(25)
    ]


def column(page, name: str) -> list[str]:
    return found(page, f"//td[@data-name='{name}']")


def test_a_list_pages_sorts_and_counts(browser, many) -> None:
    page = browser.get("/incident_list.do?sysparm_query=ORDERBYDESCshort_description&sysparm_rows=10")
    assert column(page, "short_description") == [f"Case {n:02}" for n in range(24, 14, -1)]
    assert "1 to 10 of 25" in " ".join(found(page, "//footer//span"))
    following = page.xpath("//a[@aria-label='Next page']/@href")[0]
    assert column(browser.get(following), "short_description")[0] == "Case 14"
    assert page.xpath("//th[@aria-sort='descending']//text()")


def test_a_heading_sorts(browser, many) -> None:
    page = browser.get("/incident_list.do?sysparm_query=urgency=1")
    address = page.xpath("//th/a[contains(., 'Short description')]/@href")[0]
    assert column(browser.get(address), "short_description")[0] == "Case 00"
    assert len(column(browser.get(address), "short_description")) == 9


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("short_description", "case 1", 10),
        ("short_description", "^urgency=1", 0),
        ("priority", "5 - Planning", None),
        ("assigned_to", "nobody", 0),
    ],
)
def test_the_search_box_adds_a_condition(browser, many, admin, name, text, count) -> None:
    page = browser.client.get(
        "/incident_list.do", query_string={"search": text, "search_column": name, "sysparm_rows": "50"}
    )
    expected = admin.count("incident", "priority=5") if count is None else count
    assert page.text.count("<tr data-sys-id") == expected


def test_breadcrumbs_say_the_conditions(browser, many) -> None:
    page = browser.get("/incident_list.do?sysparm_query=active=true^urgency=1^ORurgency=2^short_descriptionLIKE0")
    assert found(page, "//nav[@class='crumbs']//li") == [
        "All", "Active = true", "Urgency = 1 - High", "or Urgency = 2 - Medium", "Short description contains 0",
    ]  # fmt: skip
    assert page.xpath("//nav[@class='crumbs']//a/@href")[1].endswith("sysparm_query=active%3Dtrue")


def test_a_list_links_to_records(browser, many) -> None:
    page = browser.get("/incident_list.do")
    assert found(browser.get(page.xpath("//tbody//a/@href")[0]), "//h1")[0].startswith("INC")


def test_a_list_opens_by_its_tiny_url(browser, admin, many) -> None:
    wanted = many[3]["number"]
    tiny = kept(admin, f"http://127.0.0.1/incident_list.do?sysparm_query=number={wanted}")
    page = browser.get(f"/incident_list.do?sysparm_tiny={tiny}")
    assert found(page, "//tbody//tr/td[1]") == [wanted]


def test_lists_of_the_parent_link_to_the_class(browser, incident) -> None:
    page = browser.get("/task_list.do")
    assert page.xpath("//tbody//a/@href")[0].startswith("/incident.do")


def test_a_record_opens_in_the_form_of_its_class(browser, incident) -> None:
    answer = browser.client.get(f"/task.do?sys_id={incident['sys_id']}")
    assert answer.location == f"/incident.do?sys_id={incident['sys_id']}"


def test_lookups_answer_what_the_user_may_see(browser, person) -> None:
    people = browser.client.get("/ref_list.do?table=sys_user&q=sys").json
    assert "System Administrator" in [one["label"] for one in people]
    assert browser.client.get("/ref_list.do?table=no_such&q=a").json == []
    assert browser.client.get("/ref_list.do?table=sys_user&q=^ORDERBYname").json == []


# --- the frame


def test_the_menu_follows_roles(browser, person, scoped, admin) -> None:
    menu = scoped.insert(
        "sys_app_application", {"title": "Shop", "roles": "x_acme_test.agent", "order": "10", "active": "true"}
    )
    for title, values in {
        "Orders": {"link_type": "LIST", "name": "incident", "filter": "active=true"},
        "New": {"link_type": "NEW", "name": "incident"},
        "Divider": {"link_type": "SEPARATOR"},
        "Elsewhere": {"link_type": "DIRECT", "query": "//example.com"},
        "Page": {"link_type": "DIRECT", "query": "x_acme_test_page.do"},
    }.items():
        scoped.insert("sys_app_module", {"title": title, "application": menu["sys_id"], "active": "true", **values})
    links = dict(
        zip(
            *[
                [str(v) for v in browser.get("/nav_to.do").xpath(f"//details[.//span='Shop']//a/{what}")]
                for what in ("text()", "@href")
            ],
            strict=True,
        )
    )
    assert links == {
        "Orders": "/incident_list.do?sysparm_query=active%3Dtrue", "New": "/incident.do?sys_id=-1",
        "Elsewhere": "/example.com", "Page": "/x_acme_test_page.do",
    }  # fmt: skip
    assert "Shop" not in person("agent").client.get("/nav_to.do").text


def test_the_frame_shows_pages_of_this_instance_only(browser) -> None:
    def inside(uri: str) -> str:
        return str(browser.get(f"/nav_to.do?uri={uri}").get_element_by_id("gsft_main").get("src"))

    assert inside("incident_list.do") == "/incident_list.do"
    assert inside("/incident.do%3Fsys_id%3D1") == "/incident.do?sys_id=1"
    assert inside("//example.com/").startswith("/")
    assert not inside("//example.com/").startswith("//")
    page = browser.get("/now/nav/ui/classic/params/target/incident.do%3Fsys_id%3D1")
    assert page.get_element_by_id("gsft_main").get("src") == "/incident.do?sys_id=1"


def test_the_theme_is_remembered(browser) -> None:
    assert browser.get("/incident_list.do").get("data-theme") == "light"
    assert browser.get("/incident_list.do?theme=dark").get("data-theme") == "dark"
    assert browser.get("/login.do").get("data-theme") == "dark"
    assert browser.get("/incident_list.do?theme=odd").get("data-theme") == "dark"


def test_unknown_pages_are_404(browser) -> None:
    browser.get("/no_such_table.do", status=404)
    assert browser.client.get("/styles/../room.py").status_code == 404
    assert browser.client.get("/styles/none.css").status_code == 404


def test_nothing_is_asked_from_elsewhere(browser, incident) -> None:
    for address in ("/nav_to.do", "/incident_list.do", f"/incident.do?sys_id={incident['sys_id']}", "/login.do"):
        page = browser.get(address)
        loaded = page.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src | //iframe/@src")
        assert all(source.startswith("/") and not source.startswith("//") for source in loaded)
