"""`jiangbang programme load`."""

from __future__ import annotations

from pathlib import Path

from commands.console import Console, refused


def change(folder: Path, old: str, new: str, file: str = "2023.toml") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def size(console: Console) -> int:
    return int(console("register", "verify", "--json").json["size"])


def test_loading_the_bundled_programme_again_changes_nothing(ready: Console, programme: Path) -> None:
    before = size(ready)
    outcome = ready("programme", "load", programme)
    assert (outcome.status, outcome.out) == (0, "2023: unchanged\n2024: unchanged\n")
    assert size(ready) == before


def test_an_empty_home_is_made_ready_by_loading(empty: Console, programme: Path) -> None:
    assert empty("programme", "load", programme).out == "2023: unchanged\n2024: unchanged\n"


def test_a_dry_run_shows_the_difference_and_changes_nothing(ready: Console, programme: Path) -> None:
    change(programme, "seats = 50", "seats = 55")
    before = size(ready)
    outcome = ready("programme", "load", programme, "--dry-run")
    assert (outcome.status, outcome.out.splitlines()) == (
        0,
        ["2023: would change", "  edition.title.craftsman.seats", "2024: unchanged"],
    )
    assert size(ready) == before


def test_a_changed_file_is_loaded_once_with_its_difference(ready: Console, programme: Path) -> None:
    change(programme, "quota_max = 12", "quota_max = 11")
    first = ready("programme", "load", programme)
    assert first.status == 0
    assert "2023: changed" in first.out
    assert "edition.unit_kind.department.quota_max" in first.out
    assert ready("programme", "load", programme).out == "2023: unchanged\n2024: unchanged\n"


def test_a_new_edition_is_said_to_be_new(ready: Console, programme: Path) -> None:
    change(programme, 'editions = ["2023", "2024"]', 'editions = ["2023", "2024", "2026"]', "programme.toml")
    text = (programme / "2024.toml").read_text(encoding="utf-8").replace('slug = "2024"', 'slug = "2026"')
    (programme / "2026.toml").write_text(text, encoding="utf-8")
    assert "2026: would be new" in ready("programme", "load", programme, "--dry-run").out
    assert "2026: loaded" in ready("programme", "load", programme).out


def test_bad_toml_is_one_sentence_that_names_the_file(ready: Console, programme: Path) -> None:
    (programme / "2024.toml").write_text("this is [not toml", encoding="utf-8")
    before = size(ready)
    assert "2024.toml" in refused(ready("programme", "load", programme))
    assert size(ready) == before


def test_a_wrong_clause_is_one_sentence_that_names_the_file(ready: Console, programme: Path) -> None:
    change(programme, "years_in_industry >= 5", "years_in_industri >= 5")
    assert "2023.toml" in refused(ready("programme", "load", programme))


def test_a_missing_table_is_one_sentence(ready: Console, programme: Path) -> None:
    change(programme, "[calendar]", "[calender]")
    assert "calendar" in refused(ready("programme", "load", programme))


def test_a_value_of_the_wrong_kind_is_one_sentence(ready: Console, programme: Path) -> None:
    change(programme, "opens = 2022-12-20\ncloses = 2023-03-31", 'opens = "soon"\ncloses = 2023-03-31')
    assert "2023.toml" in refused(ready("programme", "load", programme))


def test_a_folder_without_a_programme_is_one_sentence(ready: Console, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert "programme.toml" in refused(ready("programme", "load", tmp_path / "nothing"))
