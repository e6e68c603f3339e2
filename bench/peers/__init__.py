"""The same four charts and the same filter in other frameworks; see ``comparing``."""
