"""Customer documents of the Customers API (schema Customer)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from marshmallow import fields

from sfcc_client.documents.schema import CustomDocument, Document, Flag, Moment, Text, Whole
from sfcc_client.models import Customer


class _Credentials(Document):
    login = Text()
    enabled = Flag()


class CustomerDocument(CustomDocument):
    customer_no = Text(required=True)
    customer_id = Text()
    email = Text()
    first_name = Text()
    last_name = Text()
    phone_mobile = Text()
    phone_home = Text()
    phone_business = Text()
    preferred_locale = Text()
    creation_date = Moment()
    last_login_time = Moment()
    company_name = Text()
    credentials = fields.Nested(_Credentials)


class _Hit(Document):
    data = fields.Nested(CustomerDocument, required=True)


class CustomerSearchResult(Document):
    """Answer of searchCustomerInCustomerList."""

    hits = fields.List(fields.Nested(_Hit))
    total = Whole()


CUSTOMER = CustomerDocument()
SEARCH_RESULT = CustomerSearchResult()


def customer_from(loaded: dict[str, Any], customer_list_id: str) -> Customer:
    credentials = loaded["credentials"] or {}
    return Customer(
        customer_no=loaded["customer_no"],
        customer_id=loaded["customer_id"] or None,
        customer_list_id=customer_list_id,
        login=credentials.get("login") or None,
        email=loaded["email"] or None,
        first_name=loaded["first_name"],
        last_name=loaded["last_name"],
        phone=loaded["phone_mobile"] or loaded["phone_home"] or loaded["phone_business"] or None,
        locale=loaded["preferred_locale"] or None,
        created_at=loaded["creation_date"],
        last_login_at=loaded["last_login_time"],
        enabled=credentials.get("enabled"),
        company=loaded["company_name"] or None,
        custom=MappingProxyType(loaded["custom"] or {}),
    )
