"""The suite on functions of Python."""
import ctypes
import inspect

from . import _library
from ._dlpack import DTYPES
from ._frameworks import maker, on_host
from ._library import CODE_BITS, DeviceError, Error, Unsupported
from ._packing import packed_bytes, repack, unpacked
from ._verdict import last_error, option_text, verdict_of

OPERATIONS = ("quantize", "dequantize", "encode", "decode", "scale", "encode_scaled")


class Request:
    """What one call asks for, in the words of conformance/PROTOCOL.md: operation, format, type, scale_rule, rounding, and
    the options that are not the default as a dictionary. `random_words` is a tensor under stochastic rounding, else None."""

    def __init__(self, cases):
        for name in ("operation", "format", "type", "scale_rule", "rounding"):
            setattr(self, name, getattr(cases, name).decode())
        self.options = dict(word.split("=", 1) for word in cases.options.decode().split())
        self.count, self.elements = cases.count, cases.elements
        self.random_words = None

    def __str__(self):
        words = [self.operation, self.format, self.type, self.scale_rule, self.rounding]
        return " ".join(words + [f"{name}={word}" for name, word in self.options.items()])


def check(quantize=None, dequantize=None, encode=None, decode=None, scale=None, encode_scaled=None, *, format,
          type="f32", profile="ocp", level="quick", check=None, operation=None, seed=None, case=None, repro=None,
          strict=False, like="numpy", device=None, packing=None, name=None):
    """Runs the suite on one or more functions and returns a Verdict.

    Each function is called with tensors of one row per case, and returns tensors; B is the number of cases, E that of their
    elements (32, or fewer for the short block at the end of a line):

        quantize(x[B, E]) -> (codes[B, E], scales[B])             x float, of `type`
        dequantize(codes[B, E], scales[B, 1]) -> x[B, E]          codes and scales uint8
        encode(x[B, E]) -> codes[B, E]      decode(codes[B, E]) -> x[B, E]              under the scale 1
        scale(x[B, E]) -> scales[B]         encode_scaled(x[B, E], scales[B, 1]) -> codes[B, E]

    A function with a parameter called `request` is told what is asked for (Request), and may raise mxemu.Unsupported. One
    without does one thing: it is asked for the profile and nothing else.

    format:  "MXFP4_E2M1", or a list of formats for functions that read `request.format`
    type:    of the numbers: "f32", "bf16", "f16", "f64", or a list
    profile: what the functions are meant to do, or "auto": what they are found to do
    level, check, operation, seed, case: as `mxemu check` has them; `repro` takes the repro line of a failure instead
    strict:  conformant with an alternative counts as failed
    like:    what tensors to pass: "numpy", "torch", "cupy", "jax", a module or a function (see device)
    device:  where PyTorch or JAX is to put them, such as "cuda"
    packing: of codes: "bytes" or "bit_stream" (FP4: two to a byte, the first in the low half; each row begins in a byte of
             its own); None: what is returned is told by its size, and dequantize gets bytes
    name:    what the report calls the functions

    Raises DeviceError when a function raises or returns what is no answer, Error for a bad option.
    """
    functions = {operation: function for operation, function in zip(
        OPERATIONS, (quantize, dequantize, encode, decode, scale, encode_scaled)) if function is not None}
    if not functions:
        raise Error(f"check needs a function: {', '.join(OPERATIONS)}")
    subject = Subject(functions, format, type, maker(like, device), packing, name)
    asked = repro or option_text([("format", format), ("type", type), ("operation", operation), ("profile", profile),
                                  ("level", level), ("check", check), ("seed", seed), ("case", case),
                                  ("strict", "yes" if strict else None)])
    verdict = verdict_of("mxemu_check_run", subject.functions, f"{asked} adapts={'yes' if subject.adapts else 'no'}")
    if subject.failure is not None:
        raise subject.failure
    if verdict is None:
        raise last_error()
    return verdict


def as_list(words):
    return [words] if isinstance(words, str) else list(words)


def takes_request(function):
    try:
        return "request" in inspect.signature(function).parameters
    except (TypeError, ValueError):  # a builtin says nothing of its parameters
        return False


class Subject:
    """The functions as mx_subject_functions. `failure` is the exception that ended the run."""

    def __init__(self, functions, format, type, make, packing, name):
        self.by_operation = {operation: (function, takes_request(function)) for operation, function in functions.items()}
        self.adapts = all(told for _, told in self.by_operation.values())
        self.make, self.packing, self.failure = make, packing, None
        for word in as_list(format):
            _library.one_of("format", word, CODE_BITS)
        for word in as_list(type):
            _library.one_of("type", word, _library.FLOAT_TYPES)
        own_name = getattr(next(iter(functions.values())), "__name__", "function")
        self._name = ctypes.create_string_buffer(f"python:{name or own_name}".encode())
        self._capabilities = ctypes.create_string_buffer("".join(
            f"{operation} {one} {number}\n" for operation in functions for one in as_list(format)
            for number in as_list(type)).encode())
        self.functions = _library.Functions(
            version=_library.VERSION(lambda: _library.SUBJECT_VERSION),
            name=_library.TEXT(lambda: ctypes.addressof(self._name)),
            capabilities=_library.TEXT(lambda: ctypes.addressof(self._capabilities)),
            answer=_library.ANSWER(self.answer))

    def answer(self, cases):
        try:
            Call(self, cases.contents).answer()
            return _library.OK
        except Unsupported:
            return _library.UNSUPPORTED
        except BaseException as error:  # nothing may leave through the C code that called; check() raises it again
            self.failure = error
            return _library.FAILURE


class Call:
    """One batch of cases: tensors made, the function called, its answer checked and handed over."""

    def __init__(self, subject, cases):
        self.subject, self.cases, self.request = subject, cases, Request(cases)
        self.rows, self.elements = cases.count, cases.elements

    def answer(self):
        operation = self.request.operation
        result = self.call(*self.arguments())
        if operation == "quantize":
            if not isinstance(result, (tuple, list)) or len(result) != 2:
                self.fail(f"returned {type(result).__name__} where (codes, scales) are wanted")
            self.give_codes(result[0])
            self.give_scales(result[1])
        elif operation == "scale":
            self.give_scales(result)
        elif operation in ("encode", "encode_scaled"):
            self.give_codes(result)
        else:
            self.give_numbers(result)

    def arguments(self):
        cases, make = self.cases, self.subject.make
        if cases.random_words:
            self.request.random_words = make((self.rows, self.elements), "u32", cases.random_words)
        if cases.numbers:
            yield make((self.rows, self.elements), self.request.type, cases.numbers)
        if cases.codes:
            yield self.codes()
        if cases.scales:
            yield make((self.rows, 1), "u8", cases.scales)

    def codes(self):
        if self.subject.packing != "bit_stream":
            return self.subject.make((self.rows, self.elements), "u8", self.cases.codes)
        bits = CODE_BITS[self.request.format]
        width = packed_bytes(self.elements, bits)
        buffer = ctypes.create_string_buffer(self.rows * width)
        repack("bytes", "bit_stream", bits, self.elements, self.rows, self.cases.codes, ctypes.addressof(buffer))
        return self.subject.make((self.rows, width), "u8", ctypes.addressof(buffer))

    def call(self, *tensors):
        function, told = self.subject.by_operation[self.request.operation]
        try:
            return function(*tensors, request=self.request) if told else function(*tensors)
        except Unsupported:
            raise
        except Exception as error:
            given = ", ".join(f"{type(tensor).__module__.split('.')[0]} {type(tensor).__name__}" for tensor in tensors)
            self.fail(f"raised {type(error).__name__}: {error} (it was given {given})", error)

    def fail(self, what, cause=None):
        raise DeviceError(f"{self.request.operation} {what}, at {self.rows} cases of {self.elements} elements of "
                          f"\"{self.request}\"") from cause

    def taken(self, tensor, what):
        try:
            return on_host(tensor, what)
        except Error as error:
            self.fail(f"returned {error}", error)

    def give_codes(self, tensor):
        taken = self.taken(tensor, "codes")
        self.require_bytes(taken, "codes")
        try:
            address, keep = unpacked(taken, self.rows, self.elements, self.request.format, self.subject.packing, "codes")
        except Error as error:
            self.fail(f"returned {error}", error)
        ctypes.memmove(self.cases.answer_codes, address, self.rows * self.elements)
        del keep

    def give_scales(self, tensor):
        taken = self.taken(tensor, "scales")
        self.require_bytes(taken, "scales")
        self.give(taken, self.cases.answer_scales, 1, "scales")

    def give_numbers(self, tensor):
        taken = self.taken(tensor, "numbers")
        wanted = DTYPES[self.request.type]
        if taken.dtype != (*wanted, 1):
            self.fail(f"returned {taken.dtype_name} numbers where {self.request.type} are wanted")
        self.give(taken, self.cases.answer_numbers, self.elements, "numbers")

    def give(self, taken, target, width, what):
        if taken.size != self.rows * width:
            self.fail(f"returned {what} of shape {taken.shape} where {(self.rows, width)} is wanted")
        self.require_rows(taken, what)
        address, byte_count, keep = taken.contiguous()
        ctypes.memmove(target, address, byte_count)
        del keep

    def require_bytes(self, taken, what):
        if taken.item_bits != 8:
            self.fail(f"returned {taken.dtype_name} {what} where 8-bit ones are wanted")
        self.require_rows(taken, what)

    def require_rows(self, taken, what):
        if len(taken.shape) > 1 and taken.shape[0] != self.rows:
            self.fail(f"returned {what} of shape {taken.shape}, where the first extent is to be that of the cases, "
                      f"{self.rows}")
