#!/usr/bin/env python3
"""A NumPy function judged where it is: PYTHONPATH=conformance/python python3 conformance/examples/check_numpy.py"""
import numpy as np
import mxemu


def quantize(x):  # float32 [blocks, 32] -> MXFP4 codes, one per byte, and E8M0 scales
    amax = np.abs(x).max(axis=1, keepdims=True)
    scale = np.clip(np.frexp(np.nan_to_num(amax))[1] - 3, -127, 127) * (amax > 0) - 127 * (amax == 0)  # MX 6.3: floor(log2) - emax
    magnitude = np.ldexp(np.nan_to_num(np.abs(x)).astype(np.float64), -scale)
    codes = sum(((magnitude > t) if i % 2 == 0 else (magnitude >= t)).astype(np.uint8)  # ties go to the even code
                for i, t in enumerate([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    poisoned = ~np.isfinite(amax)
    codes = np.where(poisoned, 0, codes | np.signbit(x) * np.uint8(8)).astype(np.uint8)
    return codes, np.where(poisoned, 255, scale + 127).astype(np.uint8)


verdict = mxemu.check(quantize=quantize, format="MXFP4_E2M1")
print(verdict)
raise SystemExit(verdict.status)
