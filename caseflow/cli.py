"""The `caseflow` command: reads what was typed, calls a service, prints the answer.

A refusal is one clear sentence on the error stream and exit status 1.
"""

import json
import os
from datetime import UTC, datetime
from typing import NoReturn

import click
from rich.console import Console
from rich.table import Table

from caseflow.core.errors import CaseFlowError
from caseflow.operations import doctor as health
from config import Config, ConfigError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def caseflow() -> None:
    """Run and look after a CaseFlow installation."""


def main() -> None:
    """Run the command; named refusals become one sentence and exit status 1."""
    # Whatever a command writes belongs to its owner alone.
    os.umask(0o077)
    try:
        caseflow(prog_name="caseflow", standalone_mode=False)
    except click.Abort:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except ConfigError as error:
        _refuse(str(error))
    except CaseFlowError as error:
        _refuse(error.text)


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(1)


@caseflow.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def doctor(as_json: bool) -> None:
    """Check this machine and installation; each failure names the command that mends it."""
    checks = health.examine(Config.from_environ(os.environ), now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([check.as_dict() for check in checks], indent=2))
    else:
        _print_checks(checks)
    if not all(check.good for check in checks):
        raise SystemExit(1)


def _print_checks(checks: list[health.Check]) -> None:
    table = Table("", "what", "found", "what to do", box=None, pad_edge=False)
    for check in checks:
        mark = "[green]good[/]" if check.good else "[red]bad[/]"
        table.add_row(mark, check.name, check.found, check.mend)
    Console().print(table)
