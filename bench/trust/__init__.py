"""How far the house can be trusted, in figures. A part is a module here that does not begin with an underscore; it has

    def figures() -> Iterator[Figure]

and a docstring whose first line is its title. What it says comes from tests (`counted`) or from a script (`printed`): a part only
names the figures and their targets. `script/trust` runs all parts, `script/trust access` one.
"""
