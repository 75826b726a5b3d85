// `mxemu roundtrip`, `quantize`, `dequantize` and `inspect` on files.
#include <fstream>
#include <nlohmann/json.hpp>

#include "tools/io/tensor_file.hpp"
#include "tools/io/tensor_writer.hpp"
#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

class Files : public CommandTest {
 protected:
  void run(const std::string& arguments) {
    const Outcome outcome = mxemu(arguments);
    ASSERT_EQ(outcome.status, 0) << arguments << "\n" << outcome.err;
    EXPECT_EQ(outcome.err, "") << "progress and warnings do not go into a pipe";
  }

  /// quantize, dequantize and roundtrip of `input`; then the two results must be the same tensors.
  void expect_two_steps_equal_one(const std::string& input, const std::string& flags, const std::string& mx,
                                  const std::string& result) {
    SCOPED_TRACE(input + " " + flags + " " + mx + " " + result);
    run("quantize " + input + " -o " + path(mx) + " " + flags);
    run("dequantize " + path(mx) + " -o " + path("two." + result));
    const std::string conversion = flags.substr(0, flags.find(" --layout"));
    run("roundtrip " + input + " -o " + path("one." + result) + " " + conversion);
    expect_same_tensors(path("one." + result), path("two." + result));
  }

  static void expect_same_tensors(const std::string& one, const std::string& two) {
    const auto a = io::TensorFile::open(one);
    const auto b = io::TensorFile::open(two);
    ASSERT_EQ(a.tensors().size(), b.tensors().size());
    for (std::size_t i = 0; i < a.tensors().size(); ++i) {
      const io::TensorInfo& info = a.tensors()[i];
      const io::TensorInfo* other = a.tensors().size() == 1 ? &b.tensors()[0] : b.find(info.name);
      ASSERT_NE(other, nullptr) << info.name;
      EXPECT_EQ(info.dtype, other->dtype) << info.name;
      EXPECT_EQ(info.shape, other->shape) << info.name;
      EXPECT_TRUE(std::ranges::equal(a.bytes(info), b.bytes(*other))) << info.name;
    }
  }

  /// Zero elements, no dimensions, odd lengths, an integer tensor that is only carried along.
  std::string awkward_file() {
    const auto writer = io::create_writer(path("awkward.safetensors"), io::Container::Safetensors,
                                          {{"empty", io::DType::F32, {3, 0}},
                                           {"scalar", io::DType::F64, {}},
                                           {"odd", io::DType::BF16, {3, 33}},
                                           {"ids", io::DType::I64, {2}}},
                                          {{"format", "pt"}});
    std::vector<std::byte> bytes(8 + 3 * 33 * 2 + 16);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 37 % 64);
    writer->write(bytes);
    writer->commit();
    return path("awkward.safetensors");
  }
};

TEST_F(Files, QuantizeThenDequantizeIsRoundtripForEveryFormat) {
  for (const char* format :
       {"MXFP8_E5M2", "MXFP8_E4M3", "MXFP6_E3M2", "MXFP6_E2M3", "MXFP4_E2M1", "MXINT8"}) {
    const std::string flags = std::string("--format ") + format;
    expect_two_steps_equal_one(sample_file(), flags, "mx.safetensors", "safetensors");
    expect_two_steps_equal_one(awkward_file(), flags, "mx.safetensors", "safetensors");
  }
}

TEST_F(Files, QuantizeThenDequantizeIsRoundtripForEveryLayoutAxisAndRule) {
  for (const char* flags :
       {"--format MXFP6_E2M3 --layout bytes",
        "--format MXFP4_E2M1 --layout bit_stream --scale-layout tile_128x4",
        "--format MXFP4_E2M1 --scale-rule rceil --rounding nearest_away",
        "--format MXFP8_E4M3 --overflow nonfinite --policy inf_in_block=element_only",
        "--format MXFP4_E2M1 --rounding stochastic:12 --seed 7", "--format MXINT8 --block-size 7"})
    expect_two_steps_equal_one(sample_file(), flags, "mx.safetensors", "safetensors");
  expect_two_steps_equal_one(sample_file(), "--format MXFP6_E3M2 --axis 0", "mx.safetensors", "safetensors");
}

TEST_F(Files, QuantizeThenDequantizeIsRoundtripThroughGguf) {
  const std::string tensors = " --tensors ^normal";
  expect_two_steps_equal_one(sample_file(), "--format MXFP4_E2M1" + tensors, "mx.gguf", "gguf");
  run("roundtrip " + sample_file() + " --format MXFP4_E2M1" + tensors + " -o " + path("source.gguf"));
  expect_two_steps_equal_one(path("source.gguf"), "--format MXFP4_E2M1" + tensors, "mx.gguf", "gguf");
}

TEST_F(Files, NpyAndRawFilesGoThroughSafetensors) {
  std::string raw(4 * 96, '\0');
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<char>(i * 131 % 127);
  write_file(path("x.raw"), raw);
  const std::string source = path("x.raw") + " --dtype f32 --shape 3,32";
  expect_two_steps_equal_one(source, "--format MXFP6_E2M3", "mx.safetensors", "npy");
  std::filesystem::rename(path("one.npy"), path("x.npy"));
  expect_two_steps_equal_one(path("x.npy"), "--format MXFP4_E2M1", "mx.safetensors", "npy");
}

TEST_F(Files, RequantizingWhatCameBackChangesNothing) {
  for (const char* format :
       {"MXFP8_E5M2", "MXFP8_E4M3", "MXFP6_E3M2", "MXFP6_E2M3", "MXFP4_E2M1", "MXINT8"}) {
    const std::string flags = std::string(" --format ") + format;
    run("quantize " + sample_file() + " -o " + path("a.safetensors") + flags);
    run("dequantize " + path("a.safetensors") + " -o " + path("b.safetensors"));
    run("quantize " + path("b.safetensors") + " -o " + path("c.safetensors") + flags);
    EXPECT_EQ(read_file(path("a.safetensors")), read_file(path("c.safetensors"))) << format;
  }
}

TEST_F(Files, UnselectedTensorsAndMetadataArriveUnchanged) {
  const std::string input = awkward_file();
  run("quantize " + input + " --tensors ^odd$ --format MXFP4_E2M1 -o " + path("mx.safetensors"));
  const auto source = io::TensorFile::open(input);
  const auto result = io::TensorFile::open(path("mx.safetensors"));
  EXPECT_EQ(result.metadata().at("format"), "pt");
  for (const char* name : {"empty", "scalar", "ids"})
    EXPECT_TRUE(std::ranges::equal(source.bytes(*source.find(name)), result.bytes(*result.find(name))))
        << name;
  EXPECT_EQ(result.find("odd")->dtype, io::DType::U8) << "an odd last dimension is not packed";
  EXPECT_EQ(result.find("odd_scale")->shape, (std::vector<std::int64_t>{3, 2}));
}

TEST_F(Files, RoundtripPrintsTheSixFormatsSideBySide) {
  const Outcome outcome = mxemu("roundtrip " + sample_file() + " --format all --report " + path("r.html"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* text : {"normal.weight", "MXFP8_E5M2", "MXINT8", "bits/elt", "NaN blocks"})
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text;
  const auto page = read_file(path("r.html"));
  const std::string html(reinterpret_cast<const char*>(page.data()), page.size());
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>"));
  for (const char* outside : {"src=", "href=\"http", "url(", "<script", "@import"})
    EXPECT_EQ(html.find(outside), std::string::npos) << "the page is self-contained";
}

TEST_F(Files, RoundtripCountsWhatHappenedInTheEdgeBlocks) {
  const Outcome outcome = mxemu("roundtrip " + sample_file() + " --tensors edge --format MXFP4_E2M1 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json total = json::parse(outcome.out).at("files").at(0).at("total").at("MXFP4_E2M1");
  EXPECT_EQ(total.at("elements"), 256);
  EXPECT_EQ(total.at("blocks"), 8);
  EXPECT_EQ(total.at("nan_blocks"), 2);
  EXPECT_EQ(total.at("not_finite"), 2);
  EXPECT_EQ(total.at("scale_min"), 0);
  EXPECT_EQ(total.at("bits_per_element"), 4.25);
}

TEST_F(Files, InspectShowsTypesRangesAndMx) {
  run("quantize " + sample_file() + " --format MXFP4_E2M1 --tensors ^heavy -o " + path("mx.safetensors"));
  const Outcome outcome = mxemu("inspect --json " + path("mx.safetensors"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json tensors = json::parse(outcome.out).at("tensors");
  const auto find = [&](const std::string& name) {
    for (const json& tensor : tensors)
      if (tensor.at("name") == name) return tensor;
    return json();
  };
  EXPECT_EQ(find("heavy_tailed.weight").at("mx").at("format"), "MXFP4_E2M1");
  EXPECT_EQ(find("edge.blocks").at("values").at("nan"), 1);
  EXPECT_EQ(find("edge.blocks").at("values").at("inf"), 1);
  EXPECT_EQ(mxemu("inspect " + path("mx.safetensors")).status, 0);
}

TEST_F(Files, EverySubjectWritesTheSameBytes) {
  for (const char* flags :
       {"--format MXFP8_E5M2", "--format MXFP8_E4M3 --overflow nonfinite --policy inf_in_block=element_only",
        "--format MXFP6_E3M2 --axis 0", "--format MXFP6_E2M3 --block-size 7 --rounding nearest_away",
        "--format MXFP4_E2M1 --scale-rule rceil", "--format MXINT8 --rounding stochastic --seed 3"}) {
    SCOPED_TRACE(flags);
    for (const std::string& input : {sample_file(), awkward_file()}) {
      const std::string quantize = "quantize " + input + " " + flags;
      run(quantize + " --subject reference -o " + path("golden.safetensors"));
      run("dequantize --subject reference " + path("golden.safetensors") + " -o " +
          path("golden.back.safetensors"));
      for (const char* isa : {"portable", "avx2", "avx512"}) {
        const std::string environment = std::string("export MXEMU_ISA=") + isa + ";";
        const Outcome outcome =
            mxemu(quantize + " --subject fast -o " + path("fast.safetensors"), environment);
        if (outcome.status == 2)
          continue;  // a tier that this machine lacks; the next test looks at the sentence
        EXPECT_EQ(read_file(path("golden.safetensors")), read_file(path("fast.safetensors"))) << isa;
        mxemu("dequantize " + path("golden.safetensors") + " -o " + path("back.safetensors"), environment);
        EXPECT_EQ(read_file(path("golden.back.safetensors")), read_file(path("back.safetensors"))) << isa;
      }
    }
  }
}

TEST_F(Files, AnInstructionSetThatIsNotThereIsBadInput) {
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8", "export MXEMU_ISA=neon;"),
                   {"MXEMU_ISA", "neon"});
}

TEST_F(Files, ASecondQuantizeKeepsTheFirstOnesRecord) {
  run("quantize " + sample_file() + " --tensors ^normal.w --format MXFP8_E4M3 -o " + path("one.safetensors"));
  run("quantize " + path("one.safetensors") + " --tensors ^heavy --format MXFP6_E2M3 -o " +
      path("two.safetensors"));
  run("dequantize " + path("two.safetensors") + " -o " + path("back.safetensors"));
  const auto source = io::TensorFile::open(sample_file());
  const auto back = io::TensorFile::open(path("back.safetensors"));
  EXPECT_EQ(back.tensors().size(), source.tensors().size());
  for (const char* name : {"normal.weight", "heavy_tailed.weight"})
    EXPECT_EQ(back.find(name)->dtype, io::DType::F32) << name;
}

TEST_F(Files, ATensorThatOnlyLooksLikeScalesIsKept) {
  const auto writer = io::create_writer(path("x.gguf"), io::Container::Gguf,
                                        {{"x", io::DType::F32, {32}}, {"x_scale", io::DType::F32, {32}}});
  writer->write(std::vector<std::byte>(256));
  writer->commit();
  run("quantize " + path("x.gguf") + " --tensors ^x$ --format MXFP4_E2M1 -o " + path("mx.gguf"));
  run("dequantize " + path("mx.gguf") + " -o " + path("back.gguf"));
  EXPECT_NE(io::TensorFile::open(path("back.gguf")).find("x_scale"), nullptr);
}

TEST_F(Files, ValuesThatOverflowAreCountedAsLost) {
  std::string raw;
  for (int i = 0; i < 32; ++i) raw += std::string("\0\0\xfa\x43", 4);  // 500
  write_file(path("x.raw"), raw);
  const auto total = [&](const std::string& flags) {
    const Outcome outcome =
        mxemu("roundtrip " + path("x.raw") + " --dtype f32 --format MXFP8_E4M3 --json " + flags);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return json::parse(outcome.out).at("files").at(0).at("total").at("MXFP8_E4M3");
  };
  EXPECT_EQ(total("--overflow nonfinite").at("lost"), 32);
  EXPECT_EQ(total("--overflow nonfinite").at("saturated"), 0);
  EXPECT_TRUE(total("--overflow nonfinite").at("max_absolute_error").is_null());
  EXPECT_EQ(total("").at("lost"), 0);
  EXPECT_EQ(total("").at("saturated"), 32);
}

TEST_F(Files, AHugeExtentBesideAZeroOneTakesNoTime) {
  const auto writer = io::create_writer(path("x.safetensors"), io::Container::Safetensors,
                                        {{"x", io::DType::F32, {std::int64_t{1} << 60, 0}}});
  writer->commit();
  run("roundtrip " + path("x.safetensors") + " --format all");
  run("roundtrip " + path("x.safetensors") + " --format MXINT8 --axis 0");
  run("quantize " + path("x.safetensors") + " --format MXINT8 --scale-layout tile_128x4 -o " +
      path("mx.safetensors"));
}

TEST_F(Files, TheRecordAndTheHeaderSayWhatWasAsked) {
  const Outcome outcome =
      mxemu("roundtrip " + sample_file() +
            " --format MXINT8 --rounding stochastic:4 --seed 9 --axis 0 --policy zero_sign=drop");
  EXPECT_NE(outcome.out.find("rounding stochastic:4 seed 9, profile ocp, zero_sign=drop, axis 0"),
            std::string::npos)
      << outcome.out;
}

TEST(Readme, ShowsWhatTheCommandsPrint) {
  std::ifstream readme(MXEMU_SOURCE_DIR "/README.md");
  const std::string prompt = "$ build/bin/mxemu ";
  int commands = 0;
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with(prompt)) continue;
    const std::string arguments = line.substr(prompt.size());
    std::string shown;
    while (std::getline(readme, line) && line != "```") shown += line + "\n";
    EXPECT_EQ(mxemu(arguments, "cd " MXEMU_SOURCE_DIR ";").out, shown) << arguments;
    ++commands;
  }
  EXPECT_EQ(commands, 3);
}

TEST_F(Files, ARealCheckpointRoundTripsThroughAllFormats) {
  const std::string checkpoint = data_file("weights/stories260K-hf/model.safetensors");
  if (checkpoint.empty()) GTEST_SKIP() << "weights/stories260K-hf is not in $MXEMU_DATA or ../shared/data";
  const Outcome outcome = mxemu("roundtrip " + checkpoint + " --format all --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json total = json::parse(outcome.out).at("files").at(0).at("total");
  EXPECT_GT(total.at("MXINT8").at("sqnr_db"), total.at("MXFP4_E2M1").at("sqnr_db"));
  EXPECT_EQ(total.at("MXFP8_E4M3").at("nan_blocks"), 0);
}

}  // namespace
}  // namespace mxemu::cli::tests
