"""The tables an instance comes with, as data (`*.json`), and how they become a database.

A column is written in one line: type, maximum length, then ``>table`` for a reference, ``!`` mandatory, ``ro`` read
only, ``*`` display value, ``~rule`` what happens when the referenced record is deleted, ``@column`` when the reference
holds that column instead of a sys_id, and last ``=default``.
A choice list is written ``value:Label|value:Label``.
"""
