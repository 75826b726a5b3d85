// `mxemu matmul`: products, comparisons and explanations on files.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "spec/accumulator.hpp"
#include "tools/io/tensor_file.hpp"
#include "tools/io/tensor_writer.hpp"
#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

class Matmul : public CommandTest {
 protected:
  /// A file with one float32 tensor.
  std::string write(const std::string& name, std::vector<std::int64_t> shape,
                    const std::vector<float>& numbers) const {
    const auto writer =
        io::create_writer(path(name), io::Container::Safetensors, {{"x", io::DType::F32, std::move(shape)}});
    writer->write(std::as_bytes(std::span(numbers)));
    writer->commit();
    return path(name);
  }

  /// Numbers of many binades, the same on every machine.
  static std::vector<float> numbers(std::size_t count, std::uint32_t seed) {
    std::vector<float> result;
    for (std::uint32_t state = seed; result.size() < count;) {
      state = state * 1664525u + 1013904223u;
      const auto mantissa = static_cast<float>(static_cast<int>(state >> 16 & 0xff) - 128);
      result.push_back(mantissa * std::bit_cast<float>((120u + (state >> 28)) << 23));
    }
    return result;
  }

  static std::vector<float> transposed(const std::vector<float>& matrix, std::size_t rows,
                                       std::size_t columns) {
    std::vector<float> result;
    for (std::size_t c = 0; c < columns; ++c)
      for (std::size_t r = 0; r < rows; ++r) result.push_back(matrix[r * columns + c]);
    return result;
  }

  /// The bits of the product that `mxemu matmul ARGUMENTS -o` writes.
  std::vector<std::uint32_t> product(const std::string& arguments, std::vector<std::int64_t> shape) const {
    const Outcome outcome = mxemu("matmul " + arguments + " -o " + path("c.safetensors"));
    EXPECT_EQ(outcome.status, 0) << arguments << "\n" << outcome.err;
    EXPECT_EQ(outcome.err, "");
    if (outcome.status != 0) return {};
    const auto file = io::TensorFile::open(path("c.safetensors"));
    const io::TensorInfo* info = file.find("C");
    EXPECT_NE(info, nullptr);
    EXPECT_EQ(info->shape, shape);
    const auto bytes = file.bytes(*info);
    std::vector<std::uint32_t> bits(bytes.size() / 4);
    std::memcpy(bits.data(), bytes.data(), bits.size() * 4);
    return bits;
  }

  static std::vector<std::uint32_t> bits_of(const std::vector<float>& floats) {
    std::vector<std::uint32_t> bits;
    for (const float number : floats) bits.push_back(std::bit_cast<std::uint32_t>(number));
    return bits;
  }

  /// 256 * 1 + 2^-6 * 1 in E4M3: thirteen bits below 2^8 end at 2^-5.
  std::string narrow_window() const {
    return write("a.safetensors", {1, 2}, {256, 0.015625f}) + " " + write("b.safetensors", {2, 1}, {1, 1}) +
           " --format-a E4M3 --format-b E4M3 --accumulator hopper_fp8";
  }
};

TEST_F(Matmul, MultipliesRowsByColumnsAndAddsC) {
  const std::string a = write("a.safetensors", {2, 3}, {1, 2, 3, 4, 5, 6});
  const std::string b = write("b.safetensors", {3, 2}, {1, 0.5f, -1, 2, 0, 4});
  const std::string operands = a + " " + b + " --format-a f32 --format-b f32 --accumulator ";
  for (const std::string name : {"exact", "float32_sequential", "float32_pairwise", "float32_fma"})
    EXPECT_EQ(product(operands + name, {2, 2}), bits_of({-1, 16.5f, -1, 36})) << name;
  const std::string c = write("c0.safetensors", {2, 2}, {100, 0, 0, -36});
  EXPECT_EQ(product(operands + "exact --c " + c, {2, 2}), bits_of({99, 16.5f, -1, 0}));
}

TEST_F(Matmul, TakesFactorsExactly) {
  const std::string a = write("a.safetensors", {1, 3}, {1, 2, 3});
  const std::string b = write("b.safetensors", {3, 1}, {1, 1, 1});
  const std::string c = write("c0.safetensors", {1, 1}, {7});
  const std::string operands = a + " " + b + " --format-a f32 --format-b f32 --accumulator exact --c " + c;
  EXPECT_EQ(product(operands + " --alpha 0.5 --beta -2", {1, 1}), bits_of({-11}));
  EXPECT_EQ(product(operands + " --alpha 1/3 --beta 1/7", {1, 1}), bits_of({3}));
  // Tenths, not the float32 numbers next to them: 6/10 + 7/10, rounded once.
  EXPECT_EQ(product(operands + " --alpha 0.1 --beta 1e-1", {1, 1}), bits_of({1.3f}));
  EXPECT_EQ(product(operands + " --alpha -4 --beta 0 --rounding-out down", {1, 1}), bits_of({-24}));
  for (const std::string subject : {"fast", "reference"})
    EXPECT_EQ(product(operands + " --alpha 0.75 --beta 0 --subject " + subject, {1, 1}), bits_of({4.5f}));
  const std::string text =
      mxemu("matmul " + operands + " --alpha 0.1 --beta -3/4 -o " + path("d.safetensors")).out;
  EXPECT_NE(text.find("C = 1/10 A B - 3/4 c"), std::string::npos) << text;
  EXPECT_NE(text.find("subject      reference"), std::string::npos) << text;
  const std::string got = write("got.safetensors", {1, 1}, {12});
  EXPECT_EQ(mxemu("matmul " + operands + " --alpha 2 --beta 0 --got " + got).status, 0);
  EXPECT_EQ(mxemu("matmul " + operands + " --alpha 2 --got " + got).status, 1);
}

TEST_F(Matmul, TakesFilesOfMxemuQuantizeAsItQuantisesOnTheFly) {
  const std::vector<float> w = numbers(70 * 4, 2);
  const std::string a = write("a.safetensors", {3, 70}, numbers(3 * 70, 1));
  const std::string b = write("b.safetensors", {70, 4}, w);
  const std::string rows_of_b = write("bt.safetensors", {4, 70}, transposed(w, 70, 4));
  for (const std::string flags : {"", " --scale-rule rceil --block-size 16", " --rounding nearest_away"}) {
    const std::string formats = " --format-a MXFP8_E4M3 --format-b MXFP4_E2M1" + flags;
    const auto on_the_fly = product(a + " " + b + formats, {3, 4});
    EXPECT_EQ(product(a + " " + rows_of_b + " --transpose-b" + formats, {3, 4}), on_the_fly) << flags;
    EXPECT_EQ(product(a + " " + b + formats + " --subject reference", {3, 4}), on_the_fly) << flags;
    const std::string mx_a = path("mxa.safetensors"), mx_b = path("mxb.safetensors");
    ASSERT_EQ(mxemu("quantize " + a + " -o " + mx_a + " --format MXFP8_E4M3" + flags).status, 0);
    ASSERT_EQ(mxemu("quantize " + b + " -o " + mx_b + " --axis 0 --format MXFP4_E2M1" + flags).status, 0);
    EXPECT_EQ(product(mx_a + " " + mx_b, {3, 4}), on_the_fly) << flags;
  }
}

TEST_F(Matmul, RoundsTheExactSumAsTold) {
  const std::string operands = write("a.safetensors", {1, 2}, {1, 0x1p-30f}) + " " +
                               write("b.safetensors", {2, 1}, {1, 1}) +
                               " --format-a f32 --format-b f32 --accumulator exact";
  EXPECT_EQ(product(operands, {1, 1}), bits_of({1}));
  EXPECT_EQ(product(operands + " --rounding-out up", {1, 1}), bits_of({0x1.000002p0f}));
}

TEST_F(Matmul, ComparesAccumulatorsAndShowsTheFirstDifference) {
  const Outcome outcome = mxemu("matmul " + narrow_window() + " --compare exact --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json comparison = json::parse(outcome.out).at("comparisons").at(0);
  EXPECT_EQ(comparison.at("differing"), 1);
  EXPECT_EQ(comparison.at("max_ulps"), 512);  // 0x43800200 - 0x43800000
  EXPECT_EQ(comparison.at("first").at("left"), "0x43800000");
  EXPECT_EQ(comparison.at("first").at("right"), "0x43800200");
  EXPECT_EQ(comparison.at("first").at("exact"), "256.015625");
}

TEST_F(Matmul, ExplainsWhichTermTheWindowCut) {
  const Outcome outcome = mxemu("matmul " + narrow_window() + " --explain 0,0");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const std::string part : {"emax 8", "multiples of 2^-5", "0x78 256", "0.015625", "exact    256.015625",
                                 "result   0x43800000", "512 ulp", "lost     0.015625"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << " in\n" << outcome.out;
}

TEST_F(Matmul, ExplainsEveryAccumulatorThatTakesTheOperands) {
  for (const auto& row : spec::accumulators) {
    const bool half =
        !row.operands.has(spec::OperandType::E2M1) && !row.operands.has(spec::OperandType::E4M3);
    const bool bf16 = row.operands.has(spec::OperandType::BFloat16);
    const bool float32 = row.operands.has(spec::OperandType::Float32);
    const std::string format = !half     ? row.operands.has(spec::OperandType::E4M3) ? "E4M3" : "E2M1"
                               : bf16    ? "bf16"
                               : float32 ? "f32"
                                         : "f16";
    const std::string operands = write("a.safetensors", {2, 70}, numbers(140, 3)) + " " +
                                 write("b.safetensors", {70, 2}, numbers(140, 4)) + " --format-a " + format +
                                 " --format-b " + format + " --accumulator " + row.name;
    const auto bits = product(operands, {2, 2});
    ASSERT_EQ(bits.size(), 4u);
    const Outcome outcome = mxemu("matmul " + operands + " --explain 1,0 --json");
    ASSERT_EQ(outcome.status, 0) << row.name << outcome.err;
    const json story = json::parse(outcome.out).at("explained").at(0);
    EXPECT_EQ(std::stoul(story.at("result").get<std::string>(), nullptr, 16), bits[2]) << row.name;
    const Outcome text = mxemu("matmul " + operands + " --explain 1,0");
    EXPECT_EQ(text.status, 0) << row.name << text.err;
    EXPECT_NE(text.out.find(std::string("C[1, 0] under ") + row.name), std::string::npos) << text.out;
  }
}

TEST_F(Matmul, NamesTheAccumulatorThatADeviceHas) {
  const std::string operands = write("a.safetensors", {4, 64}, numbers(256, 5)) + " " +
                               write("b.safetensors", {64, 4}, numbers(256, 6)) +
                               " --format-a E4M3 --format-b E4M3";
  ASSERT_EQ(mxemu("matmul " + operands + " --accumulator ada_fp8 -o " + path("got.npy")).status, 0);
  EXPECT_EQ(mxemu("matmul " + operands + " --accumulator ada_fp8 --got " + path("got.npy")).status, 0);
  const Outcome outcome =
      mxemu("matmul " + operands + " --accumulator exact --got " + path("got.npy") + " --compare all --json");
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  std::vector<std::string> equal;
  const json comparisons = json::parse(outcome.out).at("comparisons");
  for (const json& one : comparisons)
    if (one.at("differing") == 0) equal.push_back(one.at("right"));
  EXPECT_EQ(equal, std::vector<std::string>{"ada_fp8"});
}

TEST_F(Matmul, CountsNaNBesideANumberAndNoDistanceForIt) {
  const std::string operands = write("a.safetensors", {1, 1}, {1}) + " " +
                               write("b.safetensors", {1, 2}, {1, 2}) +
                               " --format-a f32 --format-b f32 --accumulator exact";
  const std::string got = write("got.safetensors", {1, 2}, {std::numeric_limits<float>::quiet_NaN(), 2});
  const Outcome outcome = mxemu("matmul " + operands + " --got " + got + " --json");
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  const json comparison = json::parse(outcome.out).at("comparisons").at(0);
  EXPECT_EQ(comparison.at("nan_in_one"), 1);
  EXPECT_EQ(comparison.at("max_ulps"), 0);
  EXPECT_TRUE(comparison.at("first").at("ulps").is_null());
}

TEST_F(Matmul, HoldsADeviceToTheCodeOfNaNThatTheAccumulatorStatesAndToNoOther) {
  const float nan = std::numeric_limits<float>::quiet_NaN();  // 0x7fc00000
  const std::string operands =
      write("a.safetensors", {1, 1}, {nan}) + " " + write("b.safetensors", {1, 2}, {1, 2}) +
      " --format-a f16 --format-b f16 --got " + write("got.safetensors", {1, 2}, {nan, nan});
  const Outcome stated = mxemu("matmul " + operands + " --accumulator hopper --json");
  EXPECT_EQ(stated.status, 1) << stated.err;
  const json comparison = json::parse(stated.out).at("comparisons").at(0);
  EXPECT_EQ(comparison.at("differing"), 2);
  EXPECT_EQ(comparison.at("other_nan_bits"), 2);
  EXPECT_EQ(comparison.at("nan_code_is_stated"), true);
  const Outcome text = mxemu("matmul " + operands + " --accumulator hopper");
  EXPECT_NE(text.out.find("other codes: hopper states one"), std::string::npos) << text.out;
  EXPECT_EQ(mxemu("matmul " + operands + " --accumulator cdna1").status, 0);
}

TEST_F(Matmul, DrawsTheComparison) {
  const std::string page = path("page.html");
  ASSERT_EQ(mxemu("matmul " + narrow_window() + " --compare exact --report " + page).status, 0);
  const auto bytes = read_file(page);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const std::string part : {"Where they differ", "256.015625", "hopper_fp8 beside exact"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST_F(Matmul, ListsEveryAccumulatorWithItsSource) {
  const Outcome outcome = mxemu("matmul --list-accumulators");
  const Outcome formats = mxemu("formats --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const auto& row : spec::accumulators) {
    EXPECT_NE(outcome.out.find(std::string("\n  ") + row.name + "   "), std::string::npos) << row.name;
    EXPECT_NE(outcome.out.find(row.source), std::string::npos) << row.name;
    EXPECT_EQ(json::parse(formats.out).at("accumulators").at(row.name).at("source"), row.source);
  }
}

TEST_F(Matmul, SaysInOneSentenceWhatCannotBeMultiplied) {
  const std::string a = write("a.safetensors", {2, 64}, numbers(128, 7));
  const std::string b = write("b.safetensors", {64, 2}, numbers(128, 8));
  const std::string short_b = write("short.safetensors", {32, 2}, numbers(64, 8));
  const std::string line = write("line.safetensors", {64}, numbers(64, 8));
  const std::string empty = write("empty.safetensors", {64, 0}, {});
  const std::string e4m3 = " --format-a E4M3 --format-b E4M3 -o " + path("c.safetensors");
  const std::string mx = " --format-a MXFP8_E4M3 --format-b MXFP8_E4M3 -o " + path("c.safetensors");
  const auto refused = [](const std::string& arguments, const std::vector<std::string>& parts) {
    SCOPED_TRACE(arguments);
    expect_bad_input(mxemu("matmul " + arguments), parts);
  };
  refused(a + " " + short_b + e4m3, {"K of A is 64", "K of B is 32"});
  refused(a + " " + a + e4m3, {"K of A is 64", "K of B is 2", "--transpose-b"});
  refused(a + " " + line + e4m3, {"line.safetensors", "[64]", "no matrix"});
  refused(a + " " + empty + e4m3, {"empty.safetensors", "[64, 0]", "empty"});
  refused(a + " " + b + " --format-a E4M3 -o " + path("c.safetensors"),
          {"\"x\"", "not quantised", "--format-b"});
  refused(a + " " + b + e4m3 + " --accumulator hoper", {"\"hoper\"", "block_exact", "hopper_fp8"});
  refused(a + " " + b + e4m3 + " --accumulator hopper", {"hopper, E4M3 x E4M3", "bf16, f16"});
  refused(a + " " + b + mx + " --accumulator hopper_fp8", {"no scales", "--format-a E4M3"});
  refused(a + " " + b + e4m3 + " --output-type bf16", {"output", "f32"});
  refused(a + " " + b + " --format-a E4M4 --format-b E4M3 --explain 0,0",
          {"--format-a", "E4M4", "MXFP4_E2M1"});
  refused(a + " " + b + mx + " --tail refuse --block-size 48", {"64", "48"});
  refused(a + " " + b + " --format-a E4M3 --format-b E4M3", {"nothing to do", "--explain"});
  refused(a + " " + b + e4m3 + " --explain 2,0", {"C[2, 0]", "[2, 2]"});
  refused(a + " " + b + e4m3 + " --explain 0,0 --step 9", {"--step 9", "2 step(s)"});
  refused(a + " " + b + e4m3 + " --rounding-out up", {"--rounding-out", "exact"});
  refused(a + " " + b + e4m3 + " --got " + a, {"[2, 64]", "[2, 2]"});
  refused(a + " " + b + " --format-a f16 --format-b f16 --accumulator hopper --output-type f16 --got " + a,
          {"a.safetensors", "F32", "f16"});
  refused(a + " " + sample_file() + e4m3, {"sample.safetensors", "--tensor-b"});
  refused(a + " " + b + e4m3 + " --subject process:true", {"process:true"});
  EXPECT_FALSE(std::filesystem::exists(path("c.safetensors")));
}

TEST_F(Matmul, RefusesFlagsThatWouldDoNothing) {
  const std::string a = write("a.safetensors", {2, 2}, {1, 2, 3, 4});
  const std::string operands = a + " " + a + " --format-a f32 --format-b f32 --accumulator exact ";
  const std::string written = operands + "-o " + path("c.safetensors") + " ";
  const auto refused = [](const std::string& arguments, const std::vector<std::string>& parts) {
    SCOPED_TRACE(arguments);
    expect_bad_input(mxemu("matmul " + arguments), parts);
  };
  refused(written + "--tensor-c x", {"--tensor-c", "--c"});
  refused(written + "--beta 2", {"--beta", "--c"});
  refused(written + "--tensor-got x", {"--tensor-got", "--got"});
  refused(written + "--step 0", {"--step", "--explain"});
  refused(written + "--seed-out 3", {"--seed-out", "--rounding-out"});
  refused(written + "--rounding-out up --seed-out 3", {"--seed-out", "stochastic", "up"});
  EXPECT_EQ(mxemu("matmul " + written + "--rounding-out stochastic --seed-out 3").status, 0);
  std::filesystem::remove(path("c.safetensors"));
  refused(operands + "--alpha 2 --explain 0,0", {"--explain", "alpha = 1"});
  refused(written + "--alpha 2 --compare float32_fma", {"float32_fma", "alpha = 1"});
  for (const std::string wrong : {"1/0", "x", ".", "1e", "1/3/4", "inf", "0x10", "\"\""})
    refused(written + "--alpha " + wrong, {"--alpha", "fraction"});
  EXPECT_FALSE(std::filesystem::exists(path("c.safetensors")));
}

TEST_F(Matmul, RefusesBlocksThatLieAcrossK) {
  const std::string a = write("a.safetensors", {64, 64}, numbers(64 * 64, 9));
  const std::string across = path("across.safetensors"), along = path("along.safetensors");
  ASSERT_EQ(mxemu("quantize " + a + " -o " + across + " --axis 0 --format MXFP4_E2M1").status, 0);
  ASSERT_EQ(mxemu("quantize " + a + " -o " + along + " --format MXFP4_E2M1").status, 0);
  expect_bad_input(mxemu("matmul " + across + " " + across + " --explain 0,0"), {"A (M x K)", "dimension 0"});
  expect_bad_input(mxemu("matmul " + along + " " + along + " --explain 0,0"), {"B (K x N)", "--transpose-b"});
  EXPECT_EQ(mxemu("matmul " + along + " " + across + " --explain 0,0").status, 0);
  EXPECT_EQ(mxemu("matmul " + along + " " + along + " --transpose-b --explain 0,0").status, 0);
}

}  // namespace
}  // namespace mxemu::cli::tests
