"""The records an instance comes with, as data (`*.json`).

A file maps tables to rows. ``"$"`` names a row within its table, ``"@name"`` as a value points at a row so named in the
table the column references; ``access.json`` is a shorter notation of access controls.
"""
