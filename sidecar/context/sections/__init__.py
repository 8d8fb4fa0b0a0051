"""One file per section: the question it asks, and the document it makes of the answer."""
