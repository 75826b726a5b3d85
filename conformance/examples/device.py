#!/usr/bin/env python3
"""An MXFP4 and MXFP8 converter behind a pipe: conformance/PROTOCOL.md. Copy it; put your converter in its place."""
import sys
from bisect import bisect_right
from math import copysign, frexp, inf, isfinite, ldexp, nan
from struct import pack, unpack

def magnitudes(m, lowest, count, specials):  # multiples of 2^lowest: Python's floats hold all of this exactly
    finite = [ldexp(c % 2**m + (2**m if c >> m else 0), lowest + max(c >> m, 1) - 1) for c in range(count)]
    return finite, finite + specials
FORMATS = {"MXFP4_E2M1": magnitudes(1, -1, 8, []), "MXFP8_E4M3": magnitudes(3, -9, 127, [nan]),
           "MXFP8_E5M2": magnitudes(2, -16, 124, [inf, nan, nan, nan])}

def encode(x, scale, finite, sign):
    magnitude = abs(ldexp(x, -scale))
    low = bisect_right(finite, magnitude, hi=len(finite) - 1) - 1
    up = (2 * magnitude, low % 2) > (finite[low] + finite[low + 1], 0)  # a tie goes to the even code
    return low + up + (sign if copysign(1, x) < 0 else 0)

def quantize(words, finite, everything):
    numbers = [unpack(">f", bytes.fromhex(word))[0] for word in words]
    if not all(map(isfinite, numbers)): return "ff" + " 0" * len(numbers)  # NaN and Inf poison the block
    exponent = frexp(max(map(abs, numbers)))[1] - frexp(finite[-1])[1]  # MX 6.3
    scale = max(-127, min(127, exponent)) if any(numbers) else -127
    return f"{scale + 127:02x} " + " ".join(f"{encode(x, scale, finite, len(everything)):x}" for x in numbers)

def dequantize(words, finite, everything):
    sign, (scale, *codes) = len(everything), [int(word, 16) for word in words]
    values = [ldexp(everything[c % sign], scale - 127) * (-1) ** (c // sign) for c in codes]
    return " ".join("7fc00000" if scale == 255 or v != v else
                    pack(">f", v if abs(v) < 2.0**128 else copysign(inf, v)).hex() for v in values)

operations = {"quantize": quantize, "dequantize": dequantize}
input()  # the greeting, "mxemu 1"
print("device example", *(f"can {o} {f} f32" for o in operations for f in FORMATS), "ready", sep="\n", flush=True)
for line in sys.stdin:
    request, words = line.split(" - ")[:2]
    operation, format, *rest = request.split()
    known = rest in (["f32", "floor", "nearest_even"], ["f32", "*", "*"])  # and no options
    print(operations[operation](words.split(), *FORMATS[format]) if known else "unsupported", flush=True)
