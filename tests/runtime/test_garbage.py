import subprocess
import sys

PROGRAM = """
import gc
from runtime import garbage

class Ring:
    def __init__(self): self.me = self

kept = [Ring() for _ in range(1000)]
garbage.settle()
assert gc.get_freeze_count() > 1000, gc.get_freeze_count()
assert gc.get_threshold()[0] == garbage.YOUNG, gc.get_threshold()
assert not any(isinstance(one, Ring) for one in gc.get_objects())
Ring()
assert gc.collect() > 0
"""


def test_what_is_there_at_the_start_is_never_looked_at_again_and_new_rings_are_still_collected() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)  # of its own: to freeze lasts
