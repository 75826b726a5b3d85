"""What the suite or the judge says, as an object."""
import ctypes
import json
import pathlib

from ._library import CHECK_ERROR, Error, check_library

KINDS = {".txt": "text", ".json": "json", ".html": "html", ".xml": "junit"}


class Verdict:
    """A verdict. `print` it for the report that the command prints; true in a condition if it passed.

    status: 0 judged, passed and trusted; 1 failed; 3 promised cells were not hit, or nothing was judged
    text:   the report
    json:   the same as Python objects
    """

    def __init__(self, status, reports):
        self.status = status
        self._reports = reports
        self.text = reports["text"]
        self.json = json.loads(reports["json"])

    @property
    def passed(self):
        return self.status == 0

    def __bool__(self):
        return self.passed

    def __str__(self):
        return self.text.rstrip("\n")

    def __repr__(self):
        return f"<mxemu.Verdict {self.text.rstrip().splitlines()[-1]}>"

    def write(self, path):
        """Writes the report that the end of the name asks for: .txt, .json, .html, .xml (JUnit)."""
        kind = KINDS.get(pathlib.Path(path).suffix)
        if kind not in self._reports:
            kinds = ", ".join(end for end, name in KINDS.items() if name in self._reports)
            raise Error(f"write: {str(path)!r} ends in none of {kinds}")
        pathlib.Path(path).write_text(self._reports[kind], encoding="utf-8")


def verdict_of(function, what, options):
    """Calls mxemu_check_run or mxemu_check_judge; None where it came to no verdict."""
    library = check_library()
    handle = ctypes.c_void_p()
    status = getattr(library, function)(ctypes.byref(what), options.encode(), ctypes.byref(handle))
    if status == CHECK_ERROR:
        return None
    try:
        texts = {kind: library.mxemu_check_report(handle, kind.encode()) for kind in KINDS.values()}
        return Verdict(status, {kind: text.decode() for kind, text in texts.items() if text is not None})
    finally:
        library.mxemu_check_destroy(handle)


def last_error():
    return Error(check_library().mxemu_check_last_error().decode(errors="replace"))


def option_text(pairs):
    """NAME=WORD pairs, a word that is a list given once per item, one that is None left out."""
    words = []
    for name, word in pairs:
        for one in word if isinstance(word, (list, tuple)) else [word]:
            if one is None:
                continue
            if not str(one) or any(c.isspace() for c in str(one)):
                raise Error(f"{name}: {one!r} is not one word")
            words.append(f"{name}={one}")
    return " ".join(words)


def checks():
    """The table of the checks there are, as `mxemu check --list` prints it."""
    return check_library().mxemu_check_list().decode()
