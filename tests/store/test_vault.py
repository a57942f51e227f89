"""The vault and the state files."""

import pytest

from goodoffices.domain.errors import InputError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.store.seen import Seen
from goodoffices.store.vault import Vault


def test_a_content_comes_back_and_lies_encrypted(tmp_path):
    with Vault(tmp_path) as vault:
        salt = vault.put("s", b"somebody was born")
        assert vault.get("s") == (b"somebody was born", salt)
        assert len(salt) == 32
    assert b"somebody" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_after_erasing_neither_content_nor_salt_nor_key_is_left(tmp_path):
    with Vault(tmp_path) as vault:
        salt = vault.put("s", b"somebody was born")
        (_, key) = vault._secrets.execute("SELECT salt, key FROM secret").fetchone()
        sealed = vault._contents.execute("SELECT sealed FROM content").fetchone()[0]
        vault.put("t", b"another")
        vault.erase("s")
        with pytest.raises(InputError, match="erased"):
            vault.get("s")
        with pytest.raises(InputError, match="nothing to erase"):
            vault.erase("s")
        assert vault.get("t")[0] == b"another"
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert salt not in left
    assert key not in left
    assert sealed not in left


@pytest.mark.parametrize("lost", ["_contents", "_secrets"])
def test_a_content_whose_writing_was_cut_off_is_put_again(tmp_path, lost):
    with Vault(tmp_path) as vault:
        vault.put("s", b"1")
        getattr(vault, lost).execute(f"DELETE FROM {'content' if lost == '_contents' else 'secret'}")  # noqa: S608
        with pytest.raises(InputError):
            vault.get("s")
        salt = vault.put("s", b"1")
        assert vault.get("s") == (b"1", salt)


def test_a_content_is_never_replaced(tmp_path):
    with Vault(tmp_path) as vault:
        vault.put("s", b"1")
        with pytest.raises(InputError, match="already"):
            vault.put("s", b"2")
        assert vault.get("s")[0] == b"1"


def test_a_changed_content_is_noticed(tmp_path):
    with Vault(tmp_path) as vault:
        vault.put("s", b"1")
        vault._contents.execute("UPDATE content SET sealed = zeroblob(17)")
        with pytest.raises(VerificationError, match="changed"):
            vault.get("s")


def head(size, mark=1):
    return Checkpoint("o", size, bytes([mark]) * 32)


def test_a_state_file_only_grows_and_passes_over_a_torn_line(tmp_path):
    seen = Seen(tmp_path / "state")
    with pytest.raises(InputError, match="no state file"):
        seen.last()
    seen.start()
    assert seen.last() == {}
    seen.add(head(3))
    seen.add(head(5))
    with seen.path.open("ab") as file:
        file.write(b'{"origin":"o","ro')
    assert seen.last() == {"o": head(5)}
    seen.add(head(8))
    assert seen.last() == {"o": head(8)}


@pytest.mark.parametrize(
    "line", [b"{}", b"no", b'{"origin":"o","root":"zz","size":1}', b'{"origin":"o","root":"","size":2}']
)
def test_a_faulty_state_is_refused(tmp_path, line):
    seen = Seen(tmp_path / "state")
    seen.start()
    seen.add(head(5))
    with seen.path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(InputError, match="line 2"):
        seen.last()
