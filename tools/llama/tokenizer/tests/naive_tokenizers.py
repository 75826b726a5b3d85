"""The tokenizers once more, from their published descriptions, as plainly as they can be written: every merge looks at
every pair again. Nothing here is fast and nothing is shared with the library that it judges."""

import base64
import json
import struct
import unicodedata

import regex

LLAMA3_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
                r"|\s*[\r\n]+|\s+(?!\S)|\s+")
GPT2_SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def gpt2_alphabet():
    """byte -> character: printable Latin-1 stands for itself, the rest moves above U+0100 in order."""
    itself = [*range(0x21, 0x7f), *range(0xa1, 0xad), *range(0xae, 0x100)]
    others = [byte for byte in range(256) if byte not in itself]
    return {**{byte: chr(byte) for byte in itself}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


ALPHABET = gpt2_alphabet()


def merge_lowest(symbols, rank_of, joined):
    """Joins the pair of the lowest rank, the leftmost of equals, until no pair has one."""
    symbols = list(symbols)
    while True:
        best = None
        for i in range(len(symbols) - 1):
            rank = rank_of(symbols[i], symbols[i + 1])
            if rank is not None and (best is None or rank < best[0]):
                best = rank, i
        if best is None:
            return symbols
        i = best[1]
        symbols[i:i + 2] = [joined(symbols[i], symbols[i + 1])]


def isolated(pattern, text):
    """Matches, and what lies between."""
    done = 0
    for match in regex.finditer(pattern, text):
        if match.start() > done:
            yield text[done:match.start()]
        if match.group():
            yield match.group()
            done = match.end()
    if done < len(text):
        yield text[done:]


class Ranks:
    """Llama 3's tokenizer.model."""

    def __init__(self, data):
        rows = (line.split() for line in data.splitlines())
        self.ranks = {base64.b64decode(word): int(rank) for word, rank in rows}

    def encode(self, text):
        ids = []
        for word in isolated(LLAMA3_SPLIT, text):
            word = word.encode()
            parts = [word] if word in self.ranks else merge_lowest(
                [word[i:i + 1] for i in range(len(word))], lambda a, b: self.ranks.get(a + b), lambda a, b: a + b)
            ids += [self.ranks[part] for part in parts]
        return ids


class Llama2c:
    """llama2.c's tokenizer.bin."""

    def __init__(self, data):
        self.scores, self.ids, at, count = {}, {}, 4, 0
        while at < len(data):
            score, size = struct.unpack_from("<fi", data, at)
            if count >= 259:
                piece = data[at + 8:at + 8 + size].decode()
                self.scores.setdefault(piece, score)
                self.ids.setdefault(piece, count)
            at, count = at + 8 + size, count + 1

    def encode(self, text):
        if not text:
            return []
        symbols = [c if c in self.ids else byte for c in " " + text
                   for byte in ([None] if c in self.ids else c.encode())]
        def rank(a, b):
            whole = None if isinstance(a, int) or isinstance(b, int) else self.scores.get(a + b)
            return None if whole is None else -whole
        return [s + 3 if isinstance(s, int) else self.ids[s] for s in merge_lowest(symbols, rank, lambda a, b: a + b)]


def protobuf_fields(data):
    """(number, value) of every field of a message."""
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value
    while at < len(data):
        number, wire = divmod(varint(), 8)
        if wire == 0:
            yield number, varint()
        else:
            size = {1: 8, 5: 4}.get(wire) or varint()
            yield number, data[at:at + size]
            at += size


class SentencePiece:
    """A BPE model with byte fallback, as Llama 2's: identity normalisation and a space before the text."""

    NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)

    def __init__(self, data):
        self.scores, self.ids, self.bytes = {}, {}, {}
        for id, piece in enumerate(value for number, value in protobuf_fields(data) if number == 1):
            fields = {2: bytes(4), 3: self.NORMAL, **dict(protobuf_fields(piece))}
            text = fields[1].decode()
            if fields[3] == self.NORMAL:
                self.ids[text], self.scores[text] = id, struct.unpack("<f", fields[2])[0]
            elif fields[3] == self.BYTE:
                self.bytes[int(text[3:5], 16)] = id

    def encode(self, text):
        if not text:
            return []
        def rank(a, b):
            return -self.scores[a + b] if a + b in self.scores else None
        ids = []
        for part in merge_lowest("\u2581" + text.replace(" ", "\u2581"), rank, lambda a, b: a + b):
            ids += [self.ids[part]] if part in self.ids else [self.bytes[byte] for byte in part.encode()]
        return ids


class TokenizerJson:
    """tokenizer.json with the nodes of this family; added tokens are found in the text as it is."""

    def __init__(self, data):
        self.document = document = json.loads(data)
        model = document["model"]
        self.vocab = model["vocab"]
        pairs = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in model["merges"]]
        self.ranks = {pair: rank for rank, pair in enumerate(pairs)}
        self.added = {token["content"]: token["id"] for token in document["added_tokens"]}
        self.literals = regex.compile("|".join(map(regex.escape, sorted(self.added, key=len, reverse=True))))

    def nodes(self, name, inner):
        node = self.document[name]
        return [] if node is None else node[inner] if node["type"] == "Sequence" else [node]

    def normalize(self, text):
        for node in self.nodes("normalizer", "normalizers"):
            if node["type"] == "NFC":
                text = unicodedata.normalize("NFC", text)
            elif node["type"] == "Prepend":
                text = text and node["prepend"] + text
            elif node["type"] == "Replace":
                text = text.replace(node["pattern"]["String"], node["content"])
        return text

    def words(self, text, first):
        words = [text]
        for node in self.nodes("pre_tokenizer", "pretokenizers"):
            if node["type"] == "Split":
                words = [part for word in words for part in isolated(node["pattern"]["Regex"], word)]
            elif node["type"] == "ByteLevel":
                if node["add_prefix_space"]:
                    words = [word if word.startswith(" ") else " " + word for word in words]
                if node["use_regex"]:
                    words = [part for word in words for part in isolated(GPT2_SPLIT, word)]
                words = ["".join(ALPHABET[byte] for byte in word.encode()) for word in words]
            elif node["type"] == "Metaspace":
                words = [word.replace(" ", node["replacement"]) for word in words]
                if first and node["prepend_scheme"] == "first" and not words[0].startswith(node["replacement"]):
                    words[0] = node["replacement"] + words[0]
        return words

    def encode_word(self, word):
        if self.document["model"].get("ignore_merges") and word in self.vocab:
            return [self.vocab[word]]
        symbols = [part for c in word
                   for part in ([c] if c in self.vocab else ["<0x%02X>" % byte for byte in c.encode()])]
        return [self.vocab[s] for s in merge_lowest(symbols, lambda a, b: self.ranks.get((a, b)), lambda a, b: a + b)]

    def encode(self, text, parse_special=True):
        ids, done = [], 0
        matches = self.literals.finditer(text) if parse_special and self.added else ()
        for match in [*matches, None]:
            part = text[done:match.start() if match else len(text)]
            if part:
                ids += [id for word in self.words(self.normalize(part), done == 0) for id in self.encode_word(word)]
            if match:
                ids.append(self.added[match.group()])
                done = match.end()
        return ids
