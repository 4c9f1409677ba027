"""Writes to the partner directory."""

from caseflow.partners.services.directory import create_partner, retire_partner, update_partner
from caseflow.partners.services.seed import seed_directory

__all__ = ["create_partner", "retire_partner", "seed_directory", "update_partner"]
