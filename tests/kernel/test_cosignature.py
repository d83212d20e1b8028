"""A witness's line under a checkpoint: a published one verifies, ours is read by the same rules, altered ones are refused."""

from __future__ import annotations

import pytest
from kernel.test_log_proof import OAK_PROOF

from jiangbang.kernel.cosignature import Cosigner, cosign, cosigned_at
from jiangbang.kernel.log_proof import LogProof
from jiangbang.kernel.notes import NoteError, Signer, Verifier, checkpoint_text, open_note, sign_note

# project-oak/oak tr/c2sp/lib.rs at 9dd1927d: the witness of its tlog-proof
OAK_WITNESS = Cosigner.parse("test-witness+26349ef0+BIQDFTUlktisMqJzWn8qhteWrRr4dLcQ9R37T+8LQyQF")
OAK_NOTE = LogProof.parse(OAK_PROOF).checkpoint
WITNESS = Signer("union.example/witness", b"\x05" * 32)
LOG = Signer("log.example", b"\x06" * 32)
NOTE = sign_note(checkpoint_text("log.example", 3, b"\x07" * 32), LOG)


def test_the_published_cosignature_verifies() -> None:
    assert cosigned_at(OAK_NOTE, OAK_WITNESS) == 0x69988F3E
    assert str(OAK_WITNESS) == "test-witness+26349ef0+BIQDFTUlktisMqJzWn8qhteWrRr4dLcQ9R37T+8LQyQF"


def test_an_altered_one_is_refused_and_another_key_says_nothing() -> None:
    with pytest.raises(NoteError, match="does not fit"):
        cosigned_at(OAK_NOTE.replace("log\n4\n", "log\n5\n"), OAK_WITNESS)
    with pytest.raises(NoteError, match="malformed"):
        cosigned_at(NOTE + "— test-witness JjSe8AAAAAA=\n", OAK_WITNESS)
    assert cosigned_at(OAK_NOTE, Cosigner("test-witness", b"\x01" * 32)) is None


def test_a_cosigned_note_still_opens_for_the_log_and_keeps_one_line_of_each_witness() -> None:
    other = Signer("paper.example/w", b"\x08" * 32)
    note = cosign(cosign(cosign(NOTE, WITNESS, 1_700_000_000), other, 5), WITNESS, 1_700_000_001)
    assert open_note(note, [LOG.verifier]) == open_note(NOTE, [LOG.verifier])
    assert cosigned_at(note, Cosigner.of(WITNESS)) == 1_700_000_001
    assert cosigned_at(note, Cosigner.of(other)) == 5
    assert note.count("— ") == 3


def test_the_same_key_has_another_id_as_a_log_and_as_a_witness() -> None:
    cosigner = Cosigner.of(WITNESS)
    assert Cosigner.parse(str(cosigner)) == cosigner
    assert cosigner.key_id != WITNESS.verifier.key_id
    for wrong in (str(WITNESS.verifier), str(cosigner).replace("union", "onion"), "nothing"):
        with pytest.raises(NoteError):
            Cosigner.parse(wrong)
    with pytest.raises(NoteError):
        Verifier.parse(str(cosigner))


def test_a_moment_that_cannot_be_written_is_refused() -> None:
    for at in (-1, 2**63):
        with pytest.raises(NoteError, match="moment"):
            cosign(NOTE, WITNESS, at)
