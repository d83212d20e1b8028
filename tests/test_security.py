"""docs/security.md says the truth: its table is whole, its tests exist, and what it says of the source is so."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from jiangbang.accounts.passwords import HOUSE_WORDS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "jiangbang"
# The levels of OWASP ASVS 5.0.0 (May 2025), one figure for each requirement of a section, in their order.
LEVELS = {
    **{"1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123"},
    **{"2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23"},
    **{"3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333"},
    **{"4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222"},
    **{"5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222"},
    **{
        "6.1": "122",
        "6.2": "111111112222",
        "6.3": "11223333",
        "6.4": "112233",
        "6.5": "22222333",
        "6.6": "2223",
        "6.7": "33",
        "6.8": "2222",
    },
    **{"7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22"},
    **{"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23"},
    **{"9.1": "111", "9.2": "1222"},
    **{
        "10.1": "22",
        "10.2": "223",
        "10.3": "22223",
        "10.4": "1111122222233333",
        "10.5": "22222",
        "10.6": "22",
        "10.7": "222",
    },
    **{"11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33"},
    **{"12.1": "12233", "12.2": "11", "12.3": "22223"},
    **{"13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233"},
    **{"14.1": "22", "14.2": "12223333", "14.3": "122"},
    **{"15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333"},
    **{"16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223"},
    **{"17.1": "23", "17.2": "22223333", "17.3": "22"},
}
# Every module that does cryptography of its own; docs/security.md lists what each does.
CRYPTOGRAPHY = {
    "archive/data/verify.py",
    "backup/keys.py",
    "commands/witness.py",
    "conferral/issuers.py",
    "conferral/issuing.py",
    "consultation/papers.py",
    "kernel/ballot_box.py",
    "kernel/cosignature.py",
    "kernel/notes.py",
    "kernel/statement.py",
    "kernel/vault.py",
    "notice/objection_case.py",
    "papers/issuing.py",
    "papers/signature.py",
    "register/keys.py",
}
STATES = ("met", "not applicable", "not met yet")
WRITTEN_DOWN = (
    *("Browsers", "Sign-in", "Sessions", "Files", "Keys", "Data", "Whom the house calls", "What costs much"),
    *("Libraries", "Logs"),
)


@cache
def document() -> str:
    return (ROOT / "docs" / "security.md").read_text("utf-8")


def rows() -> list[tuple[str, str, str, str]]:
    """Number, level, how it is met, the tests, of each row."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| [^|]+ \| ([^|]+) \| ([^|]*) \|$", document(), re.MULTILINE)
    return [(number, level, how.strip(), tests) for number, level, how, tests in found]


def standard() -> dict[str, str]:
    """Every requirement of the standard with its level."""
    return {
        f"{section}.{place}": level for section, levels in LEVELS.items() for place, level in enumerate(levels, start=1)
    }


def state_of(how: str) -> str:
    return next((state for state in STATES if how.startswith(state)), how)


def test_every_requirement_stands_in_the_table_with_its_level() -> None:
    assert Counter(standard().values()) == {"1": 70, "2": 183, "3": 92}
    assert {number: level for number, level, _, _ in rows()} == standard()
    assert len(rows()) == len(standard())


def test_every_row_says_how_it_stands_and_why() -> None:
    assert [number for number, _, how, _ in rows() if state_of(how) not in STATES] == []
    unsaid = [number for number, _, how, _ in rows() if state_of(how) != "met" and ":" not in how]
    assert unsaid == [], "a requirement that is not met, or does not apply, says why"


def test_every_requirement_that_is_met_has_a_test_that_exists() -> None:
    unshown = [number for number, _, how, tests in rows() if state_of(how) == "met" and "](" not in tests]
    assert unshown == []
    named = {pair for _, _, _, tests in rows() for pair in re.findall(r"\[([^\]]+)\]\(\.\./tests/([^)]+)\)", tests)}
    assert len(named) > 150
    missing = [f"{path}::{name}" for name, path in sorted(named) if not _has_test(path, name)]
    assert missing == []


@cache
def _tests_of(path: str) -> frozenset[str]:
    file = ROOT / "tests" / path
    return frozenset(re.findall(r"^def (test_\w+)\(", file.read_text("utf-8"), re.MULTILINE) if file.is_file() else ())


def _has_test(path: str, name: str) -> bool:
    return name in _tests_of(path) or (name == Path(path).stem and bool(_tests_of(path)))


def test_the_figures_of_the_table_are_as_said(record_property: Callable[[str, object], None]) -> None:
    counted = Counter((level, state_of(how)) for _, level, how, _ in rows())
    said = {
        (level, state): int(figure)
        for level, *figures in re.findall(r"^\| level ([123]) \| (\d+) \| (\d+) \| (\d+) \|$", document(), re.MULTILINE)
        for state, figure in zip(STATES, figures, strict=True)
    }
    assert {key: counted[key] for key in said} == said
    assert len(said) == 9
    record_property("ASVS level 1 and 2: requirements answered", sum(1 for _, level, _, _ in rows() if level != "3"))
    record_property("ASVS level 3: requirements met", counted["3", "met"])


def test_what_the_standard_wants_written_down_is_there() -> None:
    parts = dict(re.findall(r"^### (.+)\n((?:(?!^#).*\n)+)", document(), re.MULTILINE))
    assert [name for name in WRITTEN_DOWN if len(parts.get(name, "")) < 200] == []


def test_the_words_of_the_house_stand_in_the_document() -> None:
    assert [word for word in HOUSE_WORDS if word not in document()] == []


@cache
def _trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
    }


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_no_dangerous_call_is_in_the_source() -> None:
    """No code out of data, no shell, no object out of bytes, no markup declared safe, no broken hash or randomness, no raw query."""
    dangerous = re.compile(
        r"^(eval|exec|os\.system|os\.popen|pickle\.\w+|marshal\.loads|yaml\.\w*load\w*|mark_safe|tempfile\.mktemp"
        r"|hashlib\.(md5|sha1)|random\.\w+|\w+\.objects\.raw|\w+\.objects\.extra|RawSQL)$"
    )
    found = [f"{path}: {name}" for path, tree in _trees().items() for name, _ in _calls(tree) if dangerous.match(name)]
    assert [one for one in found if one not in DANGEROUS] == []
    shells = [
        f"{path}: {name}"
        for path, tree in _trees().items()
        for name, call in _calls(tree)
        if any(word.arg == "shell" for word in call.keywords)
    ]
    assert shells == []
    queries = [
        f"{path}: {ast.unparse(call)}"
        for path, tree in _trees().items()
        for name, call in _calls(tree)
        if name.endswith("cursor.execute") and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert queries == []
    paths = [
        f"{path}: {ast.unparse(call)}"
        for path, tree in _trees().items()
        for name, call in _calls(tree)
        if name.endswith(".xpath") and not isinstance(call.args[0], ast.Constant | ast.Name)
    ]
    assert paths == []


# each with its reason
DANGEROUS = {"queue/worker.py: random.uniform": "spreads retries over time; nobody gains by guessing it"}


def test_cryptography_is_used_only_where_the_list_says() -> None:
    packages = {"cryptography", "pyhanko", "argon2", "asn1crypto", "msoffcrypto", "hmac"}
    users = {
        path
        for path, tree in _trees().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in packages)
        or (isinstance(node, ast.Import) and any(one.name.split(".")[0] in packages for one in node.names))
    }
    assert users == CRYPTOGRAPHY
    assert [path for path in sorted(CRYPTOGRAPHY) if path not in document()] == []
    # PKCS1v15 is there for signatures with an RSA key of the organiser's own, never for encryption
    modes = re.compile(r"\b(ECB|TripleDES|ARC4|RC4|MD5|SHA1)\b|\.encrypt\([^)]*PKCS1v15")
    assert [path for path in sorted(users) if modes.search((SOURCE / path).read_text("utf-8"))] == []


def test_secrets_are_compared_in_constant_time() -> None:
    """A comparison of anything that bears the name of a secret is `compare_digest`; looking a hash up in an index is no comparison."""
    secret = re.compile(r"(^|_|\.)(token|secret|password|digest|mac|signature)(_sha256|_hash)?$")
    found = [
        f"{path}: {ast.unparse(node)}"
        for path, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        and sum(bool(secret.search(ast.unparse(side))) for side in (node.left, *node.comparators))
    ]
    assert [one for one in found if one not in COMPARED] == []


# each with its reason
COMPARED = {"kernel/statement.py: _spell(whole) == token": "a public statement against its one spelling"}


def test_scripts_are_modules_that_evaluate_nothing() -> None:
    forbidden = re.compile(
        r"\beval\(|new Function|document\.write|insertAdjacentHTML|outerHTML\s*=|addEventListener\(\"message\""
        r"|window\[|document\[|__proto__|Object\.assign\(\s*\{\}"
    )
    scripts = [path for path in SOURCE.rglob("*.js") if "vendor" not in path.parts]
    found = [path.name for path in scripts if forbidden.search(path.read_text("utf-8"))]
    assert (len(scripts) > 15, found) == (True, [])
    # our own rendered piece of a page, from an address of ours
    assert [path.name for path in scripts if "innerHTML" in path.read_text("utf-8")] == ["files.js"]
    tags = [
        f"{path.name}: {tag}"
        for path in SOURCE.rglob("*.html")
        for tag in re.findall(r"<script\b[^>]*>", path.read_text("utf-8"))
        if not re.search(r'type="(module|application/json)"', tag)
    ]
    # libraries are of the old kind; the slides in the street run from a stick, where modules do not load
    library = re.compile(r'<script src="\{% static "(vendor|mfa/js)/[\w.-]+" %\}" defer>$')
    assert [tag for tag in tags if not library.search(tag)] == ['screen.html: <script src="screen.js" defer>']


def test_the_proxy_as_we_ship_it_speaks_tls_1_2_and_1_3_with_forward_secrecy() -> None:
    text = (ROOT / "deploy" / "nginx" / "jiangbang.conf").read_text("utf-8")
    assert re.findall(r"^\s*ssl_protocols (.+);$", text, re.MULTILINE) == ["TLSv1.2 TLSv1.3"]
    (ciphers,) = re.findall(r"^\s*ssl_ciphers (.+);$", text, re.MULTILINE)
    good = re.compile(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)$")
    assert [cipher for cipher in ciphers.split(":") if not good.match(cipher)] == []


SHOWS_COOKIES = """
from django.conf import settings
from jiangbang.accounts import throttle
for name in ("SESSION", "CSRF", "LANGUAGE"):
    print(*(getattr(settings, f"{name}_COOKIE_{what}") for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")))
print(throttle.COOKIE)
"""


def test_behind_tls_cookies_are_bound_to_host_and_tls(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "JIANGBANG_TLS": "1",
        "JIANGBANG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
    }
    code = f"import django; django.setup()\n{SHOWS_COOKIES}"
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [
        "__Host-jiangbang_session True True Lax",
        "__Host-csrftoken True True Lax",
        "__Host-jiangbang_language True True Lax",
        "__Secure-jiangbang_device",
    ]
