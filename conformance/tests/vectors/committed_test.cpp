// The committed vectors are what the generator writes today, and what their manifest says.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "conformance/dot/dot_coverage.hpp"
#include "conformance/vectors/vector_set.hpp"

namespace mxemu::conformance::vectors {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 5'000'000;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const char* renewal = "\nrenew them with: mxemu vectors generate --out conformance/vectors/ocp";

TEST(CommittedVectors, AreWhatTheGeneratorWritesNow) {
  const fs::path directory = COMMITTED_VECTORS;
  std::set<std::string> written;
  write_vector_set(committed_recipe(), [&](const TextFile& file) {
    written.insert(file.name);
    EXPECT_TRUE(text_of(directory / file.name) == file.text)
        << directory / file.name << " is stale" << renewal;
  });
  for (const auto& entry : fs::directory_iterator(directory))
    EXPECT_TRUE(written.contains(entry.path().filename())) << entry.path() << " belongs to no set" << renewal;
}

TEST(CommittedVectors, HaveTheDigestsOfTheirManifestAndFitInFiveMegabytes) {
  const fs::path directory = COMMITTED_VECTORS;
  const auto digests = read_manifest(manifest_name, text_of(directory / manifest_name));
  EXPECT_EQ(digests.size(), 6U * 7 + 1 + spec::accumulator_count);
  std::uintmax_t bytes = 0;
  for (const auto& [name, digest] : digests) {
    const std::string text = text_of(directory / name);
    EXPECT_EQ(sha256_of(text), digest) << name << renewal;
    bytes += text.size();
  }
  EXPECT_LE(bytes, most_bytes);
}

TEST(CommittedVectors, TouchEveryFlagThatTheirOperationCanHave) {
  std::string all;
  for (const auto& entry : fs::directory_iterator(COMMITTED_VECTORS)) all += text_of(entry.path());
  for (const char* flag : {"tie",
                           "sticky",
                           "rounds_up",
                           "carry",
                           "saturates",
                           "underflows",
                           "subnormal_code",
                           "subnormal_input",
                           "subnormal_output",
                           "overflows",
                           "negative_zero",
                           "nan",
                           "infinity",
                           "nan_block",
                           "zero_block",
                           "scale_clamped_low",
                           "nan_scale",
                           "tail",
                           "free",
                           "silent"})
    EXPECT_NE(all.find("\"" + std::string(flag) + "\""), std::string::npos) << flag;
}

TEST(CommittedVectors, TouchEveryCellOfDotProducts) {
  std::string all;
  for (const auto& entry : fs::directory_iterator(COMMITTED_VECTORS))
    if (entry.path().filename().string().starts_with("dot_")) all += text_of(entry.path());
  for (const auto& word : spec::words<DotBin>)
    EXPECT_NE(all.find("\"" + std::string(word.name) + "\""), std::string::npos) << word.name;
  for (const char* flag : {"models_differ", "free"})
    EXPECT_NE(all.find("\"" + std::string(flag) + "\""), std::string::npos) << flag;
}

TEST(Sha256, IsThePublishedDigestOfThreeLetters) {
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace mxemu::conformance::vectors
