"""DLPack without a framework: tensors taken from anyone, and made for anyone.

https://dmlc.github.io/dlpack/latest/c_api.html has the structures; a capsule called "dltensor" holds a DLManagedTensor,
one called "dltensor_versioned" a DLManagedTensorVersioned. Whoever takes it renames it "used_..." and calls its deleter
once.
"""
import ctypes
import itertools
import math
from ctypes import POINTER, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p, py_object

from ._library import Error

CPU, CUDA_HOST = 1, 3
DEVICES = {2: "CUDA", 4: "OpenCL", 7: "Vulkan", 8: "Metal", 10: "ROCm", 13: "CUDA managed", 14: "oneAPI", 15: "WebGPU"}
INT, UINT, FLOAT, OPAQUE, BFLOAT, COMPLEX, BOOL = range(7)  # type codes; 7 and more are floats of 8, 6 and 4 bits
DTYPES = {"f32": (FLOAT, 32), "bf16": (BFLOAT, 16), "f16": (FLOAT, 16), "f64": (FLOAT, 64), "u8": (UINT, 8),
          "u16": (UINT, 16), "u32": (UINT, 32)}
NAMES = {INT: "int", UINT: "uint", FLOAT: "float", OPAQUE: "opaque", BFLOAT: "bfloat", COMPLEX: "complex", BOOL: "bool"}


class Device(ctypes.Structure):
    _fields_ = [("type", c_int32), ("id", c_int32)]


class DataType(ctypes.Structure):
    _fields_ = [("code", c_uint8), ("bits", c_uint8), ("lanes", c_uint16)]


class Tensor(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("device", Device), ("ndim", c_int32), ("dtype", DataType),
                ("shape", POINTER(c_int64)), ("strides", POINTER(c_int64)), ("byte_offset", c_uint64)]


class Managed(ctypes.Structure):
    _fields_ = [("tensor", Tensor), ("context", c_void_p), ("deleter", c_void_p)]


class ManagedVersioned(ctypes.Structure):
    _fields_ = [("major", c_uint32), ("minor", c_uint32), ("context", c_void_p), ("deleter", c_void_p),
                ("flags", c_uint64), ("tensor", Tensor)]


CAPSULES = {b"dltensor": (Managed, b"used_dltensor"), b"dltensor_versioned": (ManagedVersioned, b"used_dltensor_versioned")}
DELETER = ctypes.PYFUNCTYPE(None, c_void_p)  # called with the interpreter's lock held, as some expect


def c_function(function, result, *arguments):
    function.restype, function.argtypes = result, arguments
    return function


api = ctypes.pythonapi
capsule_new = c_function(api.PyCapsule_New, py_object, c_void_p, c_char_p, c_void_p)
capsule_pointer = c_function(api.PyCapsule_GetPointer, c_void_p, py_object, c_char_p)
capsule_is_valid = c_function(api.PyCapsule_IsValid, ctypes.c_int, py_object, c_char_p)
capsule_rename = c_function(api.PyCapsule_SetName, ctypes.c_int, py_object, c_char_p)
c_library = ctypes.CDLL(None)
aligned_alloc = c_function(c_library.aligned_alloc, c_void_p, c_size_t, c_size_t)
free = c_function(c_library.free, None, c_void_p)

ALIGNMENT = 256  # of data, as DLPack asks


class Taken:
    """Memory of somebody's tensor, on the host: pointer, shape, strides in elements, dtype as (code, bits, lanes)."""

    def __init__(self, pointer, shape, strides, dtype, release):
        self.pointer, self.shape, self.dtype = pointer or 0, tuple(shape), tuple(dtype)
        self.strides = row_major(self.shape) if strides is None else tuple(strides)
        self._release = release

    @property
    def size(self):
        return math.prod(self.shape)

    @property
    def item_bits(self):
        return self.dtype[1] * self.dtype[2]

    @property
    def dtype_name(self):
        code, bits, lanes = self.dtype
        return NAMES.get(code, "float") + str(bits) + (f"x{lanes}" if lanes > 1 else "")

    def contiguous(self):
        """(address, bytes, what keeps them alive): the elements in row-major order, copied only where they are not."""
        bytes_each = self.item_bits // 8
        total = self.size * bytes_each
        live = [(n, s) for n, s in zip(self.shape, self.strides) if n != 1]
        if total == 0 or [s for _, s in live] == list(row_major([n for n, _ in live])):
            return self.pointer, total, self
        buffer = ctypes.create_string_buffer(self._gather(live, bytes_each), total)
        return ctypes.addressof(buffer), total, buffer

    def _gather(self, live, bytes_each):
        low = sum(min(0, (n - 1) * s) for n, s in live)
        high = sum(max(0, (n - 1) * s) for n, s in live)
        extent = (ctypes.c_char * ((high - low + 1) * bytes_each)).from_address(self.pointer + low * bytes_each)
        items = memoryview(extent).cast("B").cast({1: "B", 2: "H", 4: "I", 8: "Q"}[bytes_each])
        (count, stride), outer = live[-1], live[:-1]
        parts = []
        for place in itertools.product(*(range(n) for n, _ in outer)):
            first = sum(i * s for i, (_, s) in zip(place, outer)) - low
            if stride > 0:
                line = items[first:first + (count - 1) * stride + 1:stride]
            elif stride == 0:
                line = memoryview(bytes(items[first:first + 1]) * count)
            else:
                line = items[first + (count - 1) * stride:first + 1:-stride][::-1]
            parts.append(line.tobytes())
        return b"".join(parts)

    def close(self):
        release, self._release = self._release, None
        if release is not None:
            release()

    def __del__(self):
        self.close()


def row_major(shape):
    strides, step = [], 1
    for extent in reversed(shape):
        strides.append(step)
        step *= extent
    return tuple(reversed(strides))


def take(capsule, what):
    """The tensor in a capsule, which is thereby used. Throws Error when it is none, or not on the host."""
    name = next((name for name in CAPSULES if capsule_is_valid(capsule, name)), None)
    if name is None:
        raise Error(f"{what}: __dlpack__() gave {capsule!r}, which is no DLPack capsule, or one that was used")
    structure, used = CAPSULES[name]
    address = capsule_pointer(capsule, name)
    managed = structure.from_address(address)
    capsule_rename(capsule, used)
    deleter = managed.deleter
    release = (lambda: DELETER(deleter)(address)) if deleter else None
    if structure is ManagedVersioned and managed.major > 1:  # nothing but the deleter is where it was
        major = managed.major
        Taken(0, (), (), (UINT, 8, 1), release).close()
        raise Error(f"{what}: a DLPack capsule of version {major}, and this reads version 1")
    tensor = managed.tensor
    dtype = (tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes)
    shape = tensor.shape[:tensor.ndim]
    strides = tensor.strides[:tensor.ndim] if tensor.strides else None
    taken = Taken((tensor.data or 0) + tensor.byte_offset, shape, strides, dtype, release)
    complaint = complain(taken, tensor.device.type)
    if complaint:
        taken.close()
        raise Error(f"{what}: {complaint}")
    return taken


def complain(taken, device):
    """Why a tensor cannot be read, or None."""
    if device not in (CPU, CUDA_HOST):
        return f"is in {device_name(device)} memory; bring it to the host first, as .cpu() does"
    if taken.item_bits not in (8, 16, 32, 64):
        return f"{taken.dtype_name} elements, which fill no whole bytes"
    return None


def device_name(device):
    return DEVICES.get(device, f"device type {device}")


class Made:
    """A tensor in host memory of its own, which any framework may take with its from_dlpack(), once. The memory is freed
    by whoever has it last, through C's free(): no Python has to be alive for that."""

    def __init__(self, shape, dtype, address=None):
        """Copies `address`, or leaves the memory to be written at `pointer`."""
        self.shape, self.dtype = tuple(shape), dtype
        code, bits = DTYPES[dtype]
        self.bytes = math.prod(self.shape) * bits // 8
        rank = len(self.shape)
        offset = -(-(ctypes.sizeof(Managed) + 8 * rank) // ALIGNMENT) * ALIGNMENT
        self._address = aligned_alloc(ALIGNMENT, offset + -(-max(self.bytes, 1) // ALIGNMENT) * ALIGNMENT)
        if not self._address:
            raise MemoryError
        self.pointer = self._address + offset
        extents = (c_int64 * rank).from_address(self._address + ctypes.sizeof(Managed))
        extents[:] = self.shape
        managed = Managed.from_address(self._address)
        managed.tensor = Tensor(self.pointer, Device(CPU, 0), rank, DataType(code, bits, 1),
                                ctypes.cast(extents, POINTER(c_int64)), None, 0)
        managed.context, managed.deleter = None, ctypes.cast(free, c_void_p)
        if address is not None:
            ctypes.memmove(self.pointer, address, self.bytes)
        self._capsule = None

    def __dlpack__(self, **_):
        if self._capsule is not None:
            raise BufferError("this tensor has been handed out already")
        self._capsule = capsule_new(self._address, b"dltensor", None)
        return self._capsule

    def __dlpack_device__(self):
        return CPU, 0

    def __del__(self, capsule_is_valid=capsule_is_valid, free=free):  # a dying interpreter forgets globals first
        is_taken = self._capsule is not None and not capsule_is_valid(self._capsule, b"dltensor")
        if not is_taken:
            free(self._address)
