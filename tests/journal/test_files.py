import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import ContactError, FileMissingError
from domain.limits import LIMITS
from domain.message import FileContent, FileRef
from journal.files import FileStore

BOLETO = FileContent(name="boleto.pdf", mime="application/pdf", data=b"%PDF-1.7 ...")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _files(store: FileStore, tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


def test_a_file_comes_back_by_its_reference_or_its_id(store: FileStore) -> None:
    ref = store.put(BOLETO)
    assert ref == FileRef(
        id=hashlib.sha256(BOLETO.data).hexdigest(), name="boleto.pdf", mime="application/pdf", size=12
    )
    assert store.read(ref) == store.read(ref.id) == BOLETO.data
    with store.open(ref) as content:
        assert content.read(4) == b"%PDF"
    assert store.path(ref.id).read_bytes() == BOLETO.data


def test_the_same_content_twice_is_one_file_under_two_names(store: FileStore, tmp_path: Path) -> None:
    first = store.put(BOLETO)
    second = store.put(BOLETO.model_copy(update={"name": "copy.pdf"}))
    assert (first.id, second.name) == (second.id, "copy.pdf")
    assert _files(store, tmp_path) == [first.id]


def test_the_same_content_at_once_is_one_whole_file(store: FileStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        refs = list(pool.map(store.put, [BOLETO] * 16))
    assert _files(store, tmp_path) == [refs[0].id]
    assert store.read(refs[0]) == BOLETO.data


def test_a_crash_while_writing_leaves_nothing_behind(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        store.put(BOLETO)
    assert _files(store, tmp_path) == []


def test_a_file_that_is_not_there_is_told(store: FileStore) -> None:
    with pytest.raises(FileMissingError, match="not in the file store"):
        store.read("0" * 64)


@pytest.mark.parametrize("odd", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n", "/" + "0" * 63])
def test_what_is_no_id_never_becomes_a_path(store: FileStore, odd: str) -> None:
    with pytest.raises(FileMissingError, match="not the id of a file"):
        store.path(odd)


def test_a_file_above_the_limit_is_refused(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(ContactError, match=f"at most {LIMITS.file} bytes"):
        store.put(FileContent(name="film.mp4", mime="video/mp4", data=bytes(LIMITS.file + 1)))
    assert _files(store, tmp_path) == []


def test_a_file_in_pieces_is_the_same_file(store: FileStore, tmp_path: Path) -> None:
    with store.begin(100) as incoming:
        for piece in (BOLETO.data[:5], b"", BOLETO.data[5:]):
            incoming.write(piece)
        ref = incoming.keep("boleto.pdf", "application/pdf")
    assert ref == store.put(BOLETO)
    assert _files(store, tmp_path) == [ref.id]


def test_a_file_that_is_not_finished_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    with store.begin(100) as incoming:
        incoming.write(BOLETO.data)
    assert _files(store, tmp_path) == []
