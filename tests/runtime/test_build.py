import os

from runtime import build


def test_an_identity_is_read_as_it_was_written() -> None:
    found = build.read_identity(build.identity())
    assert found is not None
    assert (found.pid, found.build) == (os.getpid(), build.build())


def test_what_is_no_worker_of_ours_is_none() -> None:
    for other in ("123@host", "", "123@host prosa 0.1.0", f"{build.identity()} and more"):
        assert build.read_identity(other) is None
