"""Upstream documents: what is read of each, as marshmallow schemas, and the record it becomes.

A schema is an allow-list. Members it does not name (card numbers and holders, `remoteHost`, addresses, password
questions …) are never loaded and so cannot reach a record, a cache or a log.
"""
