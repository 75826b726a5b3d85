"""Tensors in and out by DLPack, with nothing but the standard library."""
import ctypes
import gc
import struct
import unittest

from mxemu import Error
from mxemu import _dlpack as dlpack
from mxemu._frameworks import on_host


class Producer:
    """A tensor as a framework exports it: any strides, offset, device and kind of capsule. Counts its deletions."""

    def __init__(self, content, shape, dtype=(dlpack.UINT, 8, 1), strides=None, byte_offset=0, device=dlpack.CPU,
                 versioned=False, major=1):
        self.content = ctypes.create_string_buffer(content, len(content))
        self.shape = (ctypes.c_int64 * len(shape))(*shape)
        self.strides = (ctypes.c_int64 * len(shape))(*strides) if strides else None
        tensor = dlpack.Tensor(ctypes.addressof(self.content), dlpack.Device(device, 0), len(shape),
                               dlpack.DataType(*dtype), self.shape, self.strides, byte_offset)
        self.deleted = 0
        self.deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.delete)
        deleter = ctypes.cast(self.deleter, ctypes.c_void_p)
        if versioned:
            self.managed = dlpack.ManagedVersioned(major, 0, None, deleter, 1, tensor)
        else:
            self.managed = dlpack.Managed(tensor, None, deleter)
        self.name = b"dltensor_versioned" if versioned else b"dltensor"

    def delete(self, address):
        assert address == ctypes.addressof(self.managed)
        self.deleted += 1

    def __dlpack__(self, max_version=None):
        return dlpack.capsule_new(ctypes.addressof(self.managed), self.name, None)

    def taken(self):
        return dlpack.take(self.__dlpack__(), "x")


def bytes_of(taken):
    address, count, keep = taken.contiguous()
    return ctypes.string_at(address, count)


class Taking(unittest.TestCase):
    def test_both_kinds_of_capsule_are_read_and_deleted_once(self):
        for versioned in (False, True):
            producer = Producer(b"abcdef", (2, 3), versioned=versioned)
            taken = producer.taken()
            self.assertEqual((taken.shape, taken.dtype_name, bytes_of(taken)), ((2, 3), "uint8", b"abcdef"))
            self.assertEqual(producer.deleted, 0)
            taken.close()
            taken.close()
            del taken
            gc.collect()
            self.assertEqual(producer.deleted, 1)

    def test_a_capsule_is_taken_once(self):
        producer = Producer(b"ab", (2,))
        capsule = producer.__dlpack__()
        dlpack.take(capsule, "x")
        with self.assertRaisesRegex(Error, "x: .*no DLPack capsule, or one that was used"):
            dlpack.take(capsule, "x")
        with self.assertRaisesRegex(Error, "no DLPack capsule"):
            dlpack.take("a string", "x")

    def test_strides_and_offset_are_followed(self):
        content = bytes(range(24))
        for shape, strides, offset, expected in [
                ((3, 2), (1, 3), 0, [0, 3, 1, 4, 2, 5]),        # transposed
                ((2, 3), (12, 4), 2, [2, 6, 10, 14, 18, 22]),   # every fourth
                ((2, 2), (4, -1), 3, [3, 2, 7, 6]),             # reversed
                ((2, 3), (3, 0), 0, [0, 0, 0, 3, 3, 3]),        # broadcast
                ((1, 4), (99, 1), 1, [1, 2, 3, 4]),             # the stride of one row means nothing
                ((2, 0), (5, 1), 0, []),
                ((), (), 7, [7])]:
            taken = Producer(content, shape, strides=strides or None, byte_offset=offset).taken()
            self.assertEqual(list(bytes_of(taken)), expected, (shape, strides))

    def test_wider_elements_are_followed_too(self):
        content = struct.pack("<6f", *range(6))
        taken = Producer(content, (3, 2), (dlpack.FLOAT, 32, 1), strides=(1, 3)).taken()
        self.assertEqual(struct.unpack("<6f", bytes_of(taken)), (0, 3, 1, 4, 2, 5))

    def test_memory_of_a_device_is_refused_and_given_back(self):
        producer = Producer(b"ab", (2,), device=2)
        with self.assertRaisesRegex(Error, r"x: is in CUDA memory; bring it to the host first, as \.cpu\(\) does"):
            producer.taken()
        self.assertEqual(producer.deleted, 1)

    def test_a_version_to_come_and_a_width_of_no_bytes_are_refused(self):
        for producer, expected in [
                (Producer(b"ab", (2,), versioned=True, major=2), "x: a DLPack capsule of version 2, and this reads version 1"),
                (Producer(b"ab", (2,), dtype=(17, 4, 1)), "x: float4 elements, which fill no whole bytes")]:
            with self.assertRaisesRegex(Error, expected):
                producer.taken()
            self.assertEqual(producer.deleted, 1)

    def test_objects_without_dlpack_come_by_the_buffer_protocol(self):
        self.assertEqual(bytes_of(on_host(b"abc", "x")), b"abc")
        floats = memoryview(struct.pack("4f", 1, 2, 3, 4)).cast("f", (2, 2))
        self.assertEqual((on_host(floats, "x").shape, on_host(floats, "x").dtype), ((2, 2), (dlpack.FLOAT, 32, 1)))
        self.assertEqual(bytes_of(on_host(memoryview(b"abcd")[::2], "x")), b"ac")
        with self.assertRaisesRegex(Error, "x: list is no tensor"):
            on_host([1, 2], "x")


class Making(unittest.TestCase):
    def test_what_is_made_can_be_taken_once(self):
        content = ctypes.create_string_buffer(b"abcdef", 6)
        made = dlpack.Made((2, 3), "u8", ctypes.addressof(content))
        self.assertEqual(made.pointer % dlpack.ALIGNMENT, 0)
        taken = dlpack.take(made.__dlpack__(max_version=(1, 0)), "x")
        with self.assertRaises(BufferError):
            made.__dlpack__()
        del made
        gc.collect()
        self.assertEqual((taken.shape, bytes_of(taken)), ((2, 3), b"abcdef"))

    def test_what_nobody_takes_is_freed(self):
        for _ in range(4000):  # 4 GB, if it were kept
            made = dlpack.Made((1 << 20,), "u8")
            made.__dlpack__()
            del made
        with open("/proc/self/statm", encoding="ascii") as pages:
            self.assertLess(int(pages.read().split()[0]) * 4096, 1 << 31)


if __name__ == "__main__":
    unittest.main(verbosity=2)
