"""docs/crypto-inventory.md says what the code does: suites, keys, labels and imports are the same on both sides."""

import ast
import re
from dataclasses import fields

import pytest

from caseflow.core.vault import seal
from caseflow.core.vault.keyring import Keyring
from tests.house.tree import TOP, files, name, parsed

PAGE = (TOP / "docs" / "crypto-inventory.md").read_text(encoding="utf-8")
LABEL = re.compile(r"caseflow/[a-z-]+/\d+")
LIBRARIES = ("cryptography", "argon2", "hashlib", "hmac", "pyotp", "Crypto", "nacl", "jwt", "passlib", "bcrypt", "ssl",
             "Cryptodome", "jose", "authlib", "shamir_mnemonic", "pyhanko_certvalidator", "OpenSSL")  # fmt: skip
KEY_LIKE = re.compile(r"\b(kek|aead|raw|root_key|trail_mac|trail_sign|pepper|keyring\.\w+)\b")
NO_KEYS = {"deployment", "generation", "primary_epoch", "made_at"}
# Drawn at random but no secret: named here, with the reason, or at least 128 bits.
SHORT = {"caseflow/web/forms/repeats.py": "the id of an item in a form; it opens nothing"}


def section(title):
    """The first cells of a section's table, without their backquotes."""
    text = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    return {cell.strip("`") for cell in cells[1:] if not set(cell) <= {"-", " "}}


def labels(tree):
    """Labels that the code uses: constants that begin with one, docstrings left out."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes | str):
            text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
            match = LABEL.match(text)
            if match and len(text) < 40:
                found.add(match.group())
    return found


def imported(tree):
    """What is taken from a library of cryptography, by its full name."""
    found, whole = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            whole |= {alias.name for alias in node.names if alias.name.split(".")[0] in LIBRARIES}
    used = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    for one in whole:
        found |= {text for text in used if text.startswith(f"{one}.")} if one == "hashlib" else {one}
    return {"hmac" if one.startswith("hmac.") else one for one in found}


def short_secrets(tree):
    """Lines that draw less than 128 bits from `secrets`, or an unsaid number of them."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("secrets.token_"):
            size = node.args[0] if node.args else None
            enough = isinstance(size, ast.Constant) and size.value >= 16
            if not enough and not (isinstance(size, ast.Name) and size.id.endswith("_BYTES")):
                found.append(node.lineno)
    return found


def small_sizes(tree):
    """Lines that set a ..._BYTES of key, salt or secret below 128 bits (a nonce of GCM has 96)."""
    return [
        node.lineno
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int)
        and re.search(r"(KEY|SALT|SECRET|TAG)_BYTES$", ast.unparse(node.targets[0])) and node.value.value < 16
    ]  # fmt: skip


def into_the_environment(tree):
    """Lines that put something into the environment, which children and crash reports can read."""
    stored = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and "environ" in ast.unparse(node.value)
    ]
    putting = {"os.putenv", "os.environ.update", "os.environ.setdefault"}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return stored + [node.lineno for node in calls if ast.unparse(node.func) in putting]


def spoken_keys(tree):
    """Lines that hand something named like a key to a log, to print or to a page."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.match(r"(log|logger|logging|click)\.|print$", ast.unparse(node.func)):
            said = [ast.unparse(one) for one in (*node.args, *(each.value for each in node.keywords))]
            if any(
                re.search(r"\b(kek|aead|raw|root_key|trail_mac|trail_sign|pepper|keyring\.\w+)\b", one) for one in said
            ):
                found.append(node.lineno)
    return found


def open_dataclasses(tree):
    """Data classes with a field named like a key that would show it in their repr."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(one) for one in node.decorator_list):
            named = {one.target.id for one in node.body if isinstance(one, ast.AnnAssign)}
            hidden = any("repr=False" in ast.unparse(one) for one in node.decorator_list)
            if not hidden and named & {"root", "raw", "key", "kek", "pepper", "org", "cookie", "trail_mac", "root_key"}:
                found.append(node.lineno)
    return found


APP = files(".py", under="caseflow")


def test_labels_are_those_of_the_page():
    assert set().union(*(labels(parsed(path)) for path in APP)) == section("Labels")


def test_keys_of_the_keyring_are_those_of_the_page():
    keys = {one.name for one in fields(Keyring)} - NO_KEYS
    assert keys | {"root", "case key", "file key", "parked key"} == section("Keys")


def test_suites_are_those_of_the_page():
    assert {str(value) for name, value in vars(seal).items() if name.startswith("SUITE_")} == section(
        "Suites of sealed documents"
    )


def test_imports_are_those_of_the_page():
    assert set().union(*(imported(parsed(path)) for path in APP)) == section("Algorithms of libraries")


@pytest.mark.parametrize(
    ("scan", "line"),
    [
        (short_secrets, "secrets.token_urlsafe(8)"),
        (short_secrets, "secrets.token_hex()"),
        (small_sizes, "SALT_BYTES = 8"),
        (into_the_environment, "os.environ['ROOT'] = root"),
        (into_the_environment, "os.putenv('ROOT', root)"),
        (spoken_keys, "log.info('key %s', ring.kek)"),
        (spoken_keys, "print(keyring.org)"),
        (open_dataclasses, "@dataclass(frozen=True)\nclass A:\n    root: bytes"),
    ],
)
def test_a_scan_notices_what_it_is_for(scan, line):
    assert len(scan(ast.parse(line))) == 1


def test_an_import_that_nobody_listed_is_noticed():
    assert imported(ast.parse("from cryptography.hazmat.primitives.ciphers import modes")) - section(
        "Algorithms of libraries"
    )
    assert labels(ast.parse("aad = b'caseflow/new/1'")) - section("Labels")


@pytest.mark.parametrize("scan", [short_secrets, small_sizes, into_the_environment, spoken_keys, open_dataclasses])
def test_the_package_passes_every_scan(scan):
    found = [f"{name(path)}:{line}" for path in APP for line in scan(parsed(path)) if name(path) not in SHORT]
    assert found == []
