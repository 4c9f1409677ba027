"""Habits that keep people safe, read from the source: chance, hashes, comparison, SQL, addresses."""

import ast
import re

import pytest

from tests.house.tree import TOP, files, name, parsed, tracked

APP = files(".py", under="caseflow")
WEAK = {"md5", "sha1", "MD5", "SHA1", "ECB", "CBC", "new_md5"}
SECRET = re.compile(r"(^|_)(mac|hmac|password|passphrase|secret|signature|check_code|otp|totp)$")
SQL_CALLS = {"text", "DDL", "execute", "executescript", "exec_driver_sql", "scalar", "scalars"}
PLACES = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|farm|root|home|Users)/[A-Za-z]", re.MULTILINE)
# Brackets keep this file itself out of the finds.
HOSTS = re.compile(
    r"registry\.npm\w*|pypi\.(?:org|io)|python[h]osted|(?:deb|security)\.debian|un[p]kg|js[d]elivr|cdn[j]s"
)


def random_imports(tree: ast.AST) -> list[int]:
    """Lines that import `random`: ids, keys and samples come from `secrets` or `uuid4`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [node.lineno for alias in node.names if alias.name.split(".")[0] == "random"]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "random":
            found.append(node.lineno)
    return found


def weak_algorithms(tree: ast.AST) -> list[int]:
    """Lines that name MD5, SHA-1, ECB or CBC as code."""
    attributes = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in WEAK]
    imported = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names if a.name in WEAK]
    hashed = [
        n.lineno
        for n in ast.walk(tree)
        if isinstance(n, ast.Call)
        and ast.unparse(n.func) in {"hashlib.new", "hmac.new"}
        and any(isinstance(a, ast.Constant) and str(a.value).lower() in {"md5", "sha1"} for a in n.args)
    ]
    return attributes + imported + hashed


def hasty_comparisons(tree: ast.AST) -> list[int]:
    """Lines that compare a secret with `==`: the time taken tells how much of a guess was right."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            sides = [node.left, *node.comparators]
            if any(_is_secret(side) for side in sides):
                found.append(node.lineno)
    return found


def _is_secret(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).startswith("hmac.") or "hmac.new" in ast.unparse(node)
    called = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return bool(SECRET.search(called))


def built_sql(tree: ast.AST) -> list[int]:
    """Lines where SQL text is put together from pieces instead of having its values bound."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in SQL_CALLS and _is_pieced_text(node.args[0]):
                found.append(node.lineno)
    return found


def _is_pieced_text(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        # SQLite binds nothing in a PRAGMA; none of ours carries what a person typed.
        if isinstance(node.values[0], ast.Constant) and node.values[0].value.startswith("PRAGMA "):
            return False
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(isinstance(side, ast.Constant | ast.JoinedStr) for side in (node.left, node.right))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


SCANS = [
    (random_imports, "import random"),
    (random_imports, "from random import choice"),
    (weak_algorithms, "hashlib.md5(b'')"),
    (weak_algorithms, "hashlib.new('sha1')"),
    (weak_algorithms, "modes.CBC(iv)"),
    (weak_algorithms, "from hashlib import sha1"),
    (hasty_comparisons, "row.mac == mac"),
    (hasty_comparisons, "typed != user.password"),
    (hasty_comparisons, "hmac.new(k, m, 'sha256').digest() == seen"),
    (built_sql, "session.execute(f'select {name}')"),
    (built_sql, "text('select ' + name)"),
    (built_sql, "text('select %s' % name)"),
    (built_sql, "db.exec_driver_sql('select {}'.format(name))"),
]


@pytest.mark.parametrize(("scan", "line"), SCANS)
def test_a_scan_notices_what_it_is_for(scan, line):
    assert scan(ast.parse(line)) == [1]


@pytest.mark.parametrize("scan", [random_imports, weak_algorithms, hasty_comparisons, built_sql])
def test_the_package_passes_every_scan(scan):
    assert [f"{name(path)}:{line}" for path in APP for line in scan(parsed(path))] == []


@pytest.mark.parametrize(
    "line", ["cd /wor" + "k/main", "'/roo" + "t/x'", "/home" + "/ali/x", "https://py" + "pi.org/simple"]
)
def test_a_place_or_host_is_noticed(line):
    assert PLACES.search(line) or HOSTS.search(line)


def test_no_tracked_file_names_a_machine_path_or_a_registry():
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{name(path)}: {hit.group()}" for hit in (*PLACES.finditer(text), *HOSTS.finditer(text))]
    assert found == []


def test_nothing_reads_outside_the_checkout():
    outside = "../" + "shared"
    assert [name(path) for path in tracked() if outside.encode() in path.read_bytes()] == []


def test_no_page_holds_script_style_or_handler_inline():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
    pages = [path for path in files(".html", under="templates") if "letters" not in path.parts]
    assert [name(path) for path in pages if inline.search(path.read_text(encoding="utf-8"))] == []


def test_the_checkout_is_where_the_tests_think_it_is():
    assert (TOP / "setup.cfg").exists()
