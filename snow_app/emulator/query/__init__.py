"""Encoded queries: their grammar, their dates, and their translation into SQL."""
