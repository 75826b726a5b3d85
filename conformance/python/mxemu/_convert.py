"""Conversions of the fast library on tensors: bit for bit the golden model's, for expected values in tests."""
import contextlib
import ctypes
import math

from . import _library
from ._dlpack import Made
from ._frameworks import framework_of, maker, on_host
from ._judge import TYPES, bytes_on_host, stream_or_bytes
from ._library import CODE_BITS, FLOAT_TYPES, PACKINGS, Error, Grid, call_fast


@contextlib.contextmanager
def request_of(format, profile, words):
    request = ctypes.c_void_p()
    call_fast("mxemu_request_create", format.encode(), profile.encode(), ctypes.byref(request))
    try:
        for name, word in words.items():
            call_fast("mxemu_request_set", request, name.encode(), str(word).encode())
        yield request
    finally:
        _library.fast_library().mxemu_request_destroy(request)


def grid_of(shape, axis):
    if not -len(shape) <= axis < len(shape):
        raise Error(f"axis: {axis} of a tensor of shape {tuple(shape)}")
    axis %= len(shape)
    return Grid(math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1:]))


def floats_on_host(tensor, what):
    taken = on_host(tensor, what)
    if taken.dtype[:2] not in TYPES:
        raise Error(f"{what}: {taken.dtype_name} is none of {', '.join(TYPES.values())}")
    return taken


def as_like(made, shape, dtype, tensor):
    """What was made, as a tensor of the framework that `tensor` is of."""
    name = framework_of(tensor)
    if name == "builtins":
        name = "memoryview"
    return maker("jax" if name.startswith("jax") else name)(shape, dtype, made.pointer)


def code_shape(shape, bits, packing, code_bytes):
    """Of bytes that of the tensor; of a stream with the last extent in bytes, or flat where that is not whole."""
    if packing == "bytes":
        return tuple(shape)
    return (*shape[:-1], shape[-1] * bits // 8) if shape[-1] * bits % 8 == 0 else (code_bytes,)


def quantize(x, format, *, profile="ocp", axis=-1, packing="bytes", **words):
    """(codes, scales) of a tensor: uint8, of the framework that `x` is of. `packing` is "bytes" or "bit_stream"; `words` amend
    the profile: scale_rule, rounding, seed, random_bits, block_size, or a freedom of the standard such as overflow."""
    source, packing_number = floats_on_host(x, "x"), _library.one_of("packing", packing, PACKINGS)
    grid = grid_of(source.shape, axis)
    with request_of(format, profile, words) as request:
        code_bytes, scale_bytes = ctypes.c_uint64(), ctypes.c_uint64()
        call_fast("mxemu_sizes", request, ctypes.byref(grid), packing_number, ctypes.byref(code_bytes),
                  ctypes.byref(scale_bytes))
        codes = Made(code_shape(source.shape, CODE_BITS[format], packing, code_bytes.value), "u8")
        scale_shape = list(source.shape)
        scale_shape[axis] = scale_bytes.value // max(1, grid.outer * grid.inner)
        scales = Made(scale_shape, "u8")
        address, byte_count, keep = source.contiguous()
        call_fast("mxemu_quantize", request, ctypes.byref(grid), FLOAT_TYPES[TYPES[source.dtype[:2]]], address,
                  byte_count, packing_number, codes.pointer, code_bytes, scales.pointer, scale_bytes, None)
        del keep
    return tuple(as_like(made, made.shape, "u8", x) for made in (codes, scales))


def dequantize(codes, scales, format, *, type="f32", shape=None, profile="ocp", axis=-1, packing=None, **words):
    """The numbers of codes and scales, in `type` ("f32", "bf16", "f16"), of the framework that `codes` is of. `shape` is that
    of the numbers, where packed codes do not have it with the last extent in bytes."""
    bits = _library.one_of("format", format, CODE_BITS)
    given, given_scales = bytes_on_host(codes, "codes"), bytes_on_host(scales, "scales")
    if shape is None:
        shape = (*given.shape[:-1], given.shape[-1] * 8 // bits) if packing == "bit_stream" else given.shape
    shape = tuple(shape)
    packing = stream_or_bytes(given.size, math.prod(shape), bits, packing)
    grid = grid_of(shape, axis)
    output = Made(shape, _library.one_of("type", type, {word: word for word in FLOAT_TYPES}))
    with request_of(format, profile, words) as request:
        address, byte_count, keep = given.contiguous()
        scale_address, scale_count, keep_scales = given_scales.contiguous()
        call_fast("mxemu_dequantize", request, ctypes.byref(grid), PACKINGS[packing], address, byte_count, scale_address,
                  scale_count, FLOAT_TYPES[type], output.pointer, output.bytes)
        del keep, keep_scales
    return as_like(output, shape, type, codes)


def roundtrip(x, format, *, profile="ocp", axis=-1, **words):
    """What the numbers become when they are quantised and dequantised: same shape, type and framework."""
    source = floats_on_host(x, "x")
    grid, type = grid_of(source.shape, axis), TYPES[source.dtype[:2]]
    output = Made(source.shape, type)
    with request_of(format, profile, words) as request:
        address, byte_count, keep = source.contiguous()
        call_fast("mxemu_roundtrip", request, ctypes.byref(grid), FLOAT_TYPES[type], address, byte_count,
                  FLOAT_TYPES[type], output.pointer, output.bytes, None)
        del keep
    return as_like(output, source.shape, type, x)
