"""The `caseflow` command: reads what was typed, calls a service, prints the answer.

A refusal is one clear sentence on the error stream and exit status 1.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from caseflow.accounts.services.passwords import Cost
from caseflow.cli.keys import keys, kit_folder, kit_language, rehearse
from caseflow.cli.terminal import (
    as_json,
    ask_at_start,
    ask_new_passphrase,
    ask_passphrase,
    here,
    opener_for,
    print_table,
    settings,
)
from caseflow.core import clock
from caseflow.core.errors import CaseFlowError
from caseflow.core.trail.verify import verify
from caseflow.demo import place as demo_place
from caseflow.demo.build import build as build_demo
from caseflow.operations import doctor as health
from caseflow.operations import founding, installation
from caseflow.operations.install import demo_path, found_keys
from caseflow.operations.running import Opener, serve_with
from config import Config, ConfigError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def caseflow() -> None:
    """Run and look after a CaseFlow installation."""


def main() -> None:
    """Run the command; named refusals become one sentence and exit status 1."""
    os.umask(0o077)  # nothing this program writes is for other users of the machine
    try:
        caseflow(prog_name="caseflow", standalone_mode=False)
    except click.Abort:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except ConfigError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    except CaseFlowError as error:
        click.echo(error.text, err=True)
        raise SystemExit(1) from None
    except (SQLAlchemyError, OSError) as error:
        # A full or read-only disk, a damaged file: the class says which; a text could hold what was being written.
        click.echo(f"The disk or the database did not let this through: {type(error).__name__}.", err=True)
        raise SystemExit(1) from None


@caseflow.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check this machine and installation; each failure names the command that mends it."""
    checks = health.examine(settings(), now=clock.now())
    if as_json:
        click.echo(json.dumps([check.as_dict() for check in checks], indent=2))
    else:
        rows = [("[green]good[/]" if one.good else "[red]bad[/]", one.name, one.found, one.mend) for one in checks]
        print_table(("", "what", "found", "what to do"), rows)
    if not all(check.good for check in checks):
        raise SystemExit(1)


@caseflow.command()
@click.option("--organisation", prompt="Name of your organisation", help="Its name in English.")
@click.option("--code", prompt="Short code for letter numbers (2 to 6 letters)", help="Printed on every letter.")
@click.option("--administrator", prompt="Name of the first administrator", help="A person's name.")
@click.option("--sign-in", prompt="Sign-in name of the first administrator", help="Without spaces.")
@click.option("--unlock", type=click.Choice(["auto", "passphrase"]), help="Default: CASEFLOW_UNLOCK, else auto.")
@kit_folder
@kit_language
@as_json
def init(
    organisation: str,
    code: str,
    administrator: str,
    sign_in: str,
    unlock: str | None,
    folder: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Found an installation: keys, databases, recovery words on paper, a one-time link for the first administrator.

    It ends when two of the three printed lists were typed in; cut off before that, it goes on where it stopped.
    """
    opener = here()
    names = founding.Names(organisation=organisation, code=code, administrator=administrator, sign_in=sign_in)
    names.check()
    root_key = founding.keys(opener, ask=_ask_founding(opener, unlock), now=clock.now())
    office = names.organisation
    rehearse(opener, root_key, folder=folder, office=office, language=language, quiet=as_json)
    link = founding.finish(opener, root_key, names, folder=folder, now=clock.now())
    if as_json:
        click.echo(json.dumps({"link": link, "home": str(opener.config.home)}))
        return
    click.echo(f"The installation lies in {opener.config.home}. Keep a copy of root/ and keyring/ apart from it:")
    click.echo("who loses the keyring, or root/ and two of the three lists, loses every record, by design.")
    click.echo("Start it with `make run`, then open this link once, within 72 hours, as the first administrator:")
    click.echo(link)


def _ask_founding(opener: Opener, unlock: str | None) -> Callable[[bool], str]:
    """Asks for the passphrase: a new one for a new root key, the one chosen before for a set-up that goes on."""
    sealed = (unlock or opener.config.unlock) == "passphrase"

    def ask(new: bool) -> str:
        if not new:
            return ask_passphrase()
        return ask_new_passphrase() if sealed else ""

    return ask


@caseflow.command()
def serve() -> None:
    """Serve this installation until it is stopped."""
    opener = here()
    click.echo(f"CaseFlow on {opener.config.public_url}")
    serve_with(opener, ask=ask_at_start if sys.stdin.isatty() else None)


@caseflow.command()
@click.option("--no-serve", is_flag=True, help="Only make the data.")
@as_json
def demo(no_serve: bool, as_json: bool) -> None:
    """Make fictional data once, print who can sign in, and serve it. With --json: only list who can sign in."""
    opener = opener_for(Config.from_environ(os.environ, demo=True))
    staff = _demo_staff(opener)
    if as_json:
        click.echo(json.dumps(staff, indent=2, ensure_ascii=False))
        return
    click.echo("Everything in this demonstration is fictional. Who can sign in:")
    columns = ("sign_in", "password", "role", "organisation") + (("totp_seed",) if "totp_seed" in staff[0] else ())
    print_table(columns, [tuple(one[name] for name in columns) for one in staff])
    if not no_serve:
        click.echo(f"CaseFlow on {opener.config.public_url} (stop with Ctrl-C)")
        serve_with(opener, ask=None)


def _demo_staff(opener: Opener) -> list[dict[str, Any]]:
    """Who can sign in to the demonstration; it is made when it is not there."""
    marker = demo_path(opener.config)
    if (known := demo_place.staff_of(marker)) is not None:
        return known
    demo_place.begin(marker)
    config = opener.config
    app = opener.build(found_keys(config, now=clock.now()))
    cost = Cost(config.argon2_memory_kib, config.argon2_time)
    with app.app_context(), Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Making fictional cases")
        staff = build_demo(
            outbox=app.extensions["caseflow"].outbox,
            cost=cost,
            now=clock.now(),
            second_factor=config.second_factor,
            progress=lambda done, most: bar.update(task, completed=done, total=most),
        )
    demo_place.finish(marker, staff)
    return staff


@caseflow.group(invoke_without_command=True)
@as_json
@click.pass_context
def people(context: click.Context, as_json: bool) -> None:
    """List who may sign in: sign-in name, roles, organisation."""
    if context.invoked_subcommand:
        return
    with here().opened(ask=ask_passphrase):
        found = installation.people(now=clock.now())
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    rows = [(one["sign_in"], ", ".join(one["roles"]), one["organisation"], one["state"]) for one in found]
    print_table(("sign-in name", "roles", "organisation", "state"), rows)


@people.command()
@click.argument("sign_in")
def approve(sign_in: str) -> None:
    """Approve the roles that wait for SIGN_IN, while nobody else in the office can be the second person."""
    with here().opened(ask=ask_passphrase):
        given = installation.approve_roles(sign_in, now=clock.now())
    click.echo(f"{sign_in} holds now: {', '.join(given)}.")


caseflow.add_command(keys)


@caseflow.group()
def trail() -> None:
    """Look at the audit trail."""


@trail.command("verify")
@as_json
def verify_trail(as_json: bool) -> None:
    """Verify chain, authentication, ends of streams, and that rows are what their last entry left."""
    with here().opened(ask=ask_passphrase):
        report = verify()
    summary = {"entries": report.entries, "streams": report.streams, "rows": report.rows, "whole": report.whole}
    findings = [{key: str(value) for key, value in vars(one).items() if value} for one in report.findings]
    if as_json:
        click.echo(json.dumps({**summary, "findings": findings}, indent=2))
    else:
        click.echo(f"{report.entries} entries in {report.streams} streams, {report.rows} rows.")
        click.echo("The trail is whole." if report.whole else f"{len(findings)} findings:")
        for one in findings:
            click.echo("  " + ", ".join(f"{key} {value}" for key, value in one.items()))
    if not report.whole:
        raise SystemExit(1)
