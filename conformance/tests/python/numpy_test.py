"""NumPy functions and arrays before the suite."""
import importlib.util
import pathlib
import subprocess
import sys
import unittest

import mxemu

CONFORMANCE = pathlib.Path(__file__).parents[2]
EXAMPLE = CONFORMANCE / "examples" / "check_numpy.py"
HAVE = importlib.util.find_spec("numpy") is not None
if HAVE:
    import numpy


def indented_blocks(text):
    """The examples of a page in Markdown, without their margin."""
    blocks, block = [], []
    for line in [*text.splitlines(), "end"]:
        if line.startswith("    ") or (block and not line):
            block.append(line[4:])
        elif block:
            blocks.append("\n".join(block).rstrip())
            block = []
    return blocks


def ties_away(x):
    """MXFP4 with ties away from zero; no NaN, no Inf."""
    exponent = numpy.frexp(numpy.abs(x).max(axis=1, keepdims=True))[1].astype(int)
    scale = numpy.where(numpy.abs(x).max(axis=1, keepdims=True) > 0, numpy.clip(exponent - 3, -127, 127), -127)
    magnitude = numpy.ldexp(numpy.abs(x).astype(float), -scale)
    thresholds = numpy.array([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0])
    codes = (magnitude[..., None] >= thresholds).sum(axis=-1) | numpy.signbit(x) * 8
    return codes.astype(numpy.uint8), (scale + 127).astype(numpy.uint8)


@unittest.skipUnless(HAVE, "this Python has no NumPy")
class NumPy(unittest.TestCase):
    def test_the_example_passes(self):
        run = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("PASSED: 13 passed", run.stdout)
        self.assertEqual(run.stderr, "")

    def test_the_guide_shows_what_its_example_prints(self):
        page = (CONFORMANCE / "README.md").read_text(encoding="utf-8")
        example, failure = indented_blocks(page.split("## Python: tensors in process")[1])[:2]
        run = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=True)
        self.assertIn(failure, run.stdout)

    def test_ties_away_fail_and_are_explained(self):
        verdict = mxemu.check(quantize=ties_away, format="MXFP4_E2M1", check="element/rounding")
        self.assertEqual(verdict.status, 1)
        self.assertIn("suspect   ties away from zero", verdict.text)

    def test_what_a_function_gets_is_a_numpy_array_of_the_type(self):
        seen = {}

        def quantize(x):
            seen[x.dtype.name] = (type(x), x.ndim)
            return mxemu.quantize(x, "MXFP4_E2M1")
        self.assertTrue(mxemu.check(quantize, format="MXFP4_E2M1", type=["f32", "f16", "f64"], check="block"))
        self.assertEqual(seen, {name: (numpy.ndarray, 2) for name in ("float32", "float16", "float64")})

    def test_strided_and_read_only_answers_are_read(self):
        def quantize(x):
            codes, scales = mxemu.quantize(x, "MXFP4_E2M1")
            wide = numpy.zeros((x.shape[0], 2 * x.shape[1] + 1), numpy.uint8)
            wide[:, 1::2] = codes
            scales.flags.writeable = False
            return wide[:, 1::2], scales[:, 0]
        verdict = mxemu.check(quantize, format="MXFP4_E2M1")
        self.assertTrue(verdict, verdict)

    def test_bf16_needs_ml_dtypes(self):
        if importlib.util.find_spec("ml_dtypes"):
            self.assertTrue(mxemu.check(lambda x: mxemu.quantize(x, "MXINT8"), format="MXINT8", type="bf16", check="block"))
        else:
            with self.assertRaisesRegex(mxemu.Error, "NumPy has no bf16: install ml_dtypes"):
                mxemu.check(lambda x: x, format="MXINT8", type="bf16")

    def test_int64_answers_are_told(self):
        with self.assertRaisesRegex(mxemu.DeviceError, "returned int64 codes where 8-bit ones are wanted"):
            mxemu.check(lambda x: (x.astype(int), x), format="MXINT8")

    def test_arrays_are_judged(self):
        x = numpy.random.default_rng(7).standard_normal((6, 100), dtype=numpy.float32)
        for axis in (0, 1, -2):
            for packing in ("bytes", "bit_stream"):
                codes, scales = mxemu.quantize(x, "MXFP6_E3M2", axis=axis, packing=packing)
                verdict = mxemu.judge(x, codes, scales, format="MXFP6_E3M2", axis=axis)
                self.assertTrue(verdict, verdict)
        codes, scales = mxemu.quantize(x.T, "MXFP8_E5M2", scale_rule="rceil")
        self.assertEqual(codes.shape, (100, 6))
        self.assertIn("rceil", mxemu.judge(x.T, codes, scales, format="MXFP8_E5M2", profile="auto").json[0]["profile"])
        self.assertTrue(mxemu.judge(x.T, codes, scales, format="MXFP8_E5M2", scale_rule="rceil"))

    def test_a_wrong_code_is_counted_and_explained(self):
        x = numpy.full((2, 64), 0.625, numpy.float32)
        codes, scales = (array.copy() for array in mxemu.quantize(x, "MXFP4_E2M1"))
        self.assertTrue(mxemu.judge(x, codes, scales, format="MXFP4_E2M1", name="w"))
        codes[1, 37] ^= 1
        verdict = mxemu.judge(x, codes, scales, format="MXFP4_E2M1", name="w")
        self.assertEqual((verdict.status, verdict.json[0]["differing_codes"]), (1, 1))
        self.assertIn("FAILED w  MXFP4_E2M1   profile=ocp   128 elements in 4 blocks: 0 scales differ", verdict.text)
        self.assertIn("tensor index 101 = block 3, element 5", verdict.text)

    def test_what_does_not_go_together_is_told(self):
        x = numpy.zeros((2, 64), numpy.float32)
        codes, scales = mxemu.quantize(x, "MXFP4_E2M1")
        for given, expected in [((x, codes[0], scales), "codes: 64 bytes for 128 elements; 128 .bytes. or 64"),
                                ((x, codes[0, :7], scales), "codes: 7 bytes for 128 elements"),
                                ((x, codes, scales[0]), "tensor: 2 scales where 4 are needed"),
                                ((x, codes + 16, scales), "code 16 at element 0 is wider than the 4 bits of E2M1"),
                                ((codes, codes, scales), "input: uint8 is none of f32, bf16, f16, f64"),
                                ((x, x, scales), "codes: float32 where 8-bit elements are wanted"),
                                ((x.astype(">f4"), codes, scales), "input: '>f4' elements, which are not in the byte order")]:
            packing = "bytes" if "64 bytes" in expected else None
            with self.subTest(expected=expected), self.assertRaisesRegex(mxemu.Error, expected):
                mxemu.judge(*given, format="MXFP4_E2M1", packing=packing)

    def test_conversions_come_back(self):
        x = numpy.linspace(-7, 7, 96, dtype=numpy.float16).reshape(3, 32)
        codes, scales = mxemu.quantize(x, "MXFP4_E2M1", packing="bit_stream")
        self.assertEqual((codes.shape, scales.shape), ((3, 16), (3, 1)))
        back = mxemu.dequantize(codes, scales, "MXFP4_E2M1", type="f16", packing="bit_stream")
        numpy.testing.assert_array_equal(back, mxemu.roundtrip(x, "MXFP4_E2M1"))
        self.assertEqual((back.dtype, back.shape), (x.dtype, x.shape))
        with self.assertRaisesRegex(mxemu.Error, 'scale_rule: no word "sideways"'):
            mxemu.quantize(x, "MXFP4_E2M1", scale_rule="sideways")


if __name__ == "__main__":
    unittest.main(verbosity=2)
