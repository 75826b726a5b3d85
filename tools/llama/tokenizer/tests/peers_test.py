#!/usr/bin/env python3
"""`mxemu llama tokenize` beside other implementations, on random Unicode text: a plain one of ours
(naive_tokenizers.py) always, and those that pip installs (tokenizers, tiktoken, sentencepiece) where they are.

  peers_test.py --mxemu build/bin/mxemu [--data DIR] [--seed N] [--count 10000]
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

try:
    import regex  # noqa: F401  naive_tokenizers needs it
except ImportError:
    sys.exit("SKIPPED: this Python has no module regex (Debian: python3-regex)")

import made_tokenizers as made
import naive_tokenizers as naive
from random_text import random_text


def optional(name):
    try:
        return __import__(name)
    except ImportError:
        print(f"SKIPPED: this Python has no {name}; `pip install {name}` adds that comparison")
        return None


tokenizers, tiktoken, sentencepiece = map(optional, ("tokenizers", "tiktoken", "sentencepiece"))


def hugging_face(path, parse_special):
    if tokenizers:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
        tokenizer.encode_special_tokens = not parse_special
        nfc = isinstance(tokenizer.normalizer, tokenizers.normalizers.NFC)
        def encode(text):
            # Its NFC has an older Unicode, in which some marks do not combine yet: there it is no judge.
            if nfc and tokenizer.normalizer.normalize_str(text) != unicodedata.normalize("NFC", text):
                return None
            return tokenizer.encode(text, add_special_tokens=False).ids
        yield ("tokenizers", encode,
               lambda ids: tokenizer.decode(ids, skip_special_tokens=False))


def google(path, _):
    if sentencepiece:
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        yield "sentencepiece", processor.encode, processor.decode


def openai(path, parse_special):
    if tiktoken:
        ranks = naive.Ranks(path.read_bytes()).ranks
        special = {token: len(ranks) + i for i, token in LLAMA3_SPECIAL.items()}
        encoding = tiktoken.Encoding("made", pat_str=naive.LLAMA3_SPLIT, special_tokens=special, mergeable_ranks=ranks)
        encode = lambda text: encoding.encode(text, allowed_special="all") if parse_special else encoding.encode_ordinary(text)
        yield "tiktoken", encode, encoding.decode


def nobody(*_):
    return ()


LLAMA3_SPECIAL = {0: "<|begin_of_text|>", 1: "<|end_of_text|>", 9: "<|eot_id|>"}

# kind of file: its plain implementation, its peers, and whether special tokens are parsed: without and with
KINDS = {
    "json": (naive.TokenizerJson, hugging_face, (False, True)),
    "flagged json": (None, hugging_face, (False, True)),
    "ranks": (naive.Ranks, openai, (False, True)),
    "llama2c": (naive.Llama2c, nobody, (False,)),
    "sentencepiece": (naive.SentencePiece, google, (False,)),
}


def tokenizer_files(folder, chance):
    """(name, kind, path) of made-up files."""
    nfc = {"type": "NFC"}
    for name, kind, data in [
            ("llama3.json", "json", made.byte_level_json(chance, naive.LLAMA3_SPLIT, ignore_merges=True)),
            ("qwen.json", "json", made.byte_level_json(chance, made.QWEN_SPLIT, normalizer=nfc)),
            ("tekken.json", "json", made.byte_level_json(chance, made.TEKKEN_SPLIT, merges_as_lists=True)),
            ("gpt2.json", "json", made.byte_level_json(chance, split=None, prefix_space=True)),
            ("llama2.json", "json", made.byte_fallback_json(chance)),
            ("mistral.json", "json", made.byte_fallback_json(chance, metaspace=True)),
            ("flagged.json", "flagged json", made.flagged(made.byte_level_json(chance, made.QWEN_SPLIT, normalizer=nfc))),
            ("ranks.model", "ranks", made.ranks(chance)),
            ("llama2c.bin", "llama2c", made.llama2c(chance)),
            ("sentencepiece.model", "sentencepiece", made.sentencepiece(chance))]:
        path = folder / name
        path.write_bytes(data)
        yield name, kind, path


def real_files(data):
    """Those of the data folder that are there."""
    for kind, name in [("json", "tokenizers/llama3-hf/tokenizer.json"), ("ranks", "tokenizers/llama3-tokenizer.model"),
                       ("sentencepiece", "tokenizers/llama2-tokenizer.model"), ("llama2c", "weights/tok512.bin")]:
        if (data / name).exists():
            yield name, kind, data / name
        else:
            print(f"SKIPPED: no {name} in the data folder (MXEMU_DATA or ../shared/data)")


def run_mxemu(program, path, records, *flags):
    """The lines or texts that one run gives for all records."""
    command = [program, "llama", "tokenize", "--tokenizer", path, "--records", *flags]
    done = subprocess.run(command, input=b"".join(record + b"\0" for record in records), stdout=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(f"FAILED: exit status {done.returncode} of {command}")
    return done.stdout


def compare(name, peer, texts, ours, theirs):
    left_out = 0
    for text, mine, other in zip(texts, ours, theirs):
        left_out += other is None
        if other is not None and mine != other:
            print(f"FAILED: {name} differs from {peer} on {text!r}\n  ours   {mine}\n  theirs {other}")
            return 1
    if left_out * 50 > len(texts):
        print(f"FAILED: {peer} is no judge of {left_out} of {len(texts)} texts for {name}")
        return 1
    print(f"passed: {name} is {peer} on {len(texts) - left_out} texts" + f", {left_out} left out" * (left_out > 0))
    return 0


def judge(program, name, kind, path, texts):
    plain, peers, settings = KINDS[kind]
    plain = plain and plain(path.read_bytes())
    records = [text.encode() for text in texts]
    failures = 0
    for parse_special in settings:
        title = name + (", special tokens parsed" if parse_special else "")
        lines = run_mxemu(program, path, records, *["--special"][:parse_special]).decode().splitlines()
        ours = [list(map(int, line.split())) for line in lines]
        failures += len(ours) != len(texts)
        if plain and (kind == "json" or not parse_special):
            encode = (lambda text: plain.encode(text, parse_special)) if kind == "json" else plain.encode
            failures += compare(title, "the plain one", texts, ours, map(encode, texts))
        written = run_mxemu(program, path, [line.encode() for line in lines], "--decode", "--special").decode().split("\0")
        for peer, encode, decode in peers(path, parse_special):
            failures += compare(title, peer, texts, ours, map(encode, texts))
            failures += compare(title + ", decoded", peer, texts, written, map(decode, ours))
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mxemu", required=True)
    beside = pathlib.Path(__file__).resolve().parents[4].parent / "shared" / "data"
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("MXEMU_DATA", beside))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--only", default="", help="files whose name starts so")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    texts = [random_text(chance, made.SPECIAL) for _ in range(arguments.count)]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, path in [*tokenizer_files(pathlib.Path(folder), chance), *real_files(arguments.data)]:
            if not name.startswith(arguments.only):
                continue
            failures += judge(arguments.mxemu, name, kind, path, texts)
            sys.stdout.flush()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
