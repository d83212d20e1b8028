"""What a witness finds: a published log walks through, and everything that can be done to a log has its own verdict."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from jiangbang.kernel import merkle
from jiangbang.kernel.log_proof import read_hashes
from jiangbang.kernel.notes import Checkpoint, NoteError, Signer, Verifier, checkpoint_text, open_note, sign_note
from jiangbang.kernel.witness import Finding, Verdict, watch

# FiloSottile/torchwood cmd/litewitness/testdata/litewitness.txt at 341dc2f0: a log of 1, 3, 5 entries, and what its witness answers
ORIGIN = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM = Verifier(ORIGIN, bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"))
ONE, THREE, FIVE = (
    f"{ORIGIN}\n{size}\n{root}\n\n— {ORIGIN} {signature}\n"
    for size, root, signature in (
        (
            1,
            "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=",
        ),
        (
            3,
            "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=",
            "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=",
        ),
        (
            5,
            "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=",
            "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=",
        ),
    )
)
SUM_DATABASE = Verifier.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
LOG = Signer("log.example", b"\x06" * 32)
MANY = [merkle.leaf_hash(b"%d" % number) for number in range(40)]


@dataclass
class Given:
    """A register that gives what it is told to."""

    note: str
    hashes: Sequence[bytes] | None = None
    told: Sequence[str] | None = None
    seen: Verdict | None = None

    def checkpoint(self) -> str:
        return self.note

    def flaw(self, found: Checkpoint) -> Verdict | None:
        return self.seen if found.size >= 0 else None

    def proof(self, old: int, new: int) -> Sequence[bytes] | None:
        if self.hashes is not None:
            return merkle.consistency_proof(old, new, self.hashes)
        return None if self.told is None else read_hashes(self.told)


def note(hashes: Sequence[bytes], signer: Signer = LOG, origin: str = "log.example") -> str:
    return sign_note(checkpoint_text(origin, len(hashes), merkle.root(hashes)), signer)


def verdict(kept: str | None, given: Given, key: Verifier = LOG.verifier) -> Verdict:
    return watch(kept, key, given).verdict


def hand(number: int) -> str:
    """The hashes of the published proofs that are written out by hand: 42, a number, zeros."""
    return base64.b64encode(bytes([42, number, *bytes(30)])).decode()


def test_the_published_log_is_followed_as_its_published_witness_does() -> None:
    altered = hand(2).replace("AAA=", "ABA=")
    assert verdict(None, Given(ONE), SIGSUM) is Verdict.FIRST
    assert verdict(ONE, Given(THREE, told=[]), SIGSUM) is Verdict.FORKED
    assert verdict(ONE, Given(THREE, told=[hand(1), altered]), SIGSUM) is Verdict.FORKED
    assert verdict(ONE, Given(THREE, told=[hand(1), hand(2)]), SIGSUM) is Verdict.GROWN
    beyond = [hand(2), hand(3), "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=", hand(4)]
    assert verdict(THREE, Given(FIVE, told=beyond), SIGSUM) is Verdict.GROWN
    assert verdict(FIVE, Given(THREE), SIGSUM) is Verdict.ROLLED_BACK


def test_the_checksum_database_of_go_is_read() -> None:
    # cmd/litewitness/testdata/sumdb.txt of the same commit
    signed = (
        "go.sum database tree\n35225469\nvt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=\n\n"
        "— sum.golang.org Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=\n"
    )
    found = watch(None, SUM_DATABASE, Given(signed))
    assert found.found is not None
    assert (found.verdict, found.found.origin, found.found.size) == (
        Verdict.FIRST,
        "go.sum database tree",
        35_225_469,
    )


# C2SP signed-note.md, the section "Verifier keys", and tlog-checkpoint.md at 5ba5ee83
def test_the_specifications_own_examples_open() -> None:
    example = Verifier.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    text = "This is an example message.\n"
    line = "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    assert open_note(f"{text}\n{line}", [example]) == text


@pytest.mark.parametrize(("old", "new"), [(1, 40), (7, 8), (8, 40), (39, 40)])
def test_a_log_that_only_grew_is_found_so(old: int, new: int) -> None:
    assert verdict(note(MANY[:old]), Given(note(MANY[:new]), MANY[:new])) is Verdict.GROWN


def test_each_thing_that_may_be_done_to_a_log_has_its_verdict() -> None:
    forged = [merkle.leaf_hash(b"forged"), *MANY[1:]]
    kept = note(MANY[:20])
    other = Signer("log.example", b"\x09" * 32)
    found = {
        Verdict.SAME: Given(kept),
        Verdict.ROLLED_BACK: Given(note(MANY[:19]), MANY),
        Verdict.FORKED: Given(note(forged[:30]), forged[:30]),
        Verdict.UNPROVED: Given(note(MANY[:30])),
        Verdict.CUT: Given(note(MANY[:30]), MANY, seen=Verdict.CUT),
        Verdict.ALTERED: Given(note(MANY[:30]), MANY, seen=Verdict.ALTERED),
        Verdict.OTHER_KEY: Given(note(MANY[:30], other), MANY),
        Verdict.FORGED: Given(note(MANY[:30]).replace("\n30\n", "\n31\n"), MANY),
        Verdict.OTHER_LOG: Given(note(MANY[:30], origin="other.example"), MANY),
    }
    assert {name: verdict(kept, given) for name, given in found.items()} == {name: name for name in found}
    assert verdict(kept, Given(note(forged[:20]), forged)) is Verdict.FORKED
    assert verdict(note(MANY[:20], other), Given(kept)) is Verdict.KEPT_UNSIGNED
    assert [name for name, given in found.items() if watch(kept, LOG.verifier, given).good] == [Verdict.SAME]


def test_an_untrusted_checkpoint_is_not_told_as_found() -> None:
    given = Given(note(MANY[:30], Signer("log.example", b"\x09" * 32)))
    found = watch(note(MANY[:20]), LOG.verifier, given)
    assert found == Finding(Verdict.OTHER_KEY, found.kept, None, given.note)


def test_what_is_no_note_is_an_error_and_no_verdict() -> None:
    with pytest.raises(NoteError):
        watch(None, LOG.verifier, Given("<html>sign in to the network</html>\n"))
