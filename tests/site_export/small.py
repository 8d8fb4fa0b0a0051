"""The files of a small export, written out, so that a test can spoil one place of it."""

from __future__ import annotations

ORDERS = """<?xml version="1.0" encoding="UTF-8"?>
<orders xmlns="http://www.demandware.com/xml/impex/order/2006-10-31">
  <order order-no="N-1">
    <order-date>2026-11-12T08:12:00.000Z</order-date>
    <currency>GBP</currency>
    <taxation>gross</taxation>
    <customer>
      <customer-no>0001</customer-no>
      <customer-email>ada@example.com</customer-email>
    </customer>
    <status>
      <order-status>OPEN</order-status>
      <shipping-status>NOT_SHIPPED</shipping-status>
    </status>
    <product-lineitems>
      <product-lineitem>
        <gross-price>25.00</gross-price>
        <product-id>mug-blue</product-id>
        <quantity unit="">2.0</quantity>
        <tax-rate>0.2</tax-rate>
        <shipment-id>00001</shipment-id>
        <custom-attributes><custom-attribute attribute-id="returnedQuantity">1</custom-attribute></custom-attributes>
        <price-adjustments>
          <price-adjustment><gross-price>-5.00</gross-price><promotion-id>spring</promotion-id></price-adjustment>
        </price-adjustments>
      </product-lineitem>
    </product-lineitems>
    <totals>
      <order-total><net-price>16.67</net-price><tax>3.33</tax><gross-price>20.00</gross-price></order-total>
    </totals>
    <payments>
      <payment>
        <credit-card>
          <card-type>Visa</card-type>
          <card-number>4111111111111234</card-number>
          <card-token>tok_1</card-token>
        </credit-card>
        <amount>20.00</amount>
      </payment>
    </payments>
    <custom-attributes>
      <custom-attribute attribute-id="promisedDeliveryDate">2026-11-18</custom-attribute>
    </custom-attributes>
  </order>
  <order order-no="N-2">
    <order-date>2026-11-13T08:12:00.000Z</order-date>
    <customer>
      <customer-no>G-77</customer-no>
      <customer-email>guest@example.com</customer-email>
    </customer>
  </order>
</orders>
"""
CUSTOMERS = """<?xml version="1.0" encoding="UTF-8"?>
<customers xmlns="http://www.demandware.com/xml/impex/customer/2006-10-31">
  <customer customer-no="0001">
    <credentials>
      <login>ada</login>
      <password encrypted="true" encryptionScheme="scrypt">abc</password>
    </credentials>
    <profile>
      <first-name>Ada</first-name>
      <last-name>Moss</last-name>
      <email>ada@example.com</email>
      <preferred-locale>en_GB</preferred-locale>
      <custom-attributes>
        <custom-attribute attribute-id="vip">true</custom-attribute>
        <custom-attribute attribute-id="loyaltyPoints">120</custom-attribute>
        <custom-attribute attribute-id="loyaltyTier">Gold</custom-attribute>
      </custom-attributes>
    </profile>
    <addresses>
      <address address-id="work"><last-name>Moss</last-name><country-code>gb</country-code></address>
      <address address-id="home" preferred="true"><first-name>Ada</first-name><last-name>Moss</last-name></address>
    </addresses>
  </customer>
</customers>
"""
SITE = """<?xml version="1.0" encoding="UTF-8"?>
<site xmlns="http://www.demandware.com/xml/impex/site/2007-04-30" site-id="North">
  <name>The North</name>
  <currency>GBP</currency>
</site>
"""
PREFERENCES = """<?xml version="1.0" encoding="UTF-8"?>
<preferences xmlns="http://www.demandware.com/xml/impex/preferences/2007-03-31">
  <standard-preferences>
    <all-instances>
      <preference preference-id="SiteCustomerList">People</preference>
      <preference preference-id="SiteDefaultLocale">en_GB</preference>
    </all-instances>
  </standard-preferences>
</preferences>
"""
METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://www.demandware.com/xml/impex/metadata/2006-10-31">
  <type-extension type-id="Profile">
    <custom-attribute-definitions>
      <attribute-definition attribute-id="loyaltyPoints"><type>int</type></attribute-definition>
      <attribute-definition attribute-id="vip"><type>boolean</type></attribute-definition>
    </custom-attribute-definitions>
  </type-extension>
  <type-extension type-id="ProductLineItem">
    <custom-attribute-definitions>
      <attribute-definition attribute-id="returnedQuantity"><type>int</type></attribute-definition>
    </custom-attribute-definitions>
  </type-extension>
</metadata>
"""
CATALOG = """<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="http://www.demandware.com/xml/impex/catalog/2006-10-31" catalog-id="all">
  <header/>
  <category category-id="mugs"><online-flag>true</online-flag></category>
  <product product-id="mug">
    <display-name xml:lang="x-default">Enamel Mug</display-name>
    <variations>
      <attributes>
        <variation-attribute attribute-id="color" variation-attribute-id="color">
          <variation-attribute-values>
            <variation-attribute-value value="blue">
              <display-value xml:lang="x-default">Deep Blue</display-value>
            </variation-attribute-value>
          </variation-attribute-values>
        </variation-attribute>
      </attributes>
      <variants><variant product-id="mug-blue"/></variants>
    </variations>
  </product>
  <product product-id="mug-blue">
    <display-name xml:lang="x-default">Enamel Mug</display-name>
    <display-name xml:lang="de-DE">Emaillebecher</display-name>
    <online-flag>true</online-flag>
    <brand>Vintervei</brand>
    <custom-attributes><custom-attribute attribute-id="color">blue</custom-attribute></custom-attributes>
  </product>
  <category-assignment category-id="mugs" product-id="mug-blue"/>
</catalog>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<library xmlns="http://www.demandware.com/xml/impex/library/2006-10-31" library-id="Shared">
  <folder folder-id="help"><online-flag>true</online-flag><parent>root</parent></folder>
  <content content-id="returns">
    <display-name xml:lang="x-default">Returns</display-name>
    <online-flag>true</online-flag>
    <online-flag site-id="North">false</online-flag>
    <searchable-flag>true</searchable-flag>
    <custom-attributes>
      <custom-attribute attribute-id="body" xml:lang="x-default">&lt;p&gt;Send it back.&lt;/p&gt;</custom-attribute>
    </custom-attributes>
    <folder-links><classification-link folder-id="help"/></folder-links>
  </content>
</library>
"""
OBJECTS = """<?xml version="1.0" encoding="UTF-8"?>
<custom-objects xmlns="http://www.demandware.com/xml/impex/customobject/2006-10-31">
  <custom-object type-id="Warranty" object-id="W-1">
    <object-attribute attribute-id="years">3</object-attribute>
  </custom-object>
</custom-objects>
"""
FILES = {
    "meta/system-objecttype-extensions.xml": METADATA,
    "sites/North/site.xml": SITE,
    "sites/North/preferences.xml": PREFERENCES,
    "sites/North/orders.xml": ORDERS,
    "customer-lists/People/customers.xml": CUSTOMERS,
    "catalogs/all/catalog.xml": CATALOG,
    "libraries/Shared/library.xml": LIBRARY,
    "sites/North/custom-objects/Warranty.xml": OBJECTS,
}


def encoded(files: dict[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}
