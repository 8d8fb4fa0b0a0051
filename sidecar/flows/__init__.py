"""The flows: one folder each, under the one name it has everywhere."""
