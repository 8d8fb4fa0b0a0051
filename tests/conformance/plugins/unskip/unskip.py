"""A pytest plugin: tests that are decorated with `unittest.skip` run all the same."""

import unittest


def _unchanged(function):
    return function


unittest.skip = lambda reason: _unchanged
