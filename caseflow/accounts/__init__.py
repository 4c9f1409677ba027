"""Organisations, teams, staff, roles, sign-in."""
