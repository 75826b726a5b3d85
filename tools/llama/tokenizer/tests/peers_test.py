#!/usr/bin/env python3
"""`mxemu llama tokenize` beside other implementations, on random Unicode text: a plain one of ours
(naive_tokenizers.py) always, and those that pip installs (tokenizers, tiktoken, sentencepiece) where they are.

  peers_test.py --mxemu build/bin/mxemu [--data DIR] [--seed N] [--count 10000]
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

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


def hugging_face(path):
    if tokenizers:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
        yield "tokenizers", lambda text: tokenizer.encode(text, add_special_tokens=False).ids, tokenizer.decode


def google(path):
    if sentencepiece:
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        yield "sentencepiece", processor.encode, processor.decode


def openai(path):
    if tiktoken:
        encoding = tiktoken.Encoding("made", pat_str=naive.LLAMA3_SPLIT, special_tokens={},
                                     mergeable_ranks=naive.Ranks(path.read_bytes()).ranks)
        yield "tiktoken", encoding.encode_ordinary, encoding.decode


# kind of file: its plain implementation, the peers' and whether special tokens are parsed
KINDS = {
    "json": (naive.TokenizerJson, hugging_face, True),
    "ranks": (naive.Ranks, openai, False),
    "llama2c": (naive.Llama2c, lambda path: (), False),
    "sentencepiece": (naive.SentencePiece, google, False),
}


def tokenizer_files(folder, chance):
    """(name, kind, path) of made-up files."""
    nfc = {"type": "NFC"}
    gpt2 = dict(split=None, prefix_space=True)
    for name, kind, data in [
            ("llama3.json", "json", made.byte_level_json(chance, naive.LLAMA3_SPLIT, ignore_merges=True)),
            ("qwen.json", "json", made.byte_level_json(chance, made.QWEN_SPLIT, normalizer=nfc)),
            ("tekken.json", "json", made.byte_level_json(chance, made.TEKKEN_SPLIT, merges_as_lists=True)),
            ("gpt2.json", "json", made.byte_level_json(chance, **gpt2)),
            ("llama2.json", "json", made.byte_fallback_json(chance)),
            ("mistral.json", "json", made.byte_fallback_json(chance, metaspace=True)),
            ("ranks.model", "ranks", made.ranks(chance)),
            ("llama2c.bin", "llama2c", made.llama2c(chance)),
            ("sentencepiece.model", "sentencepiece", made.sentencepiece(chance))]:
        path = folder / name
        path.write_bytes(data)
        yield name, kind, path


def real_files(data):
    """Those of the data folder that are there; naive ones would take minutes on vocabularies of this size."""
    for kind, name in [("json", "tokenizers/llama3-hf/tokenizer.json"), ("ranks", "tokenizers/llama3-tokenizer.model"),
                       ("sentencepiece", "tokenizers/llama2-tokenizer.model"), ("llama2c", "weights/tok512.bin")]:
        if data and (data / name).exists():
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
    for text, mine, other in zip(texts, ours, theirs):
        if mine != other:
            print(f"FAILED: {name} differs from {peer} on {text!r}\n  ours   {mine}\n  theirs {other}")
            return 1
    print(f"passed: {name} is {peer} on {len(texts)} texts")
    return 0


def judge(program, name, kind, path, texts):
    plain, peers, parse_special = KINDS[kind]
    records = [text.encode() for text in texts]
    lines = run_mxemu(program, path, records, *(["--special"] if parse_special else [])).decode().splitlines()
    ours = [list(map(int, line.split())) for line in lines]
    failures = len(ours) != len(texts)
    failures += compare(name, "the plain one", texts, ours, map(plain(path.read_bytes()).encode, texts))
    written = run_mxemu(program, path, [line.encode() for line in lines], "--decode", "--special").decode().split("\0")
    for peer, encode, decode in peers(path):
        failures += compare(name, peer, texts, ours, map(encode, texts))
        if not parse_special:  # a peer's switch for writing special tokens is its own
            failures += compare(name + " decoded", peer, texts, written, map(decode, ours))
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mxemu", required=True)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10000)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    texts = [random_text(chance, made.SPECIAL) for _ in range(arguments.count)]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, path in [*tokenizer_files(pathlib.Path(folder), chance), *real_files(arguments.data)]:
            failures += judge(arguments.mxemu, name, kind, path, texts)
            sys.stdout.flush()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
