"""Sentences of our own for the conversion between the Chinese scripts, and what scores it on them."""
