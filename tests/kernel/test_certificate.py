"""The `[certificate]` table of an edition."""

from __future__ import annotations

import pytest

from jiangbang.kernel.certificate import CertificateRuleError, CertificateSpec, certificate_spec, filled

VALUES = {"name": "王{title}", "unit": "", "title": "数字工匠", "edition": "首届", "programme": "", "number": "1"}


def test_without_a_table_hosts_and_organisers_sign_in_the_order_of_the_file():
    document = {
        "organisation": [
            {"name": "甲", "name_en": "A", "role": "host"},
            {"name": "乙", "role": "supporter"},
            {"name": "丙", "role": "organiser"},
        ]
    }
    assert certificate_spec(document) == CertificateSpec(bodies=("甲", "丙"), bodies_en=("A", ""))


def test_a_title_may_have_a_text_of_its_own():
    spec = certificate_spec({"certificate": {"text": "甲", "texts": {"nominee": "乙"}, "texts_en": {"nominee": "b"}}})
    assert [spec.text_of(one) for one in ("craftsman", "nominee")] == ["甲", "乙"]
    assert spec.text_en_of("nominee") == "b"


def test_placeholders_are_filled_once_and_values_are_never_read_as_placeholders():
    assert filled("{edition}{name}", VALUES) == "首届王{title}"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"colour": "red"}, "[certificate] knows no colour"),
        ({"bodies": "甲"}, "certificate.bodies must be a list of names"),
        ({"photo": "yes"}, "certificate.photo must be true or false"),
        ({"text": 1}, "certificate.text must be a text"),
        ({"texts": []}, "certificate.texts must be a table of title and text"),
        ({"texts": {"nominee": "{who}"}}, "certificate.texts.nominee: there is no placeholder {who}"),
        ({"salutation": "{}"}, "certificate.salutation: there is no placeholder {}"),
        ({"chop": "一二三四五六七八九十"}, "certificate.chop has at most 9 characters"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_the_key_at_fault(table, said):
    with pytest.raises(CertificateRuleError) as refused:
        certificate_spec({"certificate": table})
    assert str(refused.value) == said
