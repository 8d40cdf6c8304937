import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
import atexit
{imports}
from runtime.leaving import leave

class Kept:
    def __del__(self):
        print("taken apart")

kept = Kept()
atexit.register(print, "asked")
print("worked")
leave({status})
"""


@pytest.mark.parametrize("status", [0, 2])
@pytest.mark.parametrize(
    ("imports", "last"), [("", ["taken apart"]), ("import temporalio.client", [])], ids=["alone", "with_temporal"]
)
def test_python_is_not_taken_apart_beside_threads_of_temporal(imports: str, last: list[str], status: int) -> None:
    code = CODE.format(imports=imports, status=status)
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout.splitlines()) == (status, ["worked", "asked", *last]), ran.stderr
