"""Salesforce B2C Commerce for Python: tokens, customers, orders, baskets, products; and a local emulator."""

from sfcc_client import errors, models
from sfcc_client.client import CommerceClient
from sfcc_client.clock import Clock, SystemClock
from sfcc_client.config import AttributeNames, CommerceSettings, Site

__all__ = ["AttributeNames", "Clock", "CommerceClient", "CommerceSettings", "Site", "SystemClock", "errors", "models"]
