"""The verdict on tensors that one has: what went into a kernel, and what came out."""
import ctypes

from . import _library
from ._frameworks import on_host
from ._library import CODE_BITS, Error
from ._packing import packed_bytes
from ._verdict import last_error, option_text, verdict_of

TYPES = {(2, 32): "f32", (4, 16): "bf16", (2, 16): "f16", (2, 64): "f64"}  # DLPack's code and bits


def judge(input, codes, scales, *, format, profile="ocp", axis=-1, packing=None, name="tensor", **words):
    """Judges codes and scales that were made of `input`, and returns a Verdict: how many scales and codes differ from the
    golden model's, and the first difference explained.

    input:   float32, bfloat16, float16 or float64, of any shape
    codes:   8-bit, in the order of the elements: one per byte, or a stream of bits (FP4: two to a byte, the first in the low
             half); `packing` says which, "bytes" or "bit_stream", where the size does not
    scales:  8-bit E8M0, one per block, in the order of the shape with the axis shortened to its blocks
    profile: what the kernel is meant to do, or "auto": the profile that differs least
    words:   what amends the profile: scale_rule, rounding, seed, overflow, tail, block_size, policy; "auto" takes tail and
             block_size only

    Tensors of an accelerator are copied to the host. Raises Error for sizes and types that do not go together.
    """
    bits = _library.one_of("format", format, CODE_BITS)
    numbers = on_host(input, "input")
    number_type = TYPES.get(numbers.dtype[:2])
    if number_type is None or numbers.dtype[2] != 1:
        raise Error(f"input: {numbers.dtype_name} is none of {', '.join(TYPES.values())}")
    arrays = [numbers, bytes_on_host(codes, "codes"), bytes_on_host(scales, "scales")]
    contiguous = [array.contiguous() for array in arrays]
    options = option_text([("format", format), ("type", number_type), ("profile", profile), ("axis", axis),
                           ("packing", stream_or_bytes(contiguous[1][1], numbers.size, bits, packing)),
                           *words.items()])
    shape = (ctypes.c_int64 * len(numbers.shape))(*numbers.shape)
    tensor = _library.JudgedTensor(name.encode(), shape, len(numbers.shape),
                                   *(part for address, size, _ in contiguous for part in (address, size)))
    verdict = verdict_of("mxemu_check_judge", tensor, options)
    if verdict is None:
        raise last_error()
    return verdict


def bytes_on_host(tensor, what):
    taken = on_host(tensor, what)
    if taken.item_bits != 8:
        raise Error(f"{what}: {taken.dtype_name} where 8-bit elements are wanted")
    return taken


def stream_or_bytes(byte_count, elements, bits, packing):
    sizes = {"bytes": elements, "bit_stream": packed_bytes(elements, bits)}
    if packing is not None:
        _library.one_of("packing", packing, sizes)
    for word in [packing] if packing else sizes:
        if byte_count == sizes[word]:
            return word
    raise Error(f"codes: {byte_count} bytes for {elements} elements; {sizes['bytes']} (bytes) or {sizes['bit_stream']} "
                f"(bit_stream) wanted")
