"""PyTorch functions and tensors before the suite; Triton kernels in its interpreter, or on a GPU where there is one."""
import importlib.util
import pathlib
import subprocess
import sys
import unittest

import mxemu

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "check_triton.py"
HAVE = importlib.util.find_spec("torch") is not None
HAVE_TRITON = HAVE and importlib.util.find_spec("triton") is not None
if HAVE:
    import torch


@unittest.skipUnless(HAVE, "this Python has no PyTorch")
class PyTorch(unittest.TestCase):
    def test_what_a_function_gets_is_a_tensor_of_the_type(self):
        seen = set()

        def quantize(x):
            seen.add((x.dtype, x.device.type))
            return mxemu.quantize(x, "MXFP4_E2M1", packing="bit_stream")
        verdict = mxemu.check(quantize, format="MXFP4_E2M1", type=["f32", "bf16", "f16"], check="block", like=torch,
                              device="cpu")
        self.assertTrue(verdict, verdict)
        self.assertEqual(seen, {(dtype, "cpu") for dtype in (torch.float32, torch.bfloat16, torch.float16)})

    def test_a_tensor_kept_or_changed_after_the_call_harms_nobody(self):
        kept = []

        def quantize(x):
            codes, scales = mxemu.quantize(x, "MXFP4_E2M1")
            kept.append(x.mul_(2))
            return codes, scales
        self.assertTrue(mxemu.check(quantize, format="MXFP4_E2M1", check="block", like="torch"))
        self.assertTrue(torch.cat([x.flatten() for x in kept]).isfinite().any())

    def test_tensors_with_a_gradient_and_of_narrow_floats_are_judged(self):
        x = torch.randn(8, 64, requires_grad=True)
        codes, scales = mxemu.quantize(x, "MXFP8_E4M3")
        if hasattr(torch, "float8_e4m3fn"):
            codes = codes.view(torch.float8_e4m3fn)
        if hasattr(torch, "float8_e8m0fnu"):
            scales = scales.view(torch.float8_e8m0fnu)
        self.assertTrue(mxemu.judge(x, codes, scales, format="MXFP8_E4M3"))

    def test_views_are_judged(self):
        x = torch.randn(64, 12, dtype=torch.bfloat16)[:, ::3].t()
        codes, scales = mxemu.quantize(x, "MXINT8")
        self.assertTrue(mxemu.judge(x, codes.t().contiguous().t(), scales, format="MXINT8"))

    @unittest.skipUnless(HAVE and torch.cuda.is_available(), "there is no GPU")
    def test_tensors_stay_on_the_gpu_between_the_calls(self):
        def quantize(x):
            self.assertTrue(x.is_cuda)
            codes, scales = mxemu.quantize(x, "MXFP4_E2M1")
            return codes.cuda(), scales.cuda()
        self.assertTrue(mxemu.check(quantize, format="MXFP4_E2M1", like="torch", device="cuda"))

    @unittest.skipUnless(HAVE_TRITON, "this Python has no Triton")
    def test_the_triton_example_passes(self):
        run = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("PASSED: ", run.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
