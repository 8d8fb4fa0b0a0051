"""Macros on forms and UI pages: Jelly in two phases, run by the engine."""

import re

import pytest
from lxml import html

FRAME = '<j:jelly trim="false" xmlns:j="jelly:core" xmlns:g="glide" xmlns:j2="null" xmlns:g2="null">{}</j:jelly>'


@pytest.fixture
def show(scoped, admin, browser, incident):
    """Put a macro on the incident form; returns what the form shows in its place."""
    macro = scoped.insert("sys_ui_macro", {"name": "x_acme_test_box", "active": "true", "xml": FRAME.format("")})
    formatter = scoped.insert(
        "sys_ui_formatter",
        {"name": "Box", "formatter": "x_acme_test_box.xml", "table": "incident", "type": "formatter", "active": "true"},
    )
    section = scoped.insert("sys_ui_section", {"name": "incident", "caption": "Box", "view": "Default view"})
    element = {
        "sys_ui_section": section["sys_id"],
        "element": "x_acme_test_box.xml",
        "type": "formatter",
        "position": "0",
    }
    scoped.insert("sys_ui_element", {**element, "sys_ui_formatter": formatter["sys_id"]})
    form = admin.query("sys_ui_form", "name=incident^view=Default view")[0]
    scoped.insert(
        "sys_ui_form_section", {"sys_ui_form": form["sys_id"], "sys_ui_section": section["sys_id"], "position": "9"}
    )

    def shown(xml: str, *, by=browser, sys_id: str = incident["sys_id"]) -> str:
        admin.update("sys_ui_macro", macro["sys_id"], {"xml": FRAME.format(xml)})
        return place(by, sys_id)

    shown.again = lambda by=browser, sys_id=incident["sys_id"]: place(by, sys_id)
    return shown


def place(browser, sys_id: str) -> str:
    page = browser.get(f"/incident.do?sys_id={sys_id}")
    box = page.xpath("//div[@data-formatter='x_acme_test_box']")[0]
    return re.sub(r"[ \n]+", " ", html.tostring(box, encoding="unicode", with_tail=False))


def inner(text: str) -> str:
    return text.partition(">")[2].rpartition("</div>")[0].strip()


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<p>$[current.short_description]</p>", "<p>Printer</p>"),
        ("<p>$[jvar_table] $[current.isNewRecord()]</p>", "<p>incident false</p>"),
        ("<p>${gs.getCurrentScopeName()}</p>", "<p>x_acme_test</p>"),
        ('<j2:if test="$[current.urgency == 2]">yes</j2:if><j2:if test="$[current.urgency eq 3]">no</j2:if>', "yes"),
        ('<j2:if test="$[!empty(current.description)]">filled</j2:if>', ""),
        ('<j2:choose><j2:when test="$[false]">a</j2:when><j2:otherwise>b</j2:otherwise></j2:choose>', "b"),
        ('<j2:set var="jvar_a" value="x$[current.urgency]"/>$[jvar_a]', "x2"),
        (
            (
                '<g2:evaluate var="jvar_b" object="true">var o = {list: [1, 2, 3]}; '
                'o;</g2:evaluate><j2:forEach var="jvar_n" '
                'items="$[jvar_b.list]"><i>$[jvar_n]</i></j2:forEach>'
            ),
            "<i>1</i><i>2</i><i>3</i>",
        ),
        (
            (
                '<g2:evaluate var="jvar_b" object="true">var o = {rows: [[1, 2], [3]]}; o;</g2:evaluate>'
                '<j2:forEach var="jvar_row" items="$[jvar_b.rows]"><p>'
                '<j2:forEach var="jvar_n" items="$[jvar_row]"><i>$[jvar_n]</i></j2:forEach></p></j2:forEach>'
            ),
            "<p><i>1</i><i>2</i></p><p><i>3</i></p>",
        ),
        ('<g2:evaluate var="jvar_c" jelly="true">jelly.jvar_table + "!";</g2:evaluate>$[jvar_c]', "incident!"),
        ("<g:if_polaris><g:then>new</g:then><g:else>old</g:else></g:if_polaris>", "new"),
        (
            '<g:requires name="x_acme_test.panel.jsdbx" params="v=$[current.urgency]"/>',
            '<script src="/x_acme_test.panel.jsdbx?v=2" data-requires="x_acme_test.panel.jsdbx"></script>',
        ),
        ('<j2:if test="$[false]"><g:requires name="x.jsdbx"/></j2:if>', ""),
        ("a$[AMP]nbsp;b", "a\u00a0b"),
    ],
)
def test_jelly(show, xml, expected) -> None:
    assert inner(show(xml)) == expected


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<j:frobnicate/>", "unknown tag &lt;j:frobnicate&gt;"),
        ("<g2:no_escape>$[current.short_description]</g2:no_escape>", "is refused"),
        ("$[NOESC:current.short_description]", "is refused"),
        ("$[nothing.at.all]", "nothing is not defined"),
        ("$[current.short_description", "expression is not closed"),
        ("<p><br></p>", "not well-formed"),
        ("<g2:evaluate>throw new Error('inside')</g2:evaluate>", "inside"),
        ('<j2:while test="$[true]">x</j2:while>', "does not end"),
        ("<j2:if>x</j2:if>", "needs the attribute test"),
    ],
)
def test_mistakes_stand_where_the_macro_would(show, xml, words) -> None:
    shown = show(xml)
    assert "formatter-failure" in shown
    assert words in shown


def test_values_are_escaped_wherever_they_stand(show, admin, incident) -> None:
    hostile = "</p><script>alert(1)</script>\"'"
    admin.update("incident", incident["sys_id"], {"short_description": hostile})
    shown = show(
        '<p title="$[current.short_description]">$[current.short_description]</p><script>var a = '
        '"$[current.short_description]";</script>'
    )
    assert "<script>alert" not in shown
    assert shown.count("<script>") == 1
    assert 'var a = "\\x3c/p\\x3e\\x3cscript\\x3e' in shown


def test_phase_1_is_kept_for_everybody_until_the_macro_changes(show, person) -> None:
    shown = show("<p>${gs.getUserName()} $[gs.getUserName()]</p>")
    assert inner(shown) == "<p>admin admin</p>"
    agent = person("agent")
    assert inner(show.again(by=agent)) == "<p>admin agent</p>"
    agent.get("/cache.do", status=403)
    assert inner(show.again(by=agent)) == "<p>admin agent</p>"


def test_cache_do_runs_phase_1_anew(show, person, browser) -> None:
    show("<p>${gs.getUserName()}</p>")
    browser.get("/cache.do")
    assert inner(show.again(by=person("agent"))) == "<p>agent</p>"


def test_a_missing_or_inactive_macro_is_said(show, admin) -> None:
    show("x")
    admin.update("sys_ui_macro", admin.query("sys_ui_macro", "name=x_acme_test_box")[0]["sys_id"], {"active": "false"})
    assert "There is no active UI macro named x_acme_test_box" in show.again()


def test_messages_are_sent_along(show, admin) -> None:
    admin.insert("sys_ui_message", {"key": "Loading", "message": "Wird geladen <b>", "language": "en"})
    shown = show("<g:messages>Loading\nOther</g:messages>")
    assert 'data-message="Loading">Wird geladen &lt;b&gt;</span>' in shown
    assert 'data-message="Other">Other</span>' in shown


@pytest.fixture
def page(scoped):
    def stored(xml: str, **values: str) -> None:
        scoped.insert("sys_ui_page", {"name": "x_acme_test_page", "html": FRAME.format(xml), **values})

    return stored


def test_a_ui_page_is_rendered(browser, page) -> None:
    page("<h1>Hello ${gs.getUserName()} $[sysparm_id]</h1>", client_script="var x = 1;")
    shown = browser.get("/x_acme_test_page.do?sysparm_id=%3Cb%3E")
    assert shown.xpath("//h1/text()") == ["Hello admin <b>"]
    assert "var x = 1;" in shown.xpath("//script/text()")


def test_a_direct_page_is_the_whole_document(browser, page) -> None:
    page("<html><body>$[RP.getParameterValue('sysparm_id')]</body></html>", direct="true")
    assert browser.client.get("/x_acme_test_page.do?sysparm_id=1").text == "<html><body>1</body></html>"


def test_a_page_answers_its_form(browser, page, admin) -> None:
    script = "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'from page'; gr.insert();"
    page("<p>sent</p>", processing_script=script)
    browser.get("/x_acme_test_page.do")
    assert browser.client.post("/x_acme_test_page.do", data={}).status_code == 403
    assert admin.count("incident", "short_description=from page") == 0
    assert browser.client.post("/x_acme_test_page.do", data={"sysparm_ck": browser.token}).status_code == 200
    assert admin.count("incident", "short_description=from page") == 1


def test_a_broken_page_says_so(browser, page) -> None:
    page("<j:nonsense/>")
    assert "unknown tag" in browser.client.get("/x_acme_test_page.do").text


def test_ui_scripts_are_served_by_api_name(browser, scoped, admin) -> None:
    made = scoped.insert(
        "sys_ui_script",
        {"name": "x_acme_test.panel", "script_name": "panel", "active": "true", "script": "var a = '<é>';"},
    )
    answer = browser.client.get("/x_acme_test.panel.jsdbx?v=1")
    assert (answer.status_code, answer.text) == (200, "var a = '<é>';")
    assert answer.content_type.startswith("text/javascript")
    again = browser.client.get("/x_acme_test.panel.jsdbx?v=1", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    admin.update("sys_ui_script", made["sys_id"], {"active": "false"})
    assert browser.client.get("/x_acme_test.panel.jsdbx").status_code == 404
