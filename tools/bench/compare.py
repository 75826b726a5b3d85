#!/usr/bin/env python3
"""The fast library beside peers that anyone can install: NumPy with ml_dtypes, and PyTorch where it is there.

Both convert the same numbers in the same process, in turn; a figure is the median of the turns. Before that the peer's
results are compared with ours, bit for bit. Ours is libmxemu.so through its C interface, one code per byte as the
peers have it."""
import argparse
import ctypes
import importlib.util
import json
import os
import statistics
import sys
import time

EXAMPLE = "example: build/peers/bin/python tools/bench/compare.py --library build/fast/libmxemu.so.1 --runs 21"

# name, of ml_dtypes, emax and the largest number (MX 5.3, Table 1)
FORMATS = [
    ("MXFP8_E5M2", "float8_e5m2", 15, 57344.0),
    ("MXFP8_E4M3", "float8_e4m3fn", 8, 448.0),
    ("MXFP6_E3M2", "float6_e3m2fn", 4, 28.0),
    ("MXFP6_E2M3", "float6_e2m3fn", 2, 7.5),
    ("MXFP4_E2M1", "float4_e2m1fn", 2, 6.0),
]
K = 32


class Failure(Exception):
    """Bad input: one sentence, exit status 2."""


class Grid(ctypes.Structure):
    _fields_ = [("outer", ctypes.c_uint64), ("length", ctypes.c_uint64), ("inner", ctypes.c_uint64)]


class Mxemu:
    """The C interface; arrays are NumPy's."""
    FLOAT32, BYTES = 0, 0

    def __init__(self, path):
        try:
            self.c = ctypes.CDLL(path)
        except OSError as error:
            raise Failure(f"cannot load {path}: {error}; build the target mxemu_shared first") from error
        for name in ("mxemu_last_error", "mxemu_isa", "mxemu_version"):
            getattr(self.c, name).restype = ctypes.c_char_p
        self.requests = {}

    def call(self, name, *arguments):
        if getattr(self.c, name)(*arguments) != 0:
            raise Failure(f"{name}: {self.c.mxemu_last_error().decode()}")

    def request(self, format_name):
        if format_name not in self.requests:
            request = ctypes.c_void_p()
            self.call("mxemu_request_create", format_name.encode(), None, ctypes.byref(request))
            self.requests[format_name] = request
        return self.requests[format_name]

    @staticmethod
    def buffer(array):
        return array.ctypes.data_as(ctypes.c_void_p), ctypes.c_uint64(array.nbytes)

    def quantize(self, format_name, source, codes, scales):
        self.call("mxemu_quantize", self.request(format_name), ctypes.byref(Grid(1, source.size, 1)), self.FLOAT32,
                  *self.buffer(source), self.BYTES, *self.buffer(codes), *self.buffer(scales), None)

    def dequantize(self, format_name, codes, scales, output):
        self.call("mxemu_dequantize", self.request(format_name), ctypes.byref(Grid(1, output.size, 1)), self.BYTES,
                  *self.buffer(codes), *self.buffer(scales), self.FLOAT32, *self.buffer(output))

    def encode(self, format_name, source, codes):
        self.call("mxemu_encode_elements", self.request(format_name), self.FLOAT32, self.buffer(source)[0],
                  ctypes.c_uint64(source.size), 0, self.buffer(codes)[0])


class NumPyPeer:
    """What a user of NumPy would write. ml_dtypes saturates FP6 and FP4 by itself; FP8 must be clipped first."""

    def __init__(self, np, ml_dtypes):
        self.np, self.name = np, f"NumPy {np.__version__} + ml_dtypes {ml_dtypes.__version__}"
        self.types = {name: getattr(ml_dtypes, type_name, None) for name, type_name, _, _ in FORMATS}

    def encode(self, name, largest, x):
        clipped = self.np.clip(x, -largest, largest) if "FP8" in name else x
        return clipped.astype(self.types[name]).view(self.np.uint8)

    def quantize(self, name, emax, largest, x):
        np, blocks = self.np, x.reshape(-1, K)
        amax = np.abs(blocks).max(axis=1)
        exponent = np.frexp(amax)[1] - 1
        scale = np.where(amax == 0, -127, np.clip(exponent - emax, -127, 127))
        codes = self.encode(name, largest, np.ldexp(blocks, -scale[:, None]))
        return codes.reshape(-1), (scale + 127).astype(np.uint8)

    def dequantize(self, name, codes, scales):
        np = self.np
        values = codes.view(self.types[name]).astype(np.float32).reshape(-1, K)
        return np.ldexp(values, scales.astype(np.int32)[:, None] - 127).reshape(-1)

    given = bits = staticmethod(lambda array: array)


class TorchPeer:
    """The same in PyTorch, eager, where it has a cast: FP8. It does not saturate either."""

    def __init__(self, torch, threads):
        self.torch, self.name = torch, f"PyTorch {torch.__version__}"
        torch.set_num_threads(threads)
        self.types = {"MXFP8_E5M2": torch.float8_e5m2, "MXFP8_E4M3": torch.float8_e4m3fn}

    def encode(self, name, largest, x):
        return x.clamp(-largest, largest).to(self.types[name]).view(self.torch.uint8)

    def quantize(self, name, emax, largest, x):
        torch, blocks = self.torch, x.view(-1, K)
        amax = blocks.abs().amax(dim=1)
        exponent = torch.frexp(amax)[1] - 1
        scale = torch.where(amax == 0, -127, torch.clamp(exponent - emax, -127, 127))
        codes = self.encode(name, largest, torch.ldexp(blocks, -scale[:, None]))
        return codes.view(-1), (scale + 127).to(torch.uint8)

    def dequantize(self, name, codes, scales):
        values = codes.view(self.types[name]).to(self.torch.float32).view(-1, K)
        return self.torch.ldexp(values, scales.to(self.torch.int32)[:, None] - 127).view(-1)

    def given(self, array):
        return self.torch.from_numpy(array)

    @staticmethod
    def bits(tensor):
        return tensor.numpy()


def ordinary_numbers(np, count):
    """Normal numbers whose blocks have scales of their own, a few zeros among them."""
    random = np.random.default_rng(1)
    x = random.standard_normal((count // K, K), dtype=np.float32)
    x *= np.exp2(random.integers(-6, 7, (count // K, 1))).astype(np.float32)
    x[random.random(x.shape, dtype=np.float32) < 0.01] = 0
    return x.reshape(-1)


def difference(np, what, ours, theirs, source):
    """None when every byte is the same, else a sentence."""
    ours, theirs = ours.view(np.uint8).reshape(-1), np.ascontiguousarray(theirs).view(np.uint8).reshape(-1)
    places = np.flatnonzero(ours != theirs)
    if places.size == 0:
        return None
    i = int(places[0])
    x = float(source[i * source.size // ours.size])
    return (f"{what} differ in {places.size} of {ours.size} bytes, such as number {i} ({x.hex()}): "
            f"ours 0x{int(ours[i]):02x}, the peer's 0x{int(theirs[i]):02x}")


def turn_of(work, clock, least=0.05):
    """Seconds of one call, the mean over a turn that no single interruption dominates."""
    start, calls = clock(), 0
    while calls == 0 or clock() - start < least:
        work()
        calls += 1
    return (clock() - start) / calls


def alternate(ours, theirs, runs, threads):
    """Median seconds of each, in turn; of one thread its processor time, which other work does not lengthen."""
    clock = time.thread_time if threads == 1 else time.perf_counter
    turns = [(turn_of(ours, clock), turn_of(theirs, clock)) for _ in range(runs)]
    return [statistics.median(seconds) for seconds in zip(*turns)]


def compare(np, mxemu, peer, x, runs, threads):
    """One row per operation and format that the peer has."""
    codes, elements, output = np.empty(x.size, np.uint8), np.empty(x.size, np.uint8), np.empty(x.size, np.float32)
    scales = np.empty(x.size // K, np.uint8)
    for name, _, emax, largest in FORMATS:
        if peer.types.get(name) is None:
            continue
        given = peer.given(x)
        mxemu.quantize(name, x, codes, scales)
        mxemu.encode(name, x, elements)
        mxemu.dequantize(name, codes, scales, output)
        their_codes, their_scales = peer.given(codes), peer.given(scales)
        operations = [
            ("quantise", lambda: mxemu.quantize(name, x, codes, scales),
             lambda: peer.quantize(name, emax, largest, given), (codes, scales)),
            ("dequantise", lambda: mxemu.dequantize(name, codes, scales, output),
             lambda: (peer.dequantize(name, their_codes, their_scales),), (output,)),
            ("element cast", lambda: mxemu.encode(name, x, elements),
             lambda: (peer.encode(name, largest, given),), (elements,)),
        ]
        for operation, ours, theirs, expected in operations:
            labels = ("codes", "scales") if operation == "quantise" else ("results",)
            notes = [difference(np, *pair, x) for pair in zip(labels, expected, map(peer.bits, theirs()))]
            our_seconds, their_seconds = alternate(ours, theirs, runs, threads)
            yield {"operation": operation, "format": name, "peer": peer.name,
                   "ours_melements_per_s": x.size / our_seconds / 1e6,
                   "peer_melements_per_s": x.size / their_seconds / 1e6,
                   "ratio": their_seconds / our_seconds, "differences": [note for note in notes if note]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLE,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", default="build/fast/libmxemu.so.1", help="default: %(default)s")
    parser.add_argument("--elements", type=int, default=1 << 22, help="float32 numbers (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=11, help="turns of each (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="for ours and PyTorch; NumPy has one")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if min(options.elements, options.runs, options.threads) < 1 or options.elements % K:
        raise Failure(f"--elements is a multiple of {K}; all are at least 1")
    os.environ["OMP_NUM_THREADS"] = str(options.threads)  # read when the libraries are loaded
    try:
        import ml_dtypes
        import numpy as np
    except ImportError as error:
        raise Failure(f"{error}; tools/bench/compare.sh installs what is needed") from error
    mxemu = Mxemu(options.library)
    peers = [NumPyPeer(np, ml_dtypes)]
    if importlib.util.find_spec("torch"):
        import torch
        peers.append(TorchPeer(torch, options.threads))
    x = ordinary_numbers(np, options.elements)
    head = {"library": f"mxemu {mxemu.c.mxemu_version().decode()}", "isa": mxemu.c.mxemu_isa().decode(),
            "elements": x.size, "runs": options.runs, "threads": options.threads}
    rows = []
    if not options.json:
        print(", ".join(f"{key} {value}" for key, value in head.items()))
    for peer in peers:
        if not options.json:
            print(f"\n{peer.name}\n{'operation':<13} {'format':<11} {'ours M/s':>10} {'peer M/s':>10} {'ratio':>8}")
        for row in compare(np, mxemu, peer, x, options.runs, options.threads):
            rows.append(row)
            if not options.json:
                print(f"{row['operation']:<13} {row['format']:<11} {row['ours_melements_per_s']:>10.0f} "
                      f"{row['peer_melements_per_s']:>10.1f} {row['ratio']:>8.1f}  "
                      + ("; ".join(row["differences"]) or "same bits"), flush=True)
    if options.json:
        print(json.dumps({**head, "rows": rows}, indent=2))


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        print(f"compare.py: {failure}", file=sys.stderr)
        sys.exit(2)
