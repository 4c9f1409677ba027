"""Fictional data, made through the services."""
