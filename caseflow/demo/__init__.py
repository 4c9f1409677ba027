"""Fictional data, made through the services with clocks passed in. Nobody in it exists."""
