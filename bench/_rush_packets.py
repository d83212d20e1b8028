"""Make the packets of the rush: `python -m bench._rush_packets FOLDER FIRST LAST`, each one with one to three people's real papers."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

# portraits take ten milliseconds to draw; the others are these with some bytes behind the picture's end
DRAWN = 60
SEED = 331
MOST = 3
FIRST_DAY = date(1980, 1, 1)
PER_DAY = 400


def people_in(number: int) -> int:
    """One, two or three in turn."""
    return 1 + number % MOST


def make(folder: Path, first: int, last: int) -> None:
    from jiangbang.commands.speaking import bundled_edition
    from jiangbang.rehearsal.faults import Slip
    from jiangbang.rehearsal.papers import PacketPapers, packet_archive
    from jiangbang.rehearsal.people import make_people

    edition = bundled_edition()
    # a soft quota holds nobody back
    units = [unit for unit in edition.units if not unit.hard]
    drawn = make_people(
        DRAWN,
        seed=SEED,
        form=edition.form,
        classes=edition.industry_classes,
        signed=date(2023, 3, 1),
        year=2023,
    )
    for number in range(first, last):
        unit = units[number % len(units)]
        slips = [
            Slip.right(_person(drawn[(number * MOST + place) % DRAWN], number * MOST + place))
            for place in range(people_in(number))
        ]
        name = f"{unit.short_name}+数字工匠推荐"
        body = packet_archive(slips, edition.form, PacketPapers(unit.name, name))
        (folder / f"{number:06d}+{name}.zip").write_bytes(body)


def _person(drawn: Any, number: int) -> Any:
    from jiangbang.kernel.identity import synthetic

    born = FIRST_DAY + timedelta(number // PER_DAY)
    id_number = synthetic("990101", born, number % PER_DAY * 2 + 1)
    photo = drawn.record["photo"]
    changed = drawn.changed(id_number=id_number, birth_month=f"{born:%Y-%m}", gender="male")
    return changed.with_photo(
        (drawn.photo or b"") + number.to_bytes(8, "big"), (int(photo["width"]), int(photo["height"]))
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
