"""Codes of a kernel as the suite wants them: one per byte."""
import ctypes

from ._library import CODE_BITS, PACKINGS, Error, call_fast


def packed_bytes(count, bits):
    return (count * bits + 7) // 8


def packing_of(byte_count, rows, elements, bits, packing, what):
    """"bytes" or "bit_stream": the one that was asked for, or the one that the number of bytes is of."""
    sizes = {"bytes": rows * elements, "bit_stream": rows * packed_bytes(elements, bits)}
    if packing is not None and packing not in PACKINGS:
        raise Error(f"packing: {packing!r} is none of {', '.join(PACKINGS)}")
    for name in [packing] if packing else sizes:
        if byte_count == sizes[name]:
            return name
    wanted = " or ".join(f"{sizes[name]} ({name})" for name in ([packing] if packing else sizes))
    raise Error(f"{what}: {byte_count} bytes; {wanted} wanted for {rows} x {elements} codes of {bits} bits")


def repack(source, target, bits, elements, rows, given, got):
    """Rows of codes at address `given` to address `got`. Every row begins in a byte of its own."""
    one = {"bytes": elements, "bit_stream": packed_bytes(elements, bits)}
    if elements * bits % 8 == 0:  # rows follow each other without a gap
        rows, elements, one = 1, rows * elements, {name: rows * size for name, size in one.items()}
    for row in range(rows):
        call_fast("mxemu_repack_codes", PACKINGS[source], PACKINGS[target], bits, elements,
                  given + row * one[source], one[source], got + row * one[target], one[target])


def unpacked(taken, rows, elements, format, packing, what):
    """(address, what keeps it alive) of one code per byte."""
    bits = CODE_BITS[format]
    address, byte_count, keep = taken.contiguous()
    if packing_of(byte_count, rows, elements, bits, packing, what) == "bytes":
        return address, keep
    buffer = ctypes.create_string_buffer(rows * elements)
    repack("bit_stream", "bytes", bits, elements, rows, address, ctypes.addressof(buffer))
    return ctypes.addressof(buffer), buffer
