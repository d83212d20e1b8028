"""Signed notes and checkpoints: the published note of Go's sumdb, and notes that must not open."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.notes import (
    Checkpoint,
    NoteError,
    Signer,
    Verifier,
    checkpoint_text,
    open_note,
    parse_checkpoint,
    sign_note,
)

# golang.org/x/mod/sumdb/note: keys and note of the package's own example
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
PETER_NOTE = TEXT + "\n" + PETER_SIGNATURE
PETER = Verifier.parse(PETER_KEY)
PETER_SIGNER = Signer("PeterNeumann", base64.b64decode(PETER_PRIVATE)[1:])

OFFICE = Signer("jiangbang.example/hangzhou-digital-craftsman/2023", bytes(range(32)))
OTHER = Signer("jiangbang.example/other", bytes(range(32)))


def test_published_note_opens() -> None:
    assert open_note(PETER_NOTE, [PETER]) == TEXT


def test_published_key_is_written_as_it_was_read() -> None:
    assert str(PETER) == PETER_KEY
    assert PETER.key_id.hex() == "c74f20a3"


def test_signing_with_the_published_key_gives_the_published_note() -> None:
    assert PETER_SIGNER.verifier == PETER
    assert sign_note(TEXT, PETER_SIGNER) == PETER_NOTE


def test_key_id_binds_the_name() -> None:
    assert OFFICE.verifier.public_key == OTHER.verifier.public_key
    assert OFFICE.verifier.key_id != OTHER.verifier.key_id


def test_signers_private_key_is_not_shown() -> None:
    assert repr(OFFICE) == f"Signer(name='{OFFICE.name}')"


def test_note_with_two_signatures_opens_for_either_key() -> None:
    note = sign_note(TEXT, OFFICE, PETER_SIGNER)
    assert open_note(note, [PETER]) == TEXT
    assert open_note(note, [OFFICE.verifier]) == TEXT


def test_wrong_signature_of_a_known_key_refuses_a_note_that_another_key_signed() -> None:
    forged = sign_note(TEXT + "more\n", PETER_SIGNER).rpartition("\n\n")[2]
    with pytest.raises(NoteError, match="does not fit"):
        open_note(sign_note(TEXT, OFFICE) + forged, [OFFICE.verifier, PETER])


def test_text_may_hold_empty_lines_and_lines_like_signatures() -> None:
    text = "一\n\n— fake AAAAAAAA\n\nend\n"
    assert open_note(sign_note(text, OFFICE), [OFFICE.verifier]) == text


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (PETER_NOTE.replace("answer", "Answer"), "does not fit"),
        (PETER_NOTE.replace("x08go/ZJ", "x08go/ZK"), "does not fit"),
        (PETER_NOTE.replace("— PeterNeumann", "— Somebody"), "no signature of a known key"),
        (PETER_NOTE.replace("x08go", "y08go"), "no signature of a known key"),
        (TEXT, "no signatures"),
        (TEXT + "\n", "no signatures"),
        (PETER_NOTE[:-1], "line feed"),
        (PETER_NOTE.replace("— ", "- "), "malformed"),
        (PETER_NOTE.replace("nAM=", "nAN="), "malformed"),
        (PETER_NOTE.replace("nAM=", "nAM"), "malformed"),
        (TEXT + "\n— PeterNeumann x08gow==\n", "too short"),
        (TEXT + "\n— PeterNeumann x08go/Z=\n", "malformed"),
        (TEXT + "\n— PeterNeumann x08go/ZJ\n", "does not fit"),
        (TEXT + "\r\n" + PETER_SIGNATURE, "control"),
        (TEXT + "\ud800\n\n" + PETER_SIGNATURE, "Unicode"),
        (TEXT + "\n" + PETER_SIGNATURE * 101, "too many"),
        ("x" * 1_000_001, "too long"),
        ("", "line feed"),
    ],
)
def test_open_note_refuses(note: str, reason: str) -> None:
    with pytest.raises(NoteError, match=reason):
        open_note(note, [PETER])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "PeterNeumann",
        PETER_KEY.replace("c74f20a3", "c74f20a4"),
        PETER_KEY.replace("Peter", "Petra"),
        PETER_KEY.replace("+ARpc", "+AhPc"),
        PETER_KEY[:-4],
        PETER_KEY + "AAAA",
        PETER_KEY.replace("PeterNeumann", "Peter Neumann"),
    ],
)
def test_verifier_refuses_a_key_that_is_not_whole(key: str) -> None:
    with pytest.raises(NoteError):
        Verifier.parse(key)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b"])
def test_signer_refuses_a_name_that_a_note_cannot_hold(name: str) -> None:
    with pytest.raises(NoteError, match="name of a key"):
        Signer(name, bytes(32))


def test_signer_refuses_a_key_of_another_size() -> None:
    with pytest.raises(NoteError, match="32 bytes"):
        Signer("office", bytes(31))


@pytest.mark.parametrize("text", ["", "no line feed", "a\x00\n", "a\tb\n", "\ud800\n"])
def test_sign_note_refuses_text_that_a_note_cannot_hold(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, OFFICE)


def test_sign_note_needs_a_signer() -> None:
    with pytest.raises(NoteError, match="at least one"):
        sign_note(TEXT)


origins = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(origins, st.integers(0, 2**53), st.binary(min_size=32, max_size=32))
def test_checkpoint_reads_back_as_it_was_written_and_signed(origin: str, size: int, root: bytes) -> None:
    text = checkpoint_text(origin, size, root)
    assert parse_checkpoint(open_note(sign_note(text, OFFICE), [OFFICE.verifier])) == Checkpoint(origin, size, root)


def test_checkpoint_is_three_lines() -> None:
    assert checkpoint_text("example.org/log", 7, bytes(32)) == f"example.org/log\n7\n{'A' * 43}=\n"


def test_parse_checkpoint_allows_extension_lines() -> None:
    text = checkpoint_text("example.org/log", 7, bytes(32)) + "extension\n"
    assert parse_checkpoint(text) == Checkpoint("example.org/log", 7, bytes(32))


ROOT = "A" * 43 + "="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"log\n7\n{ROOT}",
        f"log\n07\n{ROOT}\n",
        f"log\n-7\n{ROOT}\n",
        f"log\n٧\n{ROOT}\n",
        f"log\n{'9' * 20}\n{ROOT}\n",
        f"\n7\n{ROOT}\n",
        "log\n7\n",
        "log\n7\nAAAA\n",
        f"log\n7\n{ROOT[:-1]}\n",
        f"log\n7\n{ROOT}\n\nextension\n",
    ],
)
def test_parse_checkpoint_refuses(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    ("origin", "size", "root"), [("", 1, bytes(32)), ("a\nb", 1, bytes(32)), ("a", -1, bytes(32)), ("a", 1, bytes(31))]
)
def test_checkpoint_text_refuses(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(NoteError):
        checkpoint_text(origin, size, root)
