"""`caseflow keys`: look at the keys, turn them, change the root key, print recovery words and use them, seal."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from caseflow.cli.terminal import as_json, ask_new_passphrase, ask_passphrase, here, print_table
from caseflow.core import clock
from caseflow.core.errors import CaseFlowError
from caseflow.core.words import N_
from caseflow.operations import keys as key_life
from caseflow.operations import kit, resealing
from caseflow.operations.running import Opener

kit_folder = click.option(
    "--kit-folder",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the three sheets lie until they are printed and typed in. Default: kit/ in the data folder.",
)
kit_language = click.option(
    "--language", type=click.Choice(["en", "ur"]), default="en", show_default=True, help="Of the sheets."
)
_ORDER = {1: "first", 2: "second"}


def rehearse(
    opener: Opener, root_key: bytes, *, folder: Path | None, office: str, language: str, quiet: bool = False
) -> None:
    """Write the sheets, have two of them typed in again from paper. `quiet` keeps standard output for an answer."""
    sheets = kit.make(opener.config, root_key, folder, office=office, language=language, now=clock.now())
    say = [
        "Recovery words: any two of these three sheets open every record, when the root key is lost.",
        *(f"  {sheet}" for sheet in sheets),
        "Print each once, on a printer without network or memory. Then type two of them in from the paper, a list in",
        "one line: words with spaces between, their first four letters are enough. The files are removed afterwards.",
    ]
    click.echo("\n".join(say), err=quiet)
    kit.rehearse(root_key, _ask_list(quiet), lambda problem: click.echo(problem, err=True))
    click.clear()  # only where there is a terminal: its screen would go on showing the words


def _ask_list(quiet: bool) -> kit.Ask:
    return lambda number: str(click.prompt(f"The {_ORDER[number]} list", err=quiet))


@click.group()
def keys() -> None:
    """Look at the keys, turn them, change the root key, seal the installation."""


@keys.command()
@as_json
def status(as_json: bool) -> None:
    """Show epochs and how many case keys rest on each; no key is printed."""
    with here().opened(ask=ask_passphrase):
        found = key_life.status()
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(f"deployment {found['deployment']}, generation {found['generation']}")
    rows = [(str(one["epoch"]), one["state"], str(one["keys"]), one["goes"]) for one in found["epochs"]]
    print_table(("epoch", "state", "case keys", "destroyed from"), rows)


@keys.command()
@click.option("--destroy-now", is_flag=True, help="Destroy old epochs at once, not after 35 days (after an erasure).")
@as_json
def roll(destroy_now: bool, as_json: bool) -> None:
    """Wrap every case key again under a new epoch, while people work. Goes on where an earlier roll was cut off."""
    with here().opened(ask=ask_passphrase), Progress(console=Console(stderr=True)) as bar:
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
    opener = here()
    with opener.opened(ask=ask_passphrase):
        sealed = unlock == "passphrase" or (unlock is None and opener.sealed)
        words = ask_new_passphrase() if sealed else ""
        key_life.rotate_root(opener, passphrase=words, now=clock.now())
    click.echo("The root key is new. Copies of the old one, and recovery words made from it, open nothing from now on.")
    click.echo("Make new recovery words now: caseflow keys kit")


@keys.command()
@click.argument("number")
def bump(number: str) -> None:
    """Give the case NUMBER a new key, when the old one may have been seen; the worker seals its records anew."""
    with here().opened(ask=ask_passphrase):
        version = resealing.bump(number=number, now=clock.now())
    click.echo(f"Version {version} of its key is in use; the worker seals what was written before.")


@keys.command("seal-now")
def seal_now() -> None:
    """Have the running server forget the root key and every opened key, at once. Asks for nothing."""
    opener = here()
    if not key_life.seal_now(opener, now=clock.now()):
        raise CaseFlowError(N_("Nothing is being served here, so no key is in memory."))
    click.echo("Sealed." + (" The unlock page waits for the passphrase." if opener.sealed else ""))
    if not opener.sealed:
        click.echo("The root key lies in its file: take root/ away if this machine may be seized.")


@keys.command("kit")
@kit_folder
@kit_language
def new_kit(folder: Path | None, language: str) -> None:
    """Print new recovery words for the root key: three lists on paper, any two of which give it back."""
    opener = here()
    root_key = opener.root_key(ask_passphrase)
    with opener.opened_with(root_key):
        office = kit.office()
    rehearse(opener, root_key, folder=folder, office=office, language=language)
    with opener.opened_with(root_key):
        kit.done(opener.config, root_key, folder, now=clock.now())
    click.echo("The kit is rehearsed and the files are removed. Give each sheet to one person, who keeps it closed.")
    click.echo("Older lists of the same root key work too. If one was seen: caseflow keys rotate-root, then a new kit.")


@keys.command()
@click.option("--unlock", type=click.Choice(["auto", "passphrase"]), help="Default: CASEFLOW_UNLOCK, else auto.")
def recover(unlock: str | None) -> None:
    """Put a lost root key, or one whose passphrase is forgotten, back from two lists of recovery words."""
    opener = here()
    root_key = kit.read_back(opener.config, _ask_list(quiet=False))
    click.clear()
    words = ask_new_passphrase() if (unlock or opener.config.unlock) == "passphrase" else ""
    kept = kit.put_back(opener, root_key, passphrase=words, now=clock.now())
    click.echo("The root key is back." + (f" What lay in its place is now {kept}." if kept else ""))
    click.echo("If somebody could see the lists: caseflow keys rotate-root, then caseflow keys kit.")
