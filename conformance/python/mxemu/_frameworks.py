"""Tensors of a framework from host memory, and host memory from tensors of any framework."""
import ctypes
import importlib
import sys

from ._dlpack import CPU, CUDA_HOST, FLOAT, INT, OPAQUE, UINT, Error, Made, Taken, device_name, row_major, take

FORMATS = {"f32": "f", "f64": "d", "bf16": "H", "f16": "H", "u8": "B", "u16": "H", "u32": "I"}  # of memoryviews
KINDS = {"u": UINT, "i": INT, "f": FLOAT, "b": UINT}  # of __array_interface__ and struct; others are opaque


def framework_of(tensor):
    """The name of the package that a tensor's type comes from."""
    return type(tensor).__module__.split(".")[0]


def maker(like, device=None):
    """A function from (shape, dtype, address) to tensors of `like`: "numpy", "torch", "cupy", "jax", "memoryview", one of
    these modules, another module that has from_dlpack(), or a function that takes an object with __dlpack__()."""
    name = like if isinstance(like, str) else getattr(like, "__name__", "").split(".")[0]
    if name == "memoryview":
        return make_memoryview
    if callable(like) and not hasattr(like, "from_dlpack"):
        return lambda shape, dtype, address: like(Made(shape, dtype, address))
    module = importlib.import_module("jax.numpy" if name == "jax" else name if isinstance(like, str) else like.__name__)
    if name == "cupy":  # takes device memory only, so by way of NumPy
        host = maker("numpy")
        return lambda shape, dtype, address: module.asarray(host(shape, dtype, address))
    if not hasattr(module, "from_dlpack"):
        raise Error(f"like: {name} has no from_dlpack()")
    move = mover(name, device)
    if name == "numpy":
        return lambda shape, dtype, address: make_numpy(module, shape, dtype, address)
    return lambda shape, dtype, address: move(module.from_dlpack(Made(shape, dtype, address)))


def mover(name, device):
    """Takes a tensor to the device, by the framework's own call."""
    if device is None:
        return lambda tensor: tensor
    if name == "torch":
        return lambda tensor: tensor.to(device)
    if name == "jax":
        jax = importlib.import_module("jax")
        target = jax.devices(device)[0] if isinstance(device, str) else device
        return lambda tensor: jax.device_put(tensor, target)
    raise Error(f"device: {name} tensors stay where they are; `device` is for torch and jax")


def make_numpy(numpy, shape, dtype, address):
    if dtype != "bf16":
        return numpy.from_dlpack(Made(shape, dtype, address))
    try:
        bfloat16 = importlib.import_module("ml_dtypes").bfloat16
    except ImportError:
        raise Error("NumPy has no bf16: install ml_dtypes, or pass like=\"torch\" or another type") from None
    return numpy.from_dlpack(Made(shape, "u16", address)).view(bfloat16)


def make_memoryview(shape, dtype, address):
    made = Made(shape, dtype, address)
    content = bytearray(ctypes.string_at(made.pointer, made.bytes))
    return memoryview(content).cast(FORMATS[dtype], list(shape))


def on_host(tensor, what):
    """The tensor's memory as Taken. Tensors of an accelerator are brought by their framework."""
    if isinstance(tensor, Taken):
        return tensor
    if framework_of(tensor) == "torch":
        tensor = torch_on_host(tensor)
    elif framework_of(tensor) == "cupy":
        tensor = tensor.get()
    elif framework_of(tensor).startswith("jax"):
        tensor = importlib.import_module("numpy").asarray(tensor)
    if hasattr(tensor, "__dlpack__"):
        device = tensor.__dlpack_device__()[0] if hasattr(tensor, "__dlpack_device__") else CPU
        if device not in (CPU, CUDA_HOST):
            raise Error(f"{what}: is in {device_name(int(device))} memory; bring it to the host first, as .cpu() does")
        try:
            return take(capsule_of(tensor), what)
        except (BufferError, TypeError, RuntimeError):
            pass  # NumPy exports neither read-only arrays nor ml_dtypes; the ways below do
    if hasattr(tensor, "__array_interface__"):
        return from_array_interface(tensor, what)
    try:
        view = memoryview(tensor)
    except TypeError:
        raise Error(f"{what}: {type(tensor).__name__} is no tensor: it has neither __dlpack__ nor __array_interface__ nor "
                    f"the buffer protocol") from None
    return from_buffer(view, what)


def torch_on_host(tensor):
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
    # Bytes whatever they mean: not every PyTorch exports its 8-bit and 4-bit floats.
    is_narrow = tensor.element_size() == 1 and tensor.is_floating_point()
    return tensor.view(sys.modules["torch"].uint8) if is_narrow or "float4" in str(tensor.dtype) else tensor


def capsule_of(tensor):
    try:
        return tensor.__dlpack__(max_version=(1, 0))
    except TypeError:
        return tensor.__dlpack__()


def from_array_interface(array, what):
    interface = array.__array_interface__
    require_own_byte_order(interface["typestr"], what)
    kind, size = interface["typestr"][1], int(interface["typestr"][2:])
    code = KINDS.get(kind, OPAQUE)
    dtype = (4 if str(getattr(array, "dtype", "")) == "bfloat16" else code, 8 * size, 1)
    strides = interface.get("strides")
    if strides is not None:
        strides = [stride // size for stride in strides]
    return Taken(interface["data"][0], interface["shape"], strides, dtype, release_of(array))


def require_own_byte_order(kind, what):
    """`kind` as in __array_interface__ or struct: what begins with "<", ">" or "!" has a byte order of its own."""
    if kind[:1] in (("<",) if sys.byteorder == "big" else (">", "!")):
        raise Error(f"{what}: {kind!r} elements, which are not in the byte order of this machine")


def from_buffer(view, what):
    require_own_byte_order(view.format, what)
    kind = "f" if view.format[-1:] in "efd" else "i" if view.format[-1:].islower() and view.format != "c" else "u"
    content = ctypes.create_string_buffer(view.tobytes(), view.nbytes)
    shape = tuple(view.shape or ())
    return Taken(ctypes.addressof(content), shape, row_major(shape), (KINDS[kind], 8 * view.itemsize, 1),
                 release_of(content))


def release_of(owner):
    """Keeps `owner` alive for as long as the memory is taken."""
    return lambda owner=owner: None
