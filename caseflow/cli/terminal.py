"""What the commands share: the installation they speak of, questions at the terminal, tables."""

import os
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from caseflow.factory import create_app, open_vault
from caseflow.operations import installation
from caseflow.operations.running import Opener
from config import Config

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings() -> Config:
    """The settings of the environment. Raises ConfigError."""
    return installation.settings(os.environ)


def opener_for(config: Config) -> Opener:
    """Builds the application around an opened vault; the factory is handed to operations, which lie below it."""

    def build(root_key: bytes) -> Any:
        app = create_app(config, unlock=False)
        open_vault(app, root_key)
        return app

    return Opener(config, build)


def here() -> Opener:
    """The installation the environment names."""
    return opener_for(settings())


def ask_passphrase() -> str:
    """The passphrase of an installation that has one."""
    return str(click.prompt("Passphrase", hide_input=True))


def ask_new_passphrase() -> str:
    """A passphrase, typed twice."""
    return str(click.prompt("New passphrase (16 characters or more)", hide_input=True, confirmation_prompt=True))


def ask_at_start() -> str:
    """The passphrase, or nothing: then the unlock page asks for it."""
    return str(
        click.prompt("Passphrase (Enter: unlock in the browser)", hide_input=True, default="", show_default=False)
    )


def print_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table without lines."""
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
