"""Under CI no test is skipped for want of a tool."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.house.tree import TOP

SKIPPING = {
    "a test": "import pytest\ndef test_it():\n    pytest.skip('no tool')\n",
    "a file": "import pytest\npytest.importorskip('no_such_module')\n",
}


@pytest.mark.parametrize("source", SKIPPING.values(), ids=SKIPPING.keys())
@pytest.mark.parametrize(("ci", "fails"), [("true", True), ("", False)])
def test_a_skip_fails_under_ci_alone(tmp_path, source, ci, fails):
    shutil.copyfile(TOP / "tests" / "conftest.py", tmp_path / "conftest.py")
    (tmp_path / "test_one.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environ = os.environ | {"CI": ci, "PYTHONPATH": str(TOP)}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert ("no test may be skipped" in done.stdout) is fails
    assert (done.returncode in (1, 2)) is fails
