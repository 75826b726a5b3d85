"""JAX functions and arrays before the suite, and NumPy's with the types of ml_dtypes."""
import importlib.util
import unittest

import mxemu

HAVE = importlib.util.find_spec("jax") is not None and importlib.util.find_spec("ml_dtypes") is not None
if HAVE:
    import jax
    import jax.numpy
    import ml_dtypes
    import numpy


@unittest.skipUnless(HAVE, "this Python has no JAX")
class Jax(unittest.TestCase):
    def test_functions_get_and_give_arrays_of_jax(self):
        seen = set()

        def quantize(x):
            codes, scales = mxemu.quantize(x, "MXFP4_E2M1")
            seen.add((x.dtype.name, isinstance(x, jax.Array), isinstance(codes, jax.Array)))
            return codes, scales
        verdict = mxemu.check(quantize, format="MXFP4_E2M1", like="jax", device="cpu", type=["f32", "bf16"], check="block")
        self.assertTrue(verdict, verdict)
        self.assertEqual(seen, {("float32", True, True), ("bfloat16", True, True)})

    def test_arrays_of_jax_and_of_ml_dtypes_are_judged(self):
        numbers = numpy.arange(64).reshape(2, 32).astype(ml_dtypes.bfloat16)
        for x in (numbers, jax.numpy.asarray(numbers)):
            codes, scales = mxemu.quantize(x, "MXFP8_E4M3")
            codes = numpy.asarray(codes).view(ml_dtypes.float8_e4m3fn)
            self.assertTrue(mxemu.judge(x, codes, scales, format="MXFP8_E4M3"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
