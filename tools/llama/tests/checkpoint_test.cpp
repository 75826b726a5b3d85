// Damaged checkpoints: one clear sentence each.
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/io/tensor_writer.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

std::string fault_of(const std::filesystem::path& model) {
  return io::test::sentence_of([&] { Checkpoint::open(model); });
}

class LlamaCheckpoint : public testing::Test {
 protected:
  std::filesystem::path shard(int index) const {
    return model_.directory() / ("model-0000" + std::to_string(index) + "-of-00003.safetensors");
  }
  std::filesystem::path index() const { return model_.directory() / "model.safetensors.index.json"; }

  void change_config(const json& changes) const {
    const auto path = model_.directory() / "config.json";
    json document = json::parse(io::test::read_file(path));
    document.merge_patch(changes);
    io::test::write_file(path, document.dump());
  }

  test::SmallModel model_{test::small_config(), {.shards = 3, .type = spec::FloatType::Float32}};
};

TEST_F(LlamaCheckpoint, OpensAsItWasWritten) {
  const Checkpoint checkpoint = model_.open();
  EXPECT_EQ(checkpoint.config(), test::small_config());
  EXPECT_EQ(checkpoint.bytes(), synthesized_bytes(test::small_config(), spec::FloatType::Float32));
  EXPECT_EQ(checkpoint.weight("model.layers.1.mlp.down_proj.weight").columns, 172U);
}

TEST_F(LlamaCheckpoint, ATruncatedShardIsNamed) {
  std::filesystem::resize_file(shard(2), std::filesystem::file_size(shard(2)) - 5);
  EXPECT_TRUE(fault_of(model_.directory()).starts_with(shard(2).string() + ": "))
      << fault_of(model_.directory());
}

TEST_F(LlamaCheckpoint, AShardThatIsNotThereIsNamed) {
  std::filesystem::remove(shard(3));
  EXPECT_EQ(fault_of(model_.directory()),
            index().string() + ": weight_map names \"model-00003-of-00003.safetensors\", which is not there");
}

TEST_F(LlamaCheckpoint, AnIndexStaysInItsFolder) {
  json document = json::parse(io::test::read_file(index()));
  document["weight_map"]["lm_head.weight"] = "../secret.safetensors";
  io::test::write_file(index(), document.dump());
  EXPECT_EQ(fault_of(model_.directory()),
            index().string() + ": weight_map: \"../secret.safetensors\" is no name of a file beside it");
}

TEST_F(LlamaCheckpoint, ATensorThatTheIndexPromisesInVainIsNamed) {
  json document = json::parse(io::test::read_file(index()));
  document["weight_map"]["lm_head.weight"] = "model-00001-of-00003.safetensors";
  io::test::write_file(index(), document.dump());
  EXPECT_EQ(fault_of(model_.directory()),
            shard(1).string() +
                ": there is no tensor \"lm_head.weight\", which model.safetensors.index.json "
                "says is here");
}

TEST_F(LlamaCheckpoint, AnIndexThatIsNoneIsRefused) {
  for (const char* text : {"", "[]", "{\"weight_map\": 3}"}) {
    io::test::write_file(index(), text);
    EXPECT_EQ(fault_of(model_.directory()), index().string() + ": is no JSON object with a \"weight_map\"");
  }
  io::test::write_file(index(), "{\"weight_map\": {\"a\": 1}}");
  EXPECT_EQ(fault_of(model_.directory()), index().string() + ": weight_map: \"a\" is in no file's name");
}

TEST_F(LlamaCheckpoint, AShapeThatContradictsTheConfigurationIsNamed) {
  change_config({{"intermediate_size", 160}});
  EXPECT_EQ(fault_of(model_.directory()),
            shard(1).string() +
                ": tensor \"model.layers.0.mlp.gate_proj.weight\": shape [172, 96] is not [160, 96], "
                "which the configuration asks for");
}

TEST_F(LlamaCheckpoint, EveryMissingTensorIsListed) {
  change_config({{"num_hidden_layers", 3}});
  const std::string sentence = fault_of(model_.directory());
  EXPECT_TRUE(sentence.starts_with(
      model_.directory().string() +
      ": 9 tensor(s) that the configuration asks for are missing: model.layers.2.input_layernorm.weight, "))
      << sentence;
  EXPECT_TRUE(sentence.ends_with(" and 1 more")) << sentence;
}

TEST_F(LlamaCheckpoint, WhatIsNoModelIsSaidToBeNone) {
  EXPECT_EQ(fault_of(model_.directory() / "absent"),
            (model_.directory() / "absent").string() + ": there is no such model");
  const io::test::TempDir folder;
  std::filesystem::copy_file(model_.directory() / "config.json", folder / "config.json");
  EXPECT_EQ(fault_of(folder.path()),
            folder.path().string() + ": there is neither model.safetensors nor model.safetensors.index.json");
}

/// A number of a tensor, found by its name, becomes `number`.
void poison(const std::filesystem::path& file, const std::string& tensor, std::uint64_t element,
            float number) {
  std::uint64_t offset = 0;
  {
    const io::TensorFile opened = io::TensorFile::open(file);
    offset = opened.find(tensor)->byte_offset + 4 * element;
  }
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.write(reinterpret_cast<const char*>(&number), sizeof number);
}

TEST_F(LlamaCheckpoint, WeightsThatAreNoNumbersAreFoundWhereverTheyAre) {
  const auto run = [&] {
    const Checkpoint checkpoint = model_.open();
    Session session(checkpoint, {.compute = Compute::Float32});
    session.next(std::vector{3, 5});
  };
  const auto check = [&](int file, const std::string& tensor, std::uint64_t element, float number) {
    poison(shard(file), tensor, element, number);
    EXPECT_EQ(io::test::sentence_of(run), shard(file).string() + ": tensor \"" + tensor + "\": element " +
                                              std::to_string(element) + " is NaN or infinite");
    poison(shard(file), tensor, element, 1);
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  check(1, "model.embed_tokens.weight", 5 * 96 + 95, nan);
  check(1, "model.layers.0.input_layernorm.weight", 3, nan);
  check(3, "lm_head.weight", 80 * 96 - 1, std::numeric_limits<float>::infinity());
  check(3, "model.layers.1.mlp.down_proj.weight", 0, -std::numeric_limits<float>::infinity());
  EXPECT_EQ(io::test::sentence_of(run), "");
}

/// A llama2.c file with a header and that many float32 zeros.
void write_llama2c(const std::filesystem::path& path, const std::vector<std::int32_t>& header,
                   std::size_t zeros) {
  std::string bytes(reinterpret_cast<const char*>(header.data()), header.size() * 4);
  bytes.append(zeros * 4, '\0');
  io::test::write_file(path, bytes);
}

TEST(Llama2c, AHeaderThatIsNoneAndAFileThatEndsTooSoonAreRefused) {
  const io::test::TempDir folder;
  const auto path = folder / "model.bin";
  const std::vector<std::int32_t> header{8, 12, 1, 2, 1, 16, 10};
  const std::size_t numbers = 16 * 8 + 2 * 8 + 8 * 8 + 2 * (8 * 4) + 8 * 8 + 3 * (8 * 12) + 8 + 10 * 4;
  write_llama2c(path, header, numbers);
  EXPECT_EQ(fault_of(path), "");
  write_llama2c(path, header, numbers - 1);
  EXPECT_EQ(fault_of(path), path.string() + ": ends after " + std::to_string(28 + 4 * (numbers - 1)) +
                                " bytes, inside the tensors that its header announces");
  write_llama2c(path, {8, 12, 1, 3, 1, 16, 10}, numbers);
  EXPECT_EQ(fault_of(path), path.string() + ": 3 heads of 1 keys do not share 8 dimensions evenly");
  write_llama2c(path, {8, 12, -1, 2, 1, 16, 10}, numbers);
  EXPECT_EQ(fault_of(path),
            path.string() + ": byte 8: -1 is not from 1 to 2^20, so this is no llama2.c model");
  write_llama2c(path, {8, 12}, 0);
  EXPECT_EQ(fault_of(path),
            path.string() + ": has 8 bytes, less than the header of a llama2.c model, and is no directory");
}

TEST(Llama2c, RowsOfQueriesAndKeysAreTakenFromInterleavedToHalfSplitOrder) {
  const io::test::TempDir folder;
  const auto path = folder / "model.bin";
  const std::vector<std::int32_t> header{8, 12, 1, 2, 1, -16, 10};  // a head of its own
  std::string bytes(reinterpret_cast<const char*>(header.data()), header.size() * 4);
  const std::size_t numbers =
      16 * 8 + 2 * 8 + 8 * 8 + 2 * (8 * 4) + 8 * 8 + 3 * (8 * 12) + 8 + 10 * 4 + 16 * 8;
  for (std::size_t i = 0; i < numbers; ++i)
    bytes += io::test::little_endian(std::bit_cast<std::uint32_t>(static_cast<float>(i)));
  io::test::write_file(path, bytes);
  const Checkpoint checkpoint = Checkpoint::open(path);
  EXPECT_FALSE(checkpoint.config().tied_head);
  std::vector<float> rows(8 * 8);
  expand(checkpoint.weight("model.layers.0.self_attn.q_proj.weight"), rows);
  const float first = 16 * 8 + 8;
  const std::vector<int> order{0, 2, 1, 3, 4, 6, 5, 7};  // heads of 4 rows
  for (std::size_t row = 0; row < 8; ++row)
    EXPECT_EQ(rows[row * 8], first + 8 * static_cast<float>(order[row])) << row;
  std::vector<float> head(16 * 8);
  expand(checkpoint.weight(head_name), head);
  EXPECT_EQ(head.back(), static_cast<float>(numbers - 1));
}

}  // namespace
}  // namespace mxemu::llama
