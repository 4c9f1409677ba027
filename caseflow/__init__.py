"""CaseFlow: casework for victims of trafficking and smuggled migrants, on sealed records."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: "Config") -> "Flask":
    """Build the web application. The factory is imported here so that importing `caseflow` stays free:
    set-up runs before any package is installed."""
    from caseflow.factory import create_app as build

    return build(config)
