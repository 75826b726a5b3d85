"""Small tokenizer files of every kind, made up: what real ones contain, with merges drawn at random."""

import base64
import json
import struct

from naive_tokenizers import ALPHABET, GPT2_SPLIT, LLAMA3_SPLIT

QWEN_SPLIT = LLAMA3_SPLIT.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN_SPLIT = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
                r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
                r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIAL = ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|eot"]
_TEXT = ("the then there an and in on ing ed er es he she it is was of to a little girl named Lily wanted play "
         "1 12 123 2024 'll 've 's  \n\n \t\t e\u0301 \u00e9\u00e8 \u4f60\u597d \u3053\u3093 \u043f\u0440\u0438 "
         "\U0001f600 \u00a0 \u3000 \uac01 == -- ... () <0x HELLO World").split(" ")


def random_merges(random, count, base, may_join):
    """Pairs of parts that are there already, half of them along real words so that texts use them."""
    parts, pairs = list(base), []
    known = set(parts)
    while len(pairs) < count:
        a, b = random.choice(parts), random.choice(parts)
        if random.random() < 0.8:
            word = random.choice(_TEXT_PARTS[isinstance(a, bytes)])
            cut = random.randrange(1, len(word)) if len(word) > 1 else 0
            a, b = word[:cut], word[cut:]
        if a in known and b in known and a + b not in known and len(a + b) <= 12 and may_join(a + b):
            pairs.append((a, b))
            parts.append(a + b)
            known.add(a + b)
    return pairs


def _pieces(word):
    return [word[i:j] for i in range(len(word)) for j in range(i + 2, min(len(word), i + 12) + 1)]


_TEXT_PARTS = {True: [piece for word in _TEXT for piece in _pieces((" " + word).encode())],
               False: [piece for word in _TEXT for piece in _pieces("\u2581" + word)]}


def mapped(data):
    return "".join(ALPHABET[byte] for byte in data)


def added_tokens(first):
    return [{"id": first + i, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for i, content in enumerate(SPECIAL)]


def document(normalizer, pre_tokenizer, decoder, model, first_added):
    bos = {"SpecialToken": {"id": SPECIAL[0], "type_id": 0}}
    text = {"Sequence": {"id": "A", "type_id": 0}}
    template = {"type": "TemplateProcessing", "single": [bos, text], "pair": [text, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {SPECIAL[0]: {"id": SPECIAL[0], "ids": [first_added], "tokens": [SPECIAL[0]]}}}
    return json.dumps({"version": "1.0", "truncation": None, "padding": None, "added_tokens": added_tokens(first_added),
                       "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": template,
                       "decoder": decoder, "model": model}).encode()


def byte_level_json(random, split, ignore_merges=False, normalizer=None, prefix_space=False, merges_as_lists=False):
    """split: an expression, or None for ByteLevel's own."""
    pairs = random_merges(random, 600, [bytes([b]) for b in range(256)], lambda whole: True)
    words = [bytes([b]) for b in range(256)] + [a + b for a, b in pairs]
    random.shuffle(words)
    vocab = {mapped(word): id for id, word in enumerate(words)}
    if ignore_merges:  # words that no merge leads to
        for word in (b" Lily", b"qzx", " \u4f60\u597d".encode()):
            vocab.setdefault(mapped(word), len(vocab))
    byte_level = {"type": "ByteLevel", "add_prefix_space": prefix_space, "trim_offsets": True, "use_regex": split is None}
    pre = byte_level if split is None else {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": split}, "behavior": "Isolated", "invert": False}, byte_level]}
    merges = [[mapped(a), mapped(b)] if merges_as_lists else mapped(a) + " " + mapped(b) for a, b in pairs]
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": ignore_merges,
             "vocab": vocab, "merges": merges}
    return document(normalizer, pre, {**byte_level, "use_regex": True}, model, len(vocab))


def flagged(data):
    """The same file with added tokens of every flag."""
    document = json.loads(data)
    vocab, fresh = document["model"]["vocab"], 1 + max(token["id"] for token in document["added_tokens"])
    flags = ["single_word", "lstrip", "rstrip", "normalized", "special"]
    for content, on in [("the", "single_word"), (" foo", "rstrip"), ("World", "lstrip rstrip"),
                                       ("\u00e9", "normalized"), ("e\u0301", ""), ("12", "single_word normalized"),
                                       ("{json", "lstrip special"), ("\n\n", "special"), ("'", "normalized lstrip")]:
        id = vocab.get(content, fresh)
        fresh += id == fresh
        document["added_tokens"].append({"id": id, "content": content, **{flag: flag in on.split() for flag in flags}})
    return json.dumps(document).encode()


def text_pieces(random):
    """Merges between characters, as SentencePiece makes them."""
    base = sorted({c for word in _TEXT for c in word if c.isprintable()} | {"\u2581"} | set(map(chr, range(0x61, 0x7b))))
    pairs = random_merges(random, 400, base, lambda whole: True)
    return base, pairs


def byte_fallback_json(random, metaspace=False):
    base, pairs = text_pieces(random)
    tokens = ["<unk>", *("<0x%02X>" % byte for byte in range(256)), *base, *(a + b for a, b in pairs)]
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True,
             "vocab": {token: id for id, token in enumerate(tokens)}, "merges": [a + " " + b for a, b in pairs]}
    space = {"String": " "}
    normalizer = None if metaspace else {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": space, "content": "\u2581"}]}
    pre = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": False} if metaspace else None
    decoder = {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    return document(normalizer, pre, decoder, model, len(tokens))


def ranks(random):
    pairs = random_merges(random, 600, [bytes([b]) for b in range(256)], lambda whole: True)
    words = [bytes([b]) for b in range(256)] + [a + b for a, b in pairs]
    return b"".join(base64.b64encode(word) + b" %d\n" % rank for rank, word in enumerate(words))


def scored_pieces(random):
    """(text, score): merged pieces have scores in the order of their making, some of them equal."""
    base, pairs = text_pieces(random)
    return ([(a + b, -float(i // 2)) for i, (a, b) in enumerate(pairs)] + [(c, -1000.0 - i) for i, c in enumerate(base)])


def llama2c(random):
    bytes_ = [("<0x%02X>" % byte, 0.0) for byte in range(256)]
    pieces = [("<unk>", 0.0), ("\n<s>\n", 0.0), ("\n</s>\n", 0.0), *bytes_, *scored_pieces(random)]
    rows = [(text.replace("\u2581", " ").encode(), score) for text, score in pieces]
    return struct.pack("<i", max(len(text) for text, _ in rows)) + b"".join(
        struct.pack("<fi", score, len(text)) + text for text, score in rows)


def field(number, value):
    """One field of a protobuf message: an int, a float or bytes."""
    def varint(n):
        out = b""
        while n >= 0x80:
            out, n = out + bytes([n & 0x7f | 0x80]), n >> 7
        return out + bytes([n])
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def sentencepiece(random):
    """A model like Llama 2's: BPE, byte fallback, no normalisation, a space before the text."""
    def piece(text, score, kind=1):
        return field(1, field(1, text.encode()) + field(2, score) + field(3, kind))
    pieces = piece("<unk>", 0.0, 2) + piece("<s>", 0.0, 3) + piece("</s>", 0.0, 3)
    pieces += b"".join(piece("<0x%02X>" % byte, 0.0, 6) for byte in range(256))
    pieces += b"".join(piece(text, score) for text, score in scored_pieces(random))
    trainer = field(3, 2) + field(35, 1)  # model_type BPE, byte_fallback
    normalizer = field(1, b"identity") + field(3, 1) + field(4, 0) + field(5, 1)
    return pieces + field(2, trainer) + field(3, normalizer)
