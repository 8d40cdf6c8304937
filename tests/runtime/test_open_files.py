import subprocess
import sys

CODE = """
import resource
from runtime.open_files import MOST, raise_limit
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
print(raise_limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[0], min(hard, MOST) if hard > 0 else MOST)
"""


def test_the_soft_limit_of_open_files_is_raised_to_the_hard_one() -> None:
    said = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True).stdout
    assert len(set(said.split())) == 1
