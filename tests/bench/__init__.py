"""Measurements: figures side by side in one run, no verdict, since the machines that run them are shared."""
