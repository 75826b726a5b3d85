"""The suite on Python functions, with nothing but the standard library: the fast library stands in for a kernel."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import mxemu

FORMAT = "MXFP4_E2M1"


def kernel(**words):
    """A right MXFP4 quantiser, or one that `words` make different."""
    def quantize(x):
        return mxemu.quantize(x, FORMAT, **words)
    return quantize


def check(quantize=None, **options):
    return mxemu.check(quantize, **{"format": FORMAT, "like": "memoryview", **options})


class Verdicts(unittest.TestCase):
    def test_a_right_function_passes(self):
        verdict = check(kernel())
        self.assertEqual((verdict.status, verdict.passed, bool(verdict)), (0, True, True), verdict)
        self.assertIn("PASSED: 13 passed", str(verdict))
        self.assertIn("subject python:quantize  profile ocp  level quick", str(verdict))
        self.assertEqual(verdict.json["clauses"]["MX-5.3.3-b"]["verdict"], "PASSED")

    def test_ties_away_fail_and_are_explained(self):
        verdict = check(kernel(rounding="nearest_away"))
        self.assertEqual((verdict.status, verdict.passed), (1, False))
        for part in ("FAILED element/rounding", "exactly halfway", "ties away from zero", "repro     format=MXFP4_E2M1"):
            self.assertIn(part, verdict.text)

    def test_the_repro_line_repeats_the_case_alone(self):
        text = check(kernel(rounding="nearest_away"), check="element/rounding").text
        line = next(line for line in text.splitlines() if line.startswith("  repro"))
        verdict = check(kernel(rounding="nearest_away"), repro=line.split(None, 1)[1])
        self.assertEqual((verdict.status, verdict.json["checks"][0]["cases"]), (1, 1), verdict)
        self.assertIn(line, verdict.text)
        self.assertTrue(check(kernel(), repro=line.split(None, 1)[1]))

    def test_auto_names_what_the_function_does(self):
        verdict = check(kernel(profile="quark-even"), profile="auto")
        self.assertEqual(verdict.status, 0, verdict)
        self.assertIn("quark-even", verdict.json["profile"])

    def test_packed_codes_are_told_by_their_size(self):
        for packing in (None, "bit_stream"):
            self.assertTrue(check(kernel(packing="bit_stream"), packing=packing, check="element"))

    def test_every_operation_is_judged(self):
        def dequantize(codes, scales):
            return mxemu.dequantize(codes, scales, FORMAT)

        def packed_dequantize(codes, scales):
            return mxemu.dequantize(codes, scales, FORMAT, packing="bit_stream")

        def scale(x):
            return mxemu.quantize(x, FORMAT)[1]

        verdict = check(dequantize=dequantize, scale=scale)
        self.assertTrue(verdict, verdict)
        self.assertEqual({one["operation"] for one in verdict.json["checks"]}, {"dequantize", "scale"})
        self.assertTrue(check(dequantize=packed_dequantize, packing="bit_stream", check="decode"))

    def test_a_function_that_is_told_the_request_does_what_it_says(self):
        seen = set()

        def quantize(x, request):
            seen.add(str(request))
            return mxemu.quantize(x, request.format, scale_rule=request.scale_rule, rounding=request.rounding,
                                  **request.options)
        formats = ["MXFP8_E4M3", "MXFP6_E2M3"]
        verdict = check(quantize, format=formats, check="overflow", type=["f32", "f64"])
        self.assertTrue(verdict, verdict)
        self.assertIn("quantize MXFP8_E4M3 f64 floor nearest_even overflow=nonfinite", seen)
        self.assertEqual({one["format"] for one in verdict.json["checks"]}, set(formats))

    def test_a_function_of_one_behaviour_is_not_asked_for_another(self):
        verdict = check(lambda x: mxemu.quantize(x, "MXFP8_E4M3"), format="MXFP8_E4M3", check="overflow")
        self.assertEqual({one["id"]: one["verdict"] for one in verdict.json["checks"]},
                         {"overflow/saturate": "PASSED", "overflow/nonfinite": "SKIPPED"})

    def test_unsupported_is_skipped(self):
        def quantize(x):
            raise mxemu.Unsupported
        verdict = check(quantize, check="scale")
        self.assertEqual(verdict.status, 3, verdict)
        self.assertIn("every case is answered unsupported", verdict.text)

    def test_reports_are_written_by_the_end_of_their_name(self):
        verdict = check(kernel(), check="element")
        with tempfile.TemporaryDirectory() as folder:
            for name, part in [("a.html", "Verdict by clause"), ("a.xml", "<testsuite name=\"MXFP4_E2M1\""),
                               ("a.json", "\"exit_status\": 0"), ("a.txt", "PASSED: ")]:
                path = pathlib.Path(folder, name)
                verdict.write(path)
                self.assertIn(part, path.read_text(encoding="utf-8"))
            with self.assertRaisesRegex(mxemu.Error, "ends in none of .txt, .json, .html, .xml"):
                verdict.write(pathlib.Path(folder, "a.doc"))


class Faults(unittest.TestCase):
    def fault(self, answer, expected, **options):
        with self.assertRaisesRegex(mxemu.DeviceError, expected) as raised:
            check(answer, **options)
        self.assertIn('cases of 32 elements of "quantize MXFP4_E2M1 f32 floor nearest_even"', str(raised.exception))
        return raised.exception

    def test_an_exception_is_one_sentence_with_its_cause(self):
        def quantize(x):
            return [][7]
        error = self.fault(quantize, r"quantize raised IndexError: list index out of range \(it was given builtins memory")
        self.assertIsInstance(error.__cause__, IndexError)

    def test_an_interrupt_goes_through(self):
        def quantize(x):
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            check(quantize)

    def test_answers_that_are_none_are_told(self):
        def with_codes(codes):
            return lambda x: (codes(x), bytes(x.shape[0]))

        def with_scales(scales):
            return lambda x: (bytes(x.nbytes // 4), scales(x))
        self.fault(lambda x: None, r"returned NoneType where \(codes, scales\) are wanted")
        self.fault(with_codes(lambda x: 3), "returned codes: int is no tensor")
        self.fault(with_codes(lambda x: x), "returned float32 codes where 8-bit ones are wanted")
        self.fault(with_codes(lambda x: bytes(5)), r"codes: 5 bytes; \d+ \(bytes\) or \d+ \(bit_stream\) wanted")
        self.fault(with_codes(lambda x: memoryview(bytes(x.nbytes // 4)).cast("B", x.shape[::-1])),
                   r"codes of shape \(32, \d+\), where the first extent is to be that of the cases")
        self.fault(with_scales(lambda x: bytes(x.shape[0] + 1)), r"returned scales of shape .* where \(\d+, 1\) is wanted")

    def test_a_code_too_wide_is_told_by_the_suite(self):
        with self.assertRaisesRegex(mxemu.Error, "element 0 of its answer .* is wrong"):
            check(lambda x: (bytes([0x77]) * (x.nbytes // 4), bytes(x.shape[0])), packing="bytes")

    def test_numbers_of_another_type_are_told(self):
        with self.assertRaisesRegex(mxemu.DeviceError, "dequantize returned float64 numbers where f32 are wanted"):
            check(dequantize=lambda codes, scales: memoryview(bytes(8 * codes.nbytes)).cast("d"))

    def test_options_that_are_none_are_told(self):
        for options, expected in [({"format": "MXFP5"}, "format: 'MXFP5' is none of MXFP8_E5M2"),
                                  ({"type": "f8"}, "type: 'f8' is none of f32"),
                                  ({"level": "slow"}, 'level: "slow" is none of quick, full, exhaustive'),
                                  ({"profile": "nobody"}, 'profile: "nobody" is none of auto, ocp'),
                                  ({"check": "nothing"}, 'no check is called "nothing"'),
                                  ({"check": "two words"}, "check: 'two words' is not one word"),
                                  ({"seed": -1}, 'seed: "-1" is no integer'),
                                  ({"repro": "what=ever"}, '"what=ever" is not NAME=WORD with NAME one of format')]:
            with self.subTest(options=options), self.assertRaisesRegex(mxemu.Error, expected):
                check(kernel(), **options)
        with self.assertRaisesRegex(mxemu.Error, "check needs a function: quantize, dequantize"):
            check()

    def test_a_library_that_is_not_there_is_told_with_the_places(self):
        code = "import mxemu\ntry: mxemu.checks()\nexcept mxemu.Error as error: print(error)"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                              env={**os.environ, "MXEMU_LIBRARY": "/no/such/folder"}).stdout
        for part in ("libmxemu_check.so cannot be loaded", "/no/such/folder", "Set MXEMU_LIBRARY"):
            self.assertIn(part, told)


if __name__ == "__main__":
    unittest.main(verbosity=2)
