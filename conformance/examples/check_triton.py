#!/usr/bin/env python3
"""A Triton kernel judged where it is, on a GPU or else in Triton's interpreter:
PYTHONPATH=conformance/python python3 conformance/examples/check_triton.py"""
import os

import torch

on_gpu = torch.cuda.is_available()
os.environ.setdefault("TRITON_INTERPRET", "0" if on_gpu else "1")
import triton
import triton.language as tl

import mxemu


@triton.jit
def encode(x, multiplier):
    m = tl.abs(x) * multiplier  # a power of two: exact, or far below the first midpoint
    code = (m > 0.25).to(tl.uint8) + (m >= 0.75).to(tl.uint8) + (m > 1.25).to(tl.uint8) + (m >= 1.75).to(tl.uint8)
    code += (m > 2.5).to(tl.uint8) + (m >= 3.5).to(tl.uint8) + (m > 5.0).to(tl.uint8)
    return code | ((x.to(tl.uint32, bitcast=True) >> 31) << 3).to(tl.uint8)


@triton.jit
def quantize_blocks(x, codes, scales, rows, elements, ROWS: tl.constexpr):
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)[:, None]
    column = tl.arange(0, 16)[None, :]  # a byte: elements 2 * column and 2 * column + 1
    low = tl.load(x + row * elements + 2 * column, (row < rows) & (2 * column < elements), 0.0)
    high = tl.load(x + row * elements + 2 * column + 1, (row < rows) & (2 * column + 1 < elements), 0.0)
    magnitude = tl.maximum(low.to(tl.int32, bitcast=True) & 0x7FFFFFFF, high.to(tl.int32, bitcast=True) & 0x7FFFFFFF)
    exponent = tl.max(magnitude, axis=1, keep_dims=True) >> 23
    scale = tl.where(exponent == 255, 255, tl.maximum(exponent - 2, 0))  # MX 6.3; NaN and Inf poison the block
    multiplier = ((254 - tl.minimum(scale, 253)) << 23).to(tl.float32, bitcast=True)
    packed = encode(low, multiplier) | (encode(high, multiplier) << 4)
    tl.store(codes + row * ((elements + 1) // 2) + column, tl.where(exponent == 255, 0, packed),
             (row < rows) & (2 * column < elements))
    tl.store(scales + row, scale.to(tl.uint8), row < rows)


def quantize(x):  # float32 [blocks, 32] -> MXFP4 codes, two to a byte, and E8M0 scales
    rows, elements = x.shape
    codes = torch.empty((rows, (elements + 1) // 2), dtype=torch.uint8, device=x.device)
    scales = torch.empty((rows, 1), dtype=torch.uint8, device=x.device)
    quantize_blocks[(triton.cdiv(rows, 64),)](x, codes, scales, rows, elements, ROWS=64)
    return codes, scales


verdict = mxemu.check(quantize, format="MXFP4_E2M1", like=torch, device="cuda" if on_gpu else "cpu")
print(verdict)
raise SystemExit(verdict.status)
