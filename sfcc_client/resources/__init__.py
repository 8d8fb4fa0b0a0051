"""The records of Commerce, one module each, as methods that answer with models."""
