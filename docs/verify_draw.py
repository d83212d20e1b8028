"""Draw again what was drawn: `python3 verify_draw.py DRAW.json`. Needs nothing but Python; shares no code with Jiangbang.

It checks that the commitment published before the ceremony fits the secret, the pool and the rules in the file, and that secret
and witnesses' entries give exactly the panels in the file.
"""

import hashlib
import json
import math
import sys
from fractions import Fraction
from pathlib import Path

FORMAT, ATTEMPTS, STEPS = "jiangbang-draw/1", 2000, 100_000


def digest(purpose, *texts):
    data = f"{FORMAT} {purpose}\n".encode()
    for text in texts:
        data += len(text.encode()).to_bytes(8, "big") + text.encode()
    return hashlib.sha256(data).digest()


def canonical(pool, panels):
    people = [[p["id"], sorted(set(p.get("fields", []))), p.get("employer", ""), p.get("outside", False)] for p in pool]
    rules = [
        [
            r["name"],
            r["seats"],
            r.get("alternates", 0),
            [list(f) for f in needs(r)],
            r.get("most_per_employer"),
            outside(r),
        ]
        for r in panels
    ]
    return json.dumps([people, rules], ensure_ascii=False, separators=(",", ":"))


def needs(rules):
    return sorted(rules.get("fields", {}).items())


def outside(rules):
    share = rules.get("outside_share")
    return rules.get("outside", 0) if share is None else math.ceil(Fraction(str(share)) * rules["seats"])


def sample(pool, count, seed, label):
    """Fisher and Yates with SHA-256(seed, label, newline, counter) as chance."""
    order, counter = list(pool), 0
    for place in range(count):
        bound = len(pool) - place
        while True:
            word = hashlib.sha256(seed + label.encode() + b"\n" + counter.to_bytes(8, "big")).digest()
            counter += 1
            number = int.from_bytes(word[:8], "big")
            if number < 2**64 - 2**64 % bound:
                break
        other = place + number % bound
        order[place], order[other] = order[other], order[place]
    return order[:count]


def employers_kept(rules, panel):
    names = [p.get("employer", "") for p in panel if p.get("employer")]
    most = rules.get("most_per_employer")
    return most is None or all(names.count(name) <= most for name in names)


def open_needs(rules, panel):
    """The largest number of seats that some rule still needs."""
    gaps = [outside(rules) - sum(p.get("outside", False) for p in panel)]
    gaps += [least - sum(field in p.get("fields", []) for p in panel) for field, least in needs(rules)]
    return max(gaps)


def draw_panel(rules, free, seed):
    seats = rules["seats"]
    for attempt in range(ATTEMPTS):
        panel = sample(free, seats, seed, f"{rules['name']}/{attempt}")
        if employers_kept(rules, panel) and open_needs(rules, panel) <= 0:
            return panel
    return search(rules, sample(free, len(free), seed, f"{rules['name']}/order"))


def search(rules, order):
    """Fill the scarcest open rule first, by people in this order, going back where needed."""
    tests = [(lambda p: p.get("outside", False), outside(rules))]
    tests += [(lambda p, field=field: field in p.get("fields", []), least) for field, least in needs(rules)]
    tests = sorted((test for test in tests if test[1]), key=lambda test: sum(map(test[0], order)))

    def choice(panel):
        for fills, least in tests:
            if sum(map(fills, panel)) < least:
                return iter([person for person in order if fills(person)])
        return iter(order)

    panel, choices = [], [choice([])]
    for _ in range(STEPS):
        person = next(choices[-1], None)
        if person is None:
            choices.pop()
            if not panel:
                break
            panel.pop()
        elif person not in panel:
            longer, left = [*panel, person], rules["seats"] - len(panel) - 1
            if employers_kept(rules, longer) and open_needs(rules, longer) <= left:
                if left == 0:
                    return longer
                panel = longer
                choices.append(choice(panel))
    sys.exit(f"panel {rules['name']} cannot be drawn")


def verify(path):
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    pool = sorted(document["pool"], key=lambda person: person["id"])
    fixed = canonical(pool, document["panels"])
    if document["commitment"] != digest("commitment", document["secret"], fixed).hex():
        return "the commitment does not fit: secret, pool or rules were changed after it"
    seed = digest("seed", document["secret"], fixed, *document["witnesses"])
    panels = []
    for rules in document["panels"]:
        seated = [person for _, panel in panels for person in panel]
        panels.append((rules, draw_panel(rules, [p for p in pool if p not in seated], seed)))
    seated, drawn = [person for _, panel in panels for person in panel], []
    for rules, panel in panels:
        rest = [person for person in pool if person not in seated]
        spare = sample(rest, min(rules.get("alternates", 0), len(rest)), seed, f"{rules['name']}/alternates")
        seated += spare
        drawn.append(
            {"name": rules["name"], "members": [p["id"] for p in panel], "alternates": [p["id"] for p in spare]}
        )
    told = [{key: panel[key] for key in ("name", "members", "alternates")} for panel in document["result"]]
    return "" if drawn == told else "the panels in the file are not those that the seed gives"


if __name__ == "__main__":
    wrong = verify(sys.argv[1])
    print(wrong or "the draw is as published")  # noqa: T201 — a program of its own
    sys.exit(1 if wrong else 0)
