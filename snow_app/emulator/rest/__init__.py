"""The REST interface: requests, routes, and one room per API."""
