"""A site export becomes a dataset: what is read, whose it is, and what is left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from sfcc_client.emulator.archive import BadArchive, Limits, imported
from sfcc_client.emulator.archive.container import container
from sfcc_client.emulator.archive.markup import records
from sfcc_client.emulator.seed import loaded
from sfcc_client.emulator.seed.validation import problem_of
from tests.site_export.markup import NAMESPACES, root
from tests.site_export.small import CUSTOMERS, FILES, LIBRARY, METADATA, OBJECTS, ORDERS, PREFERENCES, SITE, encoded
from tests.site_export.writer import zipped

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_schemas(monkeypatch):
    monkeypatch.setattr("sfcc_client.emulator.archive.schemas._BESIDE_THE_CHECKOUT", Path("nowhere"))


def read(tmp_path, files=FILES, name="export.zip", folder=""):
    return imported(zipped(tmp_path / name, encoded(files), folder))


def test_an_export_fills_the_store(tmp_path):
    state = loaded(read(tmp_path), NOW)
    site = state.sites["North"]
    assert (site.customer_list_id, site.label, site.locale, site.currency) == ("People", "The North", "en-GB", "GBP")
    customer = state.customer_of_login("People", "ADA")
    assert customer["email"] == "ada@example.com"
    assert (customer["c_vip"], customer["c_loyaltyPoints"], customer["c_loyaltyTier"]) == (True, 120, "Gold")
    assert [address["addressId"] for address in customer["addresses"]] == ["home", "work"]
    assert customer["addresses"][0]["fullName"] == "Ada Moss"
    assert customer["addresses"][1]["countryCode"] == "GB"
    order = state.orders.get("N-1")
    assert state.orders.find("customer", customer["customerId"]) == [order]
    assert order["status"] == "new"
    assert order["orderTotal"] == 20.0
    assert order["c_promisedDeliveryDate"] == "2026-11-18"
    (line,) = order["productItems"]
    assert (line["quantity"], line["priceAfterItemDiscount"]) == (2, 20.0)


def test_who_is_not_in_the_list_is_a_guest(tmp_path):
    _, order = read(tmp_path).dataset["orders"]
    assert order["customerInfo"]["guest"] is True
    assert order["customerInfo"]["email"] == "guest@example.com"
    assert "customerNo" not in order["customerInfo"]
    said = ORDERS.replace("<customer>\n      <customer-no>G-77", "<customer><guest>false</guest><customer-no>G-77")
    _, order = read(tmp_path, {**FILES, "sites/North/orders.xml": said}).dataset["orders"]
    assert order["customerInfo"]["guest"] is False


def test_secrets_are_left_behind(tmp_path):
    whole = repr(read(tmp_path).dataset)
    for secret in ("4111111111111234", "tok_1", "abc"):
        assert f"'{secret}'" not in whole
    (payment,) = read(tmp_path).dataset["orders"][0]["paymentInstruments"]
    assert payment["paymentCard"] == {
        "cardType": "Visa",
        "maskedNumber": "************1234",
        "numberLastDigits": "1234",
    }


def test_a_text_that_looks_like_a_moment_stays_a_text(tmp_path):
    files = {**FILES, "customer-lists/People/customers.xml": CUSTOMERS.replace(">Ada<", ">now<")}
    customer = loaded(read(tmp_path, files), NOW).customers.get(("People", "0001"))
    assert customer["firstName"] == "now"


def test_products_come_from_catalog_prices_and_stock(tmp_path):
    prices = root("pricebook", "pricebooks", [_book("GBP", "12.50"), _book("GBP", "11.00"), _book("EUR", "14")])
    stock = "<inventory xmlns='http://www.demandware.com/xml/impex/inventory/2007-05-31'><inventory-list><records>"
    stock += "<record product-id='mug-blue'><allocation>7</allocation><ats>5</ats></record></records></inventory-list>"
    files = {**FILES, "pricebooks/a.xml": prices.decode(), "inventory-lists/a.xml": stock + "</inventory>"}
    master, variant = read(tmp_path, files).dataset["products"]
    assert master["master"] is True
    assert variant["masterId"] == "mug"
    assert variant["variation"] == {"color": {"value": "blue", "name": {"default": "Deep Blue"}}}
    assert variant["name"] == {"default": "Enamel Mug", "de-DE": "Emaillebecher"}
    assert (variant["prices"], variant["stock"], variant["categoryId"]) == ({"GBP": 11.0, "EUR": 14.0}, 5, "mugs")


def _book(currency, amount):
    return etree.fromstring(
        f"<pricebook><header pricebook-id='x'><currency>{currency}</currency></header><price-tables><price-table "
        f"product-id='mug-blue'><amount quantity='10'>1</amount><amount quantity='1'>{amount}</amount></price-table>"
        "</price-tables></pricebook>"
    )


def test_content_is_where_its_site_looks_for_it(tmp_path):
    state = loaded(read(tmp_path), NOW)
    assert state.libraries.library_id_of("North") == "Shared"
    library = state.libraries.of_site("North")
    assert library.folder_of("returns") == "help"
    asset = library.assets.get("returns")
    assert asset["online"] == {"default": True, "North": False}
    assert asset["c_body"] == {"default": {"_type": "markup_text", "source": "<p>Send it back.</p>"}}
    assert library.visible("returns", "North") is None
    assert library.visible("returns", "South") == asset


def test_what_no_flag_puts_online_is_offline(tmp_path):
    text = LIBRARY.replace("<online-flag>true</online-flag>\n    <online-flag site", "<online-flag site")
    state = loaded(read(tmp_path, {**FILES, "libraries/Shared/library.xml": text}), NOW)
    assert state.libraries.of_site("North").visible("returns", "South") is None


def test_custom_objects_are_read(tmp_path):
    """A type nothing declares has the scope of the place of its first object, and texts only."""
    export = read(tmp_path)
    dataset = export.dataset
    assert dataset["customObjects"] == [{"siteId": "North", "objectType": "Warranty", "key": "W-1", "c_years": "3"}]
    assert dataset["customTypes"] == [{"id": "Warranty", "key": "id", "keyKind": "string", "perSite": True}]
    state = loaded(export, NOW)
    kept = state.custom_objects.objects.get(("North", "Warranty", "W-1"))
    assert (kept["c_years"], kept["creationDate"]) == ("3", "2026-11-22T10:15:00.000Z")


DECLARED = """
  <custom-type type-id="Warranty">
    <staging-mode>no-staging</staging-mode>
    <storage-scope>{scope}</storage-scope>
    <key-definition attribute-id="number"><type>{kind}</type></key-definition>
    <attribute-definitions>
      <attribute-definition attribute-id="years">
        <type>int</type><mandatory-flag>false</mandatory-flag>
        <externally-managed-flag>false</externally-managed-flag>
      </attribute-definition>
    </attribute-definitions>
  </custom-type>
</metadata>"""


def with_type(scope, kind, objects=OBJECTS):
    metadata = METADATA.replace("</metadata>", DECLARED.format(scope=scope, kind=kind))
    return {
        **FILES,
        "meta/system-objecttype-extensions.xml": metadata,
        "sites/North/custom-objects/Warranty.xml": objects,
    }


def test_a_declared_type_says_what_its_objects_are(tmp_path):
    seven = OBJECTS.replace('"W-1"', '"7"')
    export = read(tmp_path, with_type("organization", "int", seven))
    dataset = export.dataset
    assert dataset["customTypes"] == [{"id": "Warranty", "key": "number", "keyKind": "integer", "perSite": False}]
    assert dataset["customObjects"] == [{"objectType": "Warranty", "key": "7", "c_years": 3}]
    kept = loaded(export, NOW).custom_objects
    assert (kept.types["Warranty"].key, len(kept.objects)) == ("number", 1)


def test_a_key_that_is_no_number_is_refused(tmp_path):
    with pytest.raises(BadArchive, match=r"Warranty.xml line 3: <custom-object> W-1 of type Warranty is no whole numb"):
        read(tmp_path, with_type("site", "int"))


def test_the_same_key_may_be_on_two_sites_but_not_twice_on_one(tmp_path):
    south = {"sites/South/site.xml": SITE.replace("North", "South"), "sites/South/custom-objects/a.xml": OBJECTS}
    both = read(tmp_path, {**FILES, **south}).dataset["customObjects"]
    assert [row["siteId"] for row in both] == ["North", "South"]
    with pytest.raises(BadArchive, match="W-1 of type Warranty is in the archive twice"):
        read(tmp_path, {**FILES, "sites/North/custom-objects/b.xml": OBJECTS})


def test_what_shoppers_did_is_theirs_again(tmp_path):
    entries = '[{"at":"2026-11-22T10:00:00.000Z","kind":"search","text":"tent","count":1}]'
    done = f"""<custom-object type-id="ServiceNowActivity" object-id="0001">
      <object-attribute attribute-id="customerId">abElsewhere</object-attribute>
      <object-attribute attribute-id="entries">{entries}</object-attribute></custom-object></custom-objects>"""
    files = {**FILES, "sites/North/custom-objects/x.xml": OBJECTS.replace("</custom-objects>", done)}
    files["sites/North/custom-objects/x.xml"] = files["sites/North/custom-objects/x.xml"].replace("W-1", "W-2")
    state = loaded(read(tmp_path, files), NOW)
    [entry] = state.activities.of("North", state.customers.get(("People", "0001")))
    assert entry["text"] == "tent"


def test_declared_attributes_can_be_written(tmp_path):
    attributes = loaded(read(tmp_path), NOW).attributes
    assert attributes.problem_of("Profile", "c_loyaltyPoints", 130) is None
    assert attributes.problem_of("Profile", "c_loyaltyPoints", "many") is not None


def test_the_dataset_of_an_export_is_a_dataset(tmp_path):
    somewhere = CUSTOMERS.replace(
        "</last-name></address>\n    </addresses>",
        "</last-name><country-code>GB</country-code></address>\n    </addresses>",
    )
    assert problem_of(read(tmp_path, {**FILES, "customer-lists/People/customers.xml": somewhere}).dataset) is None


def test_the_folder_an_export_is_packed_in_does_not_matter(tmp_path):
    assert read(tmp_path, folder="20261122_export/").dataset == read(tmp_path).dataset


def test_bare_files_belong_to_the_only_site(tmp_path):
    files = {"order.xml": ORDERS, "customer.xml": CUSTOMERS}
    dataset = read(tmp_path, files, name="north shop.zip").dataset
    assert [site["id"] for site in dataset["sites"]] == ["northshop"]
    assert dataset["sites"][0]["currency"] == "GBP"
    assert dataset["orders"][0]["customerInfo"]["guest"] is False


def test_a_customer_list_of_its_own_format(tmp_path):
    text = CUSTOMERS.replace("<customers xmlns", "<customer-list list-id='People' xmlns").replace(
        "</customers>", "</customer-list>"
    )
    files = {name: text for name, text in FILES.items() if "customers" not in name}
    for version in ("customerlist/2010-06-30", "customerlist2/2013-04-24"):
        files["customer-lists/People.xml"] = text.replace("customer/2006-10-31", version)
        assert read(tmp_path, files).dataset["customers"] == read(tmp_path).dataset["customers"]


def test_other_documents_are_named_and_skipped(tmp_path):
    files = {**FILES, "sites/North/slots.xml": "<slots/>", "libraries/Shared/static/default/feed.xml": "<no"}
    assert read(tmp_path, files).skipped == ("sites/North/slots.xml",)


def test_what_is_marked_for_deletion_is_not_there(tmp_path):
    files = {**FILES, "sites/North/orders.xml": ORDERS.replace('order-no="N-2"', 'order-no="N-2" mode="delete"')}
    assert [order["orderNo"] for order in read(tmp_path, files).dataset["orders"]] == ["N-1"]


def test_progress_is_told_up_to_the_last_byte(tmp_path):
    told = []
    imported(zipped(tmp_path / "a.zip", encoded(FILES)), progress=lambda *step: told.append(step))
    total = sum(len(text.encode()) for text in FILES.values())
    assert told[-1][:2] == (total, total)
    assert {document for _, _, document in told} == set(FILES)


def test_no_more_than_one_record_is_kept(tmp_path):
    """However long a document: of what was read, the parser's tree holds an empty record and the current one."""
    record = ORDERS[ORDERS.index("  <order ") : ORDERS.index("</orders>")]
    path = zipped(tmp_path / "a.zip", {"order.xml": ORDERS.replace(record, record * 500).encode()})
    seen = 0
    with container(path, Limits()) as opened, opened.opened("order.xml") as source:
        for element in records(source, NAMESPACES["order"], ["order"]):
            seen += 1
            before = list(element.itersiblings(preceding=True))
            assert len(before) <= 1
            assert not any(len(earlier) for earlier in before)
    assert seen == 1000


def test_a_site_without_currency_takes_that_of_its_orders(tmp_path):
    files = {**FILES, "sites/North/site.xml": SITE.replace("<currency>GBP</currency>", "")}
    assert read(tmp_path, files).dataset["sites"][0]["currency"] == "GBP"
    without = ORDERS.replace("<currency>GBP</currency>", "")
    with pytest.raises(BadArchive, match="Nothing tells the currency of the site 'North'"):
        read(tmp_path, {**files, "sites/North/orders.xml": without})


def test_a_site_shows_its_preferred_locale(tmp_path):
    files = {**FILES, "sites/North/preferences.xml": PREFERENCES.replace("en_GB", "default"), "x.xml": LIBRARY}
    del files["libraries/Shared/library.xml"]
    assert read(tmp_path, files).dataset["sites"][0]["locale"] == "en-US"
