"""Random Unicode text that looks for trouble: what splits, merges and normalises oddly, beside plain words."""

import unicodedata

_PLAIN = ("the of and to in it's I'LL they've we'd don't HELLO World camelCase snake_case x1y2 foo-bar "
          "e.g. 3.14159 1000000 2024 http://a.b/c?d=e&f <div> {json: [1, 2]} a\\b //comment").split()
_SPACES = [" ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n ", "\u00a0", "\u3000", "\u0085", "\u2028", "\u180e",
           "\u2003", "\u202f", "\u200b", "\u1680", "\x0b", "\x1c", "                "]
_ODD = ["'\u017f", "'S", "'\u212a", "\u0130", "\u00df", "\ufb01", "\u1e9e", "\u2581", "\u2581\u2581", "\u0120", "\u0100",
        "\u00ad", "\ufeff", "\ufffd", "\U0010ffff", "\ue000", "\x01", "\x7f", "\u0e01\u0e33", "\u2460", "\u00b2", "\u0bf0",
        "\u00bd", "\u2167", "\u0660\u0661", "e\u0301", "\u00e9", "a\u0328\u0301", "\u1100\u1161\u11a8", "\uac01", "\u212b",
        "\u0344", "\u0958", "\u0f77", "\u2adc", "\U0001d15e", "q\u0307\u0323", "\U0001f469\u200d\U0001f680",
        "\U0001f1e9\U0001f1ea", "\u093f", "\u0300", "_", "__", "<0x41>", "<unk>"]
_SCRIPTS = [(0x20, 0x7e), (0xa0, 0x17f), (0x370, 0x3ff), (0x400, 0x4ff), (0x5d0, 0x5ea), (0x620, 0x669), (0x904, 0x96f),
            (0xe01, 0xe5b), (0x1100, 0x11ff), (0x300, 0x36f), (0x3041, 0x30fe), (0x4e00, 0x4fff), (0xac00, 0xad00),
            (0x1f300, 0x1f64f), (0x1d400, 0x1d4ff), (0x2000, 0x206f), (0xfb00, 0xfb4f)]


def is_assigned(character):
    """Whether this Python's Unicode (14, of 2021, or later) knows the character: later ones differ by library."""
    return unicodedata.category(character) not in ("Cn", "Cs")


def any_character(random):
    while True:
        character = chr(random.randrange(1, 0x110000 if random.random() < 0.2 else 0x3000))
        if is_assigned(character):
            return character


def from_one_script(random):
    low, high = random.choice(_SCRIPTS)
    return "".join(filter(is_assigned, (chr(random.randint(low, high)) for _ in range(random.randint(1, 8)))))


def random_text(random, literals=()):
    """A text of up to some 200 characters, without NUL and surrogates; `literals` (special tokens) occur in it."""
    parts = []
    for _ in range(random.choice([0, 1, 2, 3, 5, 8, 13, 30])):
        kind = random.randrange(8)
        if kind < 2:
            parts.append(random.choice(_PLAIN))
        elif kind == 2:
            parts.append(random.choice(_SPACES))
        elif kind == 3:
            parts.append(random.choice(_ODD))
        elif kind == 4:
            parts.append(from_one_script(random))
        elif kind == 5:
            parts.append(any_character(random))
        elif kind == 6:
            parts.append(random.choice(["", " "]) + random.choice(_PLAIN) + random.choice(_SPACES))
        else:
            parts.append(random.choice(literals) if literals else random.choice("0123456789") * random.randint(1, 20))
    return "".join(parts)
