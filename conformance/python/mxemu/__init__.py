"""The MX conformance suite for functions and tensors of this process: NumPy, PyTorch, Triton, JAX.

    import mxemu
    print(mxemu.check(quantize=my_quantize, format="MXFP4_E2M1"))            # the suite, on a function
    print(mxemu.judge(x, codes, scales, format="MXFP4_E2M1"))                # the verdict on tensors that one has
    codes, scales = mxemu.quantize(x, format="MXFP4_E2M1")                   # what is right, bit for bit

Tensors cross by DLPack. Nothing but Python's standard library and the two shared libraries libmxemu and libmxemu_check is
needed; NumPy or any other framework only where its tensors are used. conformance/README.md has the guide.
"""
from ._check import Request, check
from ._convert import dequantize, quantize, roundtrip
from ._judge import judge
from ._library import DeviceError, Error, Unsupported
from ._verdict import Verdict, checks

__all__ = ["DeviceError", "Error", "Request", "Unsupported", "Verdict", "check", "checks", "dequantize", "judge",
           "quantize", "roundtrip"]
