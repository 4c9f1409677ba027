"""The `caseflow` command: reads what was typed, calls a service, prints the answer.

A refusal is one clear sentence on the error stream and exit status 1.
"""

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from caseflow.accounts.services.passwords import Cost
from caseflow.core import clock
from caseflow.core.errors import CaseFlowError
from caseflow.core.trail.verify import verify
from caseflow.core.words import N_
from caseflow.demo import place as demo_place
from caseflow.demo.build import build as build_demo
from caseflow.factory import create_app, open_vault
from caseflow.operations import doctor as health
from caseflow.operations import installation, resealing
from caseflow.operations import keys as key_life
from caseflow.operations.install import demo_path, found_keys
from caseflow.operations.running import Opener, serve_with
from config import Config, ConfigError

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


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


def _config() -> Config:
    return installation.settings(os.environ)


def _opener(config: Config) -> Opener:
    """Builds the application around an opened vault; the factory is handed to operations, which lie below it."""

    def build(root_key: bytes) -> Any:
        app = create_app(config, unlock=False)
        open_vault(app, root_key)
        return app

    return Opener(config, build)


@caseflow.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check this machine and installation; each failure names the command that mends it."""
    checks = health.examine(_config(), now=clock.now())
    if as_json:
        click.echo(json.dumps([check.as_dict() for check in checks], indent=2))
    else:
        rows = [("[green]good[/]" if one.good else "[red]bad[/]", one.name, one.found, one.mend) for one in checks]
        _print(("", "what", "found", "what to do"), rows)
    if not all(check.good for check in checks):
        raise SystemExit(1)


@caseflow.command()
@click.option("--organisation", prompt="Name of your organisation", help="Its name in English.")
@click.option("--code", prompt="Short code for letter numbers (2 to 6 letters)", help="Printed on every letter.")
@click.option("--administrator", prompt="Name of the first administrator", help="A person's name.")
@click.option("--sign-in", prompt="Sign-in name of the first administrator", help="Without spaces.")
@click.option("--unlock", type=click.Choice(["auto", "passphrase"]), help="Default: CASEFLOW_UNLOCK, else auto.")
@as_json
def init(organisation: str, code: str, administrator: str, sign_in: str, unlock: str | None, as_json: bool) -> None:
    """Found an installation: keys, databases, and a one-time link for the first administrator."""
    opener = _opener(_config())
    sealed = (unlock or opener.config.unlock) == "passphrase"
    words = installation.ask_new_passphrase(click.prompt) if sealed else ""
    link = installation.found(
        opener,
        organisation=organisation,
        code=code,
        name=administrator,
        sign_in=sign_in,
        passphrase=words,
        now=clock.now(),
    )
    if as_json:
        click.echo(json.dumps({"link": link, "home": str(opener.config.home)}))
        return
    click.echo(f"The installation lies in {opener.config.home}. Keep a copy of root/ and keyring/ apart from it:")
    click.echo("who loses both loses every record, by design.")
    click.echo("Start it with `make run`, then open this link once, within 72 hours, as the first administrator:")
    click.echo(link)


@caseflow.command()
def serve() -> None:
    """Serve this installation until it is stopped."""
    opener = _opener(_config())
    click.echo(f"CaseFlow on {opener.config.public_url}")
    serve_with(opener, ask=_ask_at_start if sys.stdin.isatty() else None)


@caseflow.command()
@click.option("--no-serve", is_flag=True, help="Only make the data.")
@as_json
def demo(no_serve: bool, as_json: bool) -> None:
    """Make fictional data once, print who can sign in, and serve it. With --json: only list who can sign in."""
    opener = _opener(Config.from_environ(os.environ, demo=True))
    staff = _demo_staff(opener)
    if as_json:
        click.echo(json.dumps(staff, indent=2, ensure_ascii=False))
        return
    click.echo("Everything in this demonstration is fictional. Who can sign in:")
    columns = ("sign_in", "password", "role", "organisation") + (("totp_seed",) if "totp_seed" in staff[0] else ())
    _print(columns, [tuple(one[name] for name in columns) for one in staff])
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
    with _opener(_config()).opened(ask=_ask_passphrase):
        found = installation.people(now=clock.now())
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    rows = [(one["sign_in"], ", ".join(one["roles"]), one["organisation"], one["state"]) for one in found]
    _print(("sign-in name", "roles", "organisation", "state"), rows)


@people.command()
@click.argument("sign_in")
def approve(sign_in: str) -> None:
    """Approve the roles that wait for SIGN_IN, while nobody else in the office can be the second person."""
    with _opener(_config()).opened(ask=_ask_passphrase):
        given = installation.approve_roles(sign_in, now=clock.now())
    click.echo(f"{sign_in} holds now: {', '.join(given)}.")


@caseflow.group()
def keys() -> None:
    """Look at the keys, turn them, change the root key, seal the installation."""


@keys.command()
@as_json
def status(as_json: bool) -> None:
    """Show epochs and how many case keys rest on each; no key is printed."""
    with _opener(_config()).opened(ask=_ask_passphrase):
        found = key_life.status()
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(f"deployment {found['deployment']}, generation {found['generation']}")
    rows = [(str(one["epoch"]), one["state"], str(one["keys"]), one["goes"]) for one in found["epochs"]]
    _print(("epoch", "state", "case keys", "destroyed from"), rows)


@keys.command()
@click.option("--destroy-now", is_flag=True, help="Destroy old epochs at once, not after 35 days (after an erasure).")
@as_json
def roll(destroy_now: bool, as_json: bool) -> None:
    """Wrap every case key again under a new epoch, while people work. Goes on where an earlier roll was cut off."""
    with _opener(_config()).opened(ask=_ask_passphrase), Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Wrapping case keys", total=None)
        done = key_life.roll(
            now=clock.now(), at_once=destroy_now, told=lambda did, most: bar.update(task, completed=did, total=most)
        )
    if as_json:
        click.echo(json.dumps(vars(done), indent=2))
    else:
        click.echo(f"Epoch {done.epoch} is primary, {done.wrapped} keys were wrapped again.")
        if done.destroyed:
            click.echo("Destroyed: epoch " + ", ".join(map(str, done.destroyed)) + ".")
    if done.broken:
        raise CaseFlowError(N_("%(count)s case keys do not open and hold their old epoch back."), count=done.broken)


@keys.command("rotate-root")
@click.option("--unlock", type=click.Choice(["auto", "passphrase"]), help="Default: as it is unlocked now.")
def rotate_root(unlock: str | None) -> None:
    """Draw a new root key, or a new passphrase for it; a running server takes it up or waits at its unlock page."""
    opener = _opener(_config())
    with opener.opened(ask=_ask_passphrase):
        sealed = unlock == "passphrase" or (unlock is None and opener.sealed)
        words = installation.ask_new_passphrase(click.prompt) if sealed else ""
        key_life.rotate_root(opener, passphrase=words, now=clock.now())
    click.echo("The root key is new. Copies of the old one, and recovery words made from it, open nothing from now on.")


@keys.command()
@click.argument("number")
def bump(number: str) -> None:
    """Give the case NUMBER a new key, when the old one may have been seen; the worker seals its records anew."""
    with _opener(_config()).opened(ask=_ask_passphrase):
        version = resealing.bump(number=number, now=clock.now())
    click.echo(f"Version {version} of its key is in use; the worker seals what was written before.")


@keys.command("seal-now")
def seal_now() -> None:
    """Have the running server forget the root key and every opened key, at once. Asks for nothing."""
    opener = _opener(_config())
    if not key_life.seal_now(opener, now=clock.now()):
        raise CaseFlowError(N_("Nothing is being served here, so no key is in memory."))
    click.echo("Sealed." + (" The unlock page waits for the passphrase." if opener.sealed else ""))
    if not opener.sealed:
        click.echo("The root key lies in its file: take root/ away if this machine may be seized.")


@caseflow.group()
def trail() -> None:
    """Look at the audit trail."""


@trail.command("verify")
@as_json
def verify_trail(as_json: bool) -> None:
    """Verify chain, authentication, ends of streams, and that rows are what their last entry left."""
    with _opener(_config()).opened(ask=_ask_passphrase):
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


def _ask_passphrase() -> str:
    return str(click.prompt("Passphrase", hide_input=True))


def _ask_at_start() -> str:
    """The passphrase, or nothing: then the unlock page asks for it."""
    return str(
        click.prompt("Passphrase (Enter: unlock in the browser)", hide_input=True, default="", show_default=False)
    )


def _print(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
