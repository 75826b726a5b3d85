"""Plants mutants into a copy of the CUDA library, all of them at once: each is asleep until it is chosen.

usage: plant.py ROOT MUTANTS OUT

MUTANTS lists them as mutants.txt does. OUT gets the changed files under their paths below ROOT, and mutants.inc,
one line per mutant for the test to include: MUTANT(file, what it is, what notices it, whether its text was found).
"""
import pathlib
import re
import sys


def read_mutants(path):
    """Entries are separated by empty lines; a line that starts with # is a comment."""
    entries = []
    for text in re.split(r"\n\s*\n", path.read_text()):
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        entry = {"by": "suite", "place": "1"}
        for line in lines:
            key, value = line.split(" ", 1)
            entry[{"-": "original", "+": "mutated"}.get(key, key)] = value.strip()
        entries.append(entry)
    return entries


def planted(number, entry):
    """The original and the mutated text, of which a number chooses one when the program runs."""
    original, mutated = entry["original"], entry["mutated"]
    if original.endswith(";"):
        return f"if (mxemu::mutants::is_awake({number})) {{ {mutated} }} else {{ {original} }}"
    return f"(mxemu::mutants::is_awake({number}) ? ({mutated}) : ({original}))"


def replace(text, original, place, new):
    """The text with the original at its place (1: the first of equal ones) replaced, or nothing."""
    at = -1
    for _ in range(place):
        at = text.find(original, at + 1)
        if at < 0:
            return None
    return text[:at] + new + text[at + len(original):]


def main(root, mutants, out):
    texts, lines = {}, []
    for number, entry in enumerate(read_mutants(pathlib.Path(mutants)), 1):
        file = entry["in"]
        text = texts.setdefault(file, (pathlib.Path(root) / file).read_text())
        changed = replace(text, entry["original"], int(entry["place"]), planted(number, entry))
        texts[file] = changed or text
        found = "false" if changed is None else "true"
        lines.append(f'MUTANT("{file}", "{entry["what"]}", "{entry["by"]}", {found})\n')
    for source in sorted((pathlib.Path(root) / "cuda").glob("*.*")):
        file = f"cuda/{source.name}"
        target = pathlib.Path(out) / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text('#include "conformance/tests/cuda/mutants/awake.hpp"\n' + texts.get(file, source.read_text()))
    (pathlib.Path(out) / "mutants.inc").write_text("".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
