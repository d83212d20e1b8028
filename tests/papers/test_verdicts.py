"""Every verdict and every reason has its sentence in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from papers.certificates import issuer_key, statement

import jiangbang
from jiangbang.kernel.statement import Finding, Verdict
from jiangbang.papers.verdicts import REASONS, as_json, sentence_of, word_of

SOURCE = Path(jiangbang.__file__).parent


def test_every_reason_that_is_given_has_a_sentence():
    code = "".join((SOURCE / name).read_text("utf-8") for name in ("kernel/statement.py", "papers/signature.py"))
    given = set(re.findall(r'(?:reason=|, |reason = |else )"([a-z_]+)"\)?', code)) & REASONS
    assert given == REASONS - {""}
    assert [sentence_of(Finding(Verdict.ALTERED, reason=one), "en") for one in REASONS if not one] != [""]


def test_every_verdict_has_its_word():
    words = [word_of(verdict, language) for verdict in Verdict for language in ("zh", "en")]
    assert len(set(words)) == 2 * len(Verdict)


def test_the_document_of_a_finding_names_statement_and_key():
    document = as_json(Finding(Verdict.GENUINE, statement(), issuer_key()), source="token", revocation_checked=False)
    assert (document["verdict"], document["statement"]["issued"]) == ("genuine", "2023-05-18")
    assert document["key"]["id"] == issuer_key().id.hex()
    assert as_json(Finding(Verdict.MALFORMED), source="pdf", revocation_checked=True)["statement"] is None
