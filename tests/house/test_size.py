"""A reader opens one file and understands it: files, functions and views stay short."""

import ast

from tests.house.tree import files, functions, name, tracked

FILE_LINES = 400
FUNCTION_LINES = 40
VIEW_LINES = 15
ROUTE_METHODS = {"route", "get", "post"}


def test_a_file_has_at_most_400_lines():
    lengths = {name(path): _length(path) for path in files(".py", ".html", ".css", ".js", ".sh")}
    assert {file: lines for file, lines in lengths.items() if lines > FILE_LINES} == {}


def test_a_function_has_at_most_40_lines():
    # A migration is a list of tables: cutting it up would only hide its order.
    ours = [path for path in files(".py") if "versions" not in path.parts]
    found = {f"{name(path)}:{node.name}": _lines(node) for path in ours for node in functions(path)}
    assert {function: lines for function, lines in found.items() if lines > FUNCTION_LINES} == {}


def test_a_view_body_has_at_most_15_lines():
    views = [(path, node) for path in files(".py", under="caseflow") for node in functions(path) if is_view(node)]
    bodies = {f"{name(path)}:{node.name}": _body(node) for path, node in views}
    assert {view: lines for view, lines in bodies.items() if lines > VIEW_LINES} == {}


def test_a_long_view_is_noticed():
    source = "@bp.get('/')\ndef page():\n    '''One.'''\n" + "    step()\n" * 16
    view = ast.parse(source).body[0]
    assert is_view(view)
    assert _body(view) == 16


def test_the_top_level_holds_what_was_agreed():
    allowed = {"caseflow", "templates", "migrations", "tests", "docs", ".ci"}
    allowed |= {"config.py", "wsgi.py", "setup.cfg", "README.md", "Makefile", "pyproject.toml", ".gitignore"}
    found = {name(path).split("/")[0] for path in tracked()}
    assert {entry for entry in found - allowed if not entry.startswith("requirements")} == set()


def is_view(node) -> bool:
    """Whether a function is bound to a route."""
    calls = [item.func for item in node.decorator_list if isinstance(item, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in ROUTE_METHODS for call in calls)


def _length(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _lines(node) -> int:
    return node.end_lineno - node.lineno + 1


def _body(node) -> int:
    """Lines from the first statement that is not the docstring to the end."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return node.end_lineno - first.lineno + 1
