"""Tiny sites with a snapshot of what they become, and the eyes with which the tests look at a built site."""
