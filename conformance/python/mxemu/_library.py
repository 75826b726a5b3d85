"""The two shared libraries: where they are, what they export, and the errors that they report."""
import ctypes
import functools
import os
import pathlib
from ctypes import POINTER, c_char_p, c_int, c_int32, c_int64, c_uint8, c_uint32, c_uint64, c_void_p

OK, UNSUPPORTED, FAILURE = 0, 1, 2  # of mx_subject_answer()
CHECK_ERROR = 2  # MXEMU_CHECK_ERROR
SUBJECT_VERSION = 1
FLOAT_TYPES = {"f32": 0, "bf16": 1, "f16": 2, "f64": 3}  # mxemu_float_type
PACKINGS = {"bytes": 0, "bit_stream": 1}  # mxemu_packing
CODE_BITS = {"MXFP8_E5M2": 8, "MXFP8_E4M3": 8, "MXFP6_E3M2": 6, "MXFP6_E2M3": 6, "MXFP4_E2M1": 4, "MXINT8": 8}


class Error(Exception):
    """What cannot be done, in one sentence."""


class DeviceError(Error):
    """The function under judgement raised, or returned what is no answer. `__cause__` is what it raised."""


class Unsupported(Exception):
    """Raised by a function under judgement for a request that it does not do: the suite skips it."""


class Cases(ctypes.Structure):
    """mx_subject_cases."""
    _fields_ = [("operation", c_char_p), ("format", c_char_p), ("type", c_char_p), ("scale_rule", c_char_p),
                ("rounding", c_char_p), ("options", c_char_p), ("count", c_uint64), ("elements", c_uint64),
                ("numbers", c_void_p), ("codes", c_void_p), ("scales", c_void_p), ("random_words", c_void_p),
                ("answer_numbers", c_void_p), ("answer_codes", c_void_p), ("answer_scales", c_void_p),
                ("unsupported", c_void_p)]


VERSION = ctypes.CFUNCTYPE(c_uint32)
TEXT = ctypes.CFUNCTYPE(c_void_p)  # a char *; a callback cannot return c_char_p
ANSWER = ctypes.CFUNCTYPE(c_int, POINTER(Cases))


class Functions(ctypes.Structure):
    """mx_subject_functions."""
    _fields_ = [("version", VERSION), ("name", TEXT), ("capabilities", TEXT), ("answer", ANSWER),
                ("last_error", TEXT), ("allocate", c_void_p), ("release", c_void_p),
                ("copy_to_device", c_void_p), ("copy_to_host", c_void_p), ("layouts", c_void_p), ("dot", c_void_p)]


class JudgedTensor(ctypes.Structure):
    """mxemu_check_tensor."""
    _fields_ = [("name", c_char_p), ("shape", POINTER(c_int64)), ("rank", c_uint64), ("numbers", c_void_p),
                ("number_bytes", c_uint64), ("codes", c_void_p), ("code_bytes", c_uint64), ("scales", c_void_p),
                ("scale_bytes", c_uint64)]


class Grid(ctypes.Structure):
    """mxemu_grid."""
    _fields_ = [("outer", c_uint64), ("length", c_uint64), ("inner", c_uint64)]


CHECK_SIGNATURES = {
    "mxemu_check_version": (c_uint32, []),
    "mxemu_check_last_error": (c_char_p, []),
    "mxemu_check_run": (c_int, [POINTER(Functions), c_char_p, POINTER(c_void_p)]),
    "mxemu_check_judge": (c_int, [POINTER(JudgedTensor), c_char_p, POINTER(c_void_p)]),
    "mxemu_check_report": (c_char_p, [c_void_p, c_char_p]),
    "mxemu_check_destroy": (None, [c_void_p]),
    "mxemu_check_list": (c_char_p, []),
}
FAST_SIGNATURES = {
    "mxemu_abi_version": (c_uint32, []),
    "mxemu_last_error": (c_char_p, []),
    "mxemu_request_create": (c_int, [c_char_p, c_char_p, POINTER(c_void_p)]),
    "mxemu_request_destroy": (None, [c_void_p]),
    "mxemu_request_set": (c_int, [c_void_p, c_char_p, c_char_p]),
    "mxemu_sizes": (c_int, [c_void_p, POINTER(Grid), c_uint32, POINTER(c_uint64), POINTER(c_uint64)]),
    "mxemu_quantize": (c_int, [c_void_p, POINTER(Grid), c_uint32, c_void_p, c_uint64, c_uint32, c_void_p, c_uint64,
                               c_void_p, c_uint64, c_void_p]),
    "mxemu_dequantize": (c_int, [c_void_p, POINTER(Grid), c_uint32, c_void_p, c_uint64, c_void_p, c_uint64,
                                 c_uint32, c_void_p, c_uint64]),
    "mxemu_roundtrip": (c_int, [c_void_p, POINTER(Grid), c_uint32, c_void_p, c_uint64, c_uint32, c_void_p, c_uint64,
                                c_void_p]),
    "mxemu_repack_codes": (c_int, [c_uint32, c_uint32, c_int32, c_uint64, c_void_p, c_uint64, c_void_p, c_uint64]),
}


def candidates(name):
    """Where the library may be, the first that exists taken: MXEMU_LIBRARY (a folder), the installed tree that this
    package is in (PREFIX/share/mxemu/python/mxemu), build folders of the repository that it is in."""
    told = os.environ.get("MXEMU_LIBRARY")
    if told:
        return [path / name for path in (pathlib.Path(told), *build_folders(pathlib.Path(told)))]
    package = pathlib.Path(__file__).resolve().parent
    prefix, repository = package.parents[3], package.parents[2]
    installed = [prefix / "lib", prefix / "lib64", *sorted(prefix.glob("lib/*-linux-*"))]
    built = [folder for build in sorted(repository.glob("build*")) for folder in build_folders(build)]
    return [folder / name for folder in installed + built]


def build_folders(build):
    return [build / "conformance" / "verdict", build / "fast"]


def load(name, signatures):
    tried = candidates(name)
    path = next((path for path in tried if path.exists()), None)
    try:
        library = ctypes.CDLL(str(path or name))
    except OSError as error:
        places = ", ".join(dict.fromkeys(str(path.parent) for path in tried))
        raise Error(f"{name} cannot be loaded ({error}); looked in {places} and where the system's loader looks. Set "
                    f"MXEMU_LIBRARY to the folder it is in, or to a build folder") from None
    for function, (result, arguments) in signatures.items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library


@functools.lru_cache(maxsize=None)
def check_library():
    return load("libmxemu_check.so", CHECK_SIGNATURES)


@functools.lru_cache(maxsize=None)
def fast_library():
    return load("libmxemu.so", FAST_SIGNATURES)


def call_fast(function, *arguments):
    """Calls a function of mxemu.h that returns a status."""
    if getattr(fast_library(), function)(*arguments) != OK:
        raise Error(fast_library().mxemu_last_error().decode())


def one_of(what, word, words):
    if word not in words:
        raise Error(f"{what}: {word!r} is none of {', '.join(words)}")
    return words[word]
