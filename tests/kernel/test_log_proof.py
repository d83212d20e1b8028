"""Proofs in files (C2SP tlog-proof): a published one holds, ours are read again as written, whatever is changed is refused."""

from __future__ import annotations

import base64
import hashlib

import pytest

from jiangbang.kernel import merkle
from jiangbang.kernel.log_proof import LogProof, ProofError, check_log_proof, read_hashes
from jiangbang.kernel.notes import Checkpoint, NoteError, Signer, Verifier, checkpoint_text, sign_note

# project-oak/oak tr/c2sp/testdata/test.tlog-proof and the entry and key beside it in lib.rs, at 9dd1927d
OAK_PROOF = """\
c2sp.org/tlog-proof@v1
index 3
JBLYbBgEHNZMP9yBly3cVyFLQPqn+z0YdjoHdksDJeY=
R71E/0J8A2l+L5ZFDuy/fy59xnJFGYNDRo6pKoqoihc=

fake.log.origin/log
4
CPv9hH0ShT6k/WU9QZeh1bV7bYeUOkrnBuCLCQG9GgE=

— fake.log.origin/log Un6ruNthJe4tf267eyOp8N1FYcK5AoY5b6v53qa6uDg33Xn5PqIaP35NSw87oCw+krzzJliWc5C7KqPV0oPyNxQ2awA=
— test-witness JjSe8AAAAABpmI8+HVh4f06FDH/kr4CtoQ63zVC31E8aT7JHzJMkLcOEIAGPiBG/IatdHdPk1mKe23SDzKi04+Tmzub1qcwuVG78DQ==
"""
OAK_ENTRY = b"test entry data"
OAK_LOG = Verifier.parse("fake.log.origin/log+527eabb8+AddT9PtBhhNAsDYZ0V0euiRbXuvrLsw4L6vKARfipnmz")
# the same file of Oak: the newest of 76,959 entries of a real log
OAK_REAL_ENTRY = b"hello tesseroak\n"
OAK_REAL_PATH = [
    "fGRlLyuz+L9Jb8+uTSut/2aVc4z7fKFW+clvsb6xjEM=",
    "F6LautOHD5eppkWC0xn/lz00X5g2yLlZAkl2jCI/wdE=",
    "qH7OJxFNup+TDvJuohd2HphKVngfMeMzUK8QChEDcas=",
    "+Y3g758yXtPCRh/eqhLTA3bdcx+cCV1Uah0JdgB0YEs=",
    "vq8cJSjj8dPVmFBRUqDLlaMqW6aAYR2GKugVhgudXLs=",
    "J0z3X5qTb9WFC1gABhVFx0bW1rVZRL+DAoBL2e2h4G4=",
    "NmSbYg25xNFzTRerIsF3HbEMyTIDqW87AQd9ekzopE8=",
    "L8BZipjURnkctkjJtGJs+YyTXMssvNKA7+a8nV2JT/s=",
    "pva4RFzCejMkVMVmYc93As2lbk7WAyrw58TvrzEOjNc=",
]
OAK_REAL_ROOT = base64.b64decode("QYfrD7XAd4qUHbRBs4dDyDZwpZN4M/cccXr2G56pxkY=")
LOG = Signer("log.example", b"\x06" * 32)


def test_the_published_proof_holds_and_is_written_as_it_was_read() -> None:
    proof = LogProof.parse(OAK_PROOF)
    root = base64.b64decode("CPv9hH0ShT6k/WU9QZeh1bV7bYeUOkrnBuCLCQG9GgE=")
    assert check_log_proof(proof, OAK_ENTRY, [OAK_LOG]) == Checkpoint("fake.log.origin/log", 4, root)
    assert str(proof) == OAK_PROOF


# transparency-dev/formats proof/tlog_proof_test.go at 0b850f1a
def test_the_published_texts_are_written() -> None:
    one, two = hashlib.sha256(b"hash1").digest(), hashlib.sha256(b"hash2").digest()
    first, second = (base64.b64encode(value).decode() for value in (one, two))
    extra = base64.b64encode(b"extra information").decode()
    written = {
        str(LogProof(5, (one, two), "test checkpoint\n")): f"index 5\n{first}\n{second}\n\ntest checkpoint\n",
        str(LogProof(10, (one,), "checkpoint data\n", b"extra information")): (
            f"extra {extra}\nindex 10\n{first}\n\ncheckpoint data\n"
        ),
        str(LogProof(0, (), "checkpoint\n")): "index 0\n\ncheckpoint\n",
    }
    for ours, theirs in written.items():
        assert ours == f"c2sp.org/tlog-proof@v1\n{theirs}"
        assert str(LogProof.parse(ours)) == ours


# the same file
@pytest.mark.parametrize(
    "text",
    [
        "wrong-header\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + base64.b64encode(bytes(64)).decode() + "\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "a" * 200_000 + "\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "",
    ],
)
def test_what_is_no_proof_is_malformed(text: str) -> None:
    with pytest.raises(ProofError) as caught:
        LogProof.parse(text)
    assert caught.value.code == "malformed"


def test_a_real_logs_long_path_leads_to_its_root() -> None:
    path = read_hashes(OAK_REAL_PATH)
    leaf = merkle.leaf_hash(OAK_REAL_ENTRY)
    assert merkle.verify_inclusion(leaf, 76_958, 76_959, path, OAK_REAL_ROOT)
    assert not merkle.verify_inclusion(leaf, 76_957, 76_959, path, OAK_REAL_ROOT)
    with pytest.raises(NoteError, match="at most 63"):
        read_hashes(OAK_REAL_PATH * 8)


def refused(text: str) -> str:
    """Why a file with this text proves nothing."""
    with pytest.raises(ProofError) as caught:  # noqa: PT012 — read and checked, as the command does
        altered = LogProof.parse(text)
        check_log_proof(altered, altered.entry, [LOG.verifier])
    return caught.value.code


def test_every_line_that_is_changed_is_noticed() -> None:
    leaves = [b'{"index":%d}' % number for number in range(11)]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    note = sign_note(checkpoint_text("log.example", 11, merkle.root(hashes)), LOG)
    proof = LogProof(6, merkle.inclusion_proof(6, 11, hashes), note, leaves[6])
    assert check_log_proof(LogProof.parse(str(proof)), leaves[6], [LOG.verifier]).size == 11
    lines = str(proof).split("\n")
    codes = set()
    for at, line in enumerate(lines[:-1]):
        for changed in (line[:-1], line[::-1], line[:8].swapcase() + line[8:], ""):
            text = "\n".join([*lines[:at], changed, *lines[at + 1 :]])
            if text != str(proof):
                codes.add(refused(text))
    assert codes == {"malformed", "signature", "path"}


def test_a_rightly_signed_note_that_is_no_checkpoint_proves_nothing() -> None:
    with pytest.raises(ProofError) as caught:
        check_log_proof(LogProof(0, (), sign_note("a note\n", LOG)), b"", [LOG.verifier])
    assert caught.value.code == "malformed"
