"""What the compiler says of the kernels of the common request, without a GPU.

usage: check_report.py NVCC ROOT ARCHITECTURE

Compiles each source of these kernels to PTX and assembles that. Fails, with one line for each fault, where a kernel
keeps anything in local memory (spilled registers, arrays with an index known at run time), takes more registers than
its limit, or lacks an access of the width that its data has when whole and aligned.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ELEMENTS = ["E5M2", "E4M3", "E3M2", "E2M3", "E2M1", "INT8"]
BITS = [8, 8, 6, 6, 4, 8]
FLOATS = ["float32", "bfloat16", "float16"]
SOURCES = ["quantize_rows", "quantize_columns", "dequantize_rows", "dequantize_columns", "roundtrip_rows",
           "roundtrip_columns", "quantize_both"]

# Three blocks of 256 threads are resident at once up to 80 registers. A tile of both directions has 32 numbers, eight
# factors and four arrays in registers: two blocks.
REGISTERS = {"quantize_tiles": 96}
MOST_REGISTERS = 80

# A run of 32 numbers or codes of one lane: loads of numbers, and how codes are stored and loaded, by their bits.
NUMBER_LOAD = r"ld\.global\.nc\.v4\.[a-z]\d\d"
NUMBER_LOAD_IN_PLACE = r"ld\.global\.v4\.[a-z]\d\d"
NUMBER_STORE = r"st\.global(?:\.wb)?\.v4\.[a-z]\d\d"
CODE_STORE = {8: r"st\.global(?:\.wb)?\.v2\.[a-z]32", 6: r"st\.global(?:\.wb)?\.v2\.[a-z]32", 4: r"st\.global(?:\.wb)?\.[a-z]32"}
CODE_LOAD = {8: r"ld\.global\.nc\.v2\.[a-z]32", 6: r"ld\.global\.nc\.[a-z]16", 4: r"ld\.global\.nc\.[a-z]32"}


class Kernel:
    """A kernel by its mangled name: what it does, and the constants it is made for."""

    def __init__(self, mangled):
        self.mangled = mangled
        self.verb = re.search(r"\d+((?:quantize|dequantize|roundtrip|scales_of)_[a-z]+)I", mangled).group(1)
        elements = [int(n) for n in re.findall(r"ElementTypeE(\d)E", mangled)]
        self.floats = [int(n) for n in re.findall(r"FloatTypeE(\d)E", mangled)]
        self.floats += [int(n) for n in re.findall(r"LS\w*?_(\d)E", mangled)]
        self.element = elements[0] if elements else None
        self.packed = "Lb1E" in mangled

    def __str__(self):
        words = [self.verb]
        if self.element is not None:
            words.append(ELEMENTS[self.element])
        words += [FLOATS[n] for n in self.floats]
        return " ".join(words + (["packed"] if self.packed else []))

    def accesses(self):
        """The accesses that its PTX must have."""
        width = 8 if self.element is None or not self.packed else BITS[self.element]
        if self.verb.startswith("scales_of"):
            return [NUMBER_LOAD]
        if self.verb.startswith("quantize"):
            return [NUMBER_LOAD, CODE_STORE[width]]
        if self.verb.startswith("dequantize"):
            return [CODE_LOAD[width], NUMBER_STORE]
        return [NUMBER_LOAD_IN_PLACE, NUMBER_STORE]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stderr


def faults_of(kernel, ptx, report):
    """One sentence for each thing that is wrong."""
    numbers = {name: int(n) for n, name in re.findall(r"(\d+) bytes (stack frame|spill stores|spill loads)", report)}
    for name, count in numbers.items():
        if count != 0:
            yield f"{count} bytes of {name}"
    registers = int(re.search(r"Used (\d+) registers", report).group(1))
    most = REGISTERS.get(kernel.verb, MOST_REGISTERS)
    if registers > most:
        yield f"{registers} registers, where {most} are the limit"
    for access in kernel.accesses():
        if not re.search(access, ptx):
            yield f"no access {access} in its PTX"
    if kernel.verb.startswith("roundtrip") and re.search(NUMBER_LOAD, ptx):
        yield "reads in place through the cache for constant memory"


def check(source, nvcc, root, architecture, folder):
    """The kernels of one source and their faults."""
    path = folder / f"{source}.ptx"
    run([nvcc, "-std=c++20", "-O3", "-fmad=false", f"-I{root}", f"-arch=compute_{architecture}", "-ptx", "-o", path,
         root / "cuda" / f"{source}.cu"])
    said = run([pathlib.Path(nvcc).parent / "ptxas", "-v", f"-arch=sm_{architecture}", path, "-o", "/dev/null"])
    reports = dict(re.findall(r"entry function '(\w+)'[^\n]*\n(.*?Used \d+ registers)", said, re.S))
    bodies = dict(re.findall(r"\.entry (\w+)\((.*?)(?=\.entry |\Z)", path.read_text(), re.S))
    for mangled, report in reports.items():
        kernel = Kernel(mangled)
        yield kernel, [f"{kernel}: {fault}" for fault in faults_of(kernel, bodies[mangled], report)]


def main(nvcc, root, architecture):
    faults, kernels = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for source in SOURCES:
            for _, found in check(source, nvcc, pathlib.Path(root), architecture, pathlib.Path(folder)):
                kernels += 1
                faults += found
    print("\n".join(faults))
    print(f"{kernels} kernels, {len(faults)} faults")
    return 1 if faults or kernels == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
