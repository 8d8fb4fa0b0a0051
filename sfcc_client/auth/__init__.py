"""Tokens: of the Account Manager client, of shoppers (SLAS), and of a Business Manager user (OCAPI)."""
