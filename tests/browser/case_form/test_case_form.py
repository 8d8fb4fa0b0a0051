"""The whole read path: form, macro, script include, REST message, sidecar, Commerce, and back on the screen."""

import pytest

from sidecar.demo.operator import grant_roles

pytestmark = pytest.mark.browser


def opened(page, world, sample):
    seeded = world.case_of(sample)
    page.goto(world.form_url(seeded))
    panel = page.locator("sfcc-c360")
    panel.scroll_into_view_if_needed()
    return panel, seeded


def logged(world, seeded):
    """The access log of one case, newest last, as an auditor would list it."""
    session = world._servicenow.instance.session("admin")
    return session.query("x_acme_sfcc_context_access", f"case_id={seeded.sys_id}^ORDERBYat^ORDERBYsys_created_on")


def test_a_registered_shopper_is_on_the_form(page, world, late):
    panel, seeded = opened(page, world, "registered")
    state = world._commerce.state
    customer = next(one for one in state.customers if one["customerNo"] == seeded.identity["customer_no"])
    order = state.orders.get(seeded.identity["order_no"])

    panel.get_by_role("heading", name=f"{customer['firstName']} {customer['lastName']}").wait_for()
    pinned = panel.get_by_role("listitem").filter(has_text="In this case")
    pinned.get_by_text(late).wait_for()
    assert pinned.get_by_text(order["orderNo"], exact=True).count()
    assert pinned.get_by_text(f"{order['orderTotal']:.2f}").count()
    for item in order["productItems"]:
        assert pinned.get_by_text(item["productName"]).count()
    assert panel.get_by_text(customer["customerNo"]).count()
    assert panel.get_by_text(f"{customer['c_loyaltyPoints']:,}", exact=True).count()
    panel.get_by_text("Updated just now").wait_for()


def test_the_page_never_holds_the_full_address(page, world, late):
    panel, seeded = opened(page, world, "registered")
    panel.get_by_text(late).first.wait_for()
    shadow = page.evaluate("document.querySelector('sfcc-c360').shadowRoot.textContent")
    assert seeded.identity["email"] not in shadow
    assert "m•••••@e••••••.com" in shadow


def test_the_browser_talks_to_servicenow_only(page, world, late):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    panel, _ = opened(page, world, "registered")
    panel.get_by_text(late).first.wait_for()
    assert asked
    assert all(url.startswith((world._servicenow.url, "data:")) for url in asked)


def test_a_reveal_is_shown_and_logged(page, world):
    panel, seeded = opened(page, world, "registered")
    panel.get_by_text("m•••••@e••••••.com").wait_for()
    panel.get_by_role("button", name="Reveal e-mail").click()
    panel.get_by_text(seeded.identity["email"]).wait_for()
    rows = [row for row in logged(world, seeded) if row["action"] == "reveal"]
    assert [(row["field"], row["customer_no"]) for row in rows] == [("email", seeded.identity["customer_no"])]


def test_opening_the_form_is_logged(page, world):
    panel, seeded = opened(page, world, "opted_out")
    panel.get_by_text("opted out of tracking").wait_for()
    actions = {row["action"] for row in logged(world, seeded)}
    assert actions & {"view", "live"}


def test_a_work_note_lands_on_the_case(page, world):
    panel, seeded = opened(page, world, "registered")
    panel.get_by_role("button", name="Add to work notes").first.click()
    panel.get_by_text("note", exact=False).first.wait_for()
    session = world._servicenow.instance.session("admin")
    page.wait_for_function("document.querySelector('sfcc-c360').shadowRoot.querySelector('[role=status]').textContent")
    notes = session.query("sys_journal_field", f"element_id={seeded.sys_id}^element=work_notes")
    assert any(seeded.identity["order_no"] in note["value"] for note in notes)


def test_a_guest_has_orders_and_no_profile(page, world):
    panel, seeded = opened(page, world, "guest")
    panel.get_by_text("Guest", exact=False).first.wait_for()
    panel.get_by_text(seeded.identity["order_no"]).first.wait_for()
    assert not panel.get_by_text("points", exact=True).count()


def test_two_customers_with_one_address_are_never_mixed(page, world):
    panel, seeded = opened(page, world, "ambiguous")
    panel.get_by_role("heading", name="2 customers match").wait_for()
    assert not panel.get_by_text("Lifetime value").count()
    panel.get_by_role("radio").nth(1).check()
    panel.get_by_role("button", name="Use this customer").click()
    panel.get_by_role("heading", name="Orders").wait_for()
    session = world._servicenow.instance.session("admin")
    chosen = session.get(world.case_table, seeded.sys_id)["x_acme_sfcc_customer_no"]
    assert chosen
    panel.get_by_text(chosen).first.wait_for()


def test_nobody_is_found_and_said_so(page, world):
    panel, seeded = opened(page, world, "unknown")
    panel.get_by_role("heading", name="No commerce customer found").wait_for()
    assert seeded.identity["email"] not in page.evaluate("document.querySelector('sfcc-c360').shadowRoot.textContent")


def test_a_failing_cart_costs_the_cart_only(page, world):
    faults = world._commerce.faults
    state = world._commerce.state
    site = world.samples["registered"]["site_id"]
    shopper = next(
        one
        for one in state.customers
        if one.get("email") and one["customerNo"] not in {case.identity.get("customer_no") for case in world.cases}
    )
    session = world._servicenow.instance.session("admin")
    contact = session.insert("customer_contact", {"first_name": "T", "last_name": "U", "email": shopper["email"]})
    case = session.insert(
        world.case_table,
        {
            "short_description": "Fault",
            "contact": contact["sys_id"],
            "x_acme_sfcc_customer_no": shopper["customerNo"],
            "x_acme_sfcc_site_id": site,
        },
    )
    faults.add(path="/checkout/shopper-baskets", status=503)
    faults.add(path="/customer/shopper-customers/v1/organizations", method="GET", status=503, body="busy")
    try:
        page.goto(f"{world._servicenow.url}/{world.case_table}.do?sys_id={case['sys_id']}")
        panel = page.locator("sfcc-c360")
        panel.scroll_into_view_if_needed()
        panel.get_by_text("Cart is not available right now").wait_for()
        panel.get_by_role("heading", name=shopper["lastName"]).wait_for()
    finally:
        faults.clear()


def test_without_csm_the_panel_is_on_the_incident(page, incident_world):
    panel, seeded = opened(page, incident_world, "registered")
    assert "/incident.do" in page.url
    panel.get_by_text(seeded.identity["order_no"]).first.wait_for()


def test_the_panel_page_shows_the_same(page, world, late):
    seeded = world.case_of("registered")
    page.goto(world.panel_url(seeded))
    page.locator("sfcc-c360").get_by_text(late).first.wait_for()
    assert "t=" not in page.url


def test_an_agent_without_the_role_sees_the_case_and_no_panel(page, world):
    session = world._servicenow.instance.session("admin")
    session.insert("sys_user", {"user_name": "newcomer", "user_password": "newcomer", "last_name": "Newcomer"})
    grant_roles(world._servicenow, [("newcomer", "sn_customerservice_agent")])
    page.goto(f"{world._servicenow.url}/logout.do")
    page.goto(f"{world._servicenow.url}/login.do")
    page.locator("input[name=user_name]").fill("newcomer")
    page.locator("input[name=user_password]").fill("newcomer")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.goto(world.form_url(world.case_of("registered")))
    page.get_by_text("Short description").wait_for()
    assert page.locator("sfcc-c360").count() == 0
