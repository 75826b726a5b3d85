// Makes checkpoints and runs forward passes for numpy_test.py, which compares them with its own.
//   llama_probe synthesize CONFIG DIRECTORY SEED SHARDS TYPE
//   llama_probe forward MODEL COMPUTE TOKENS OUTPUT     TOKENS: "1,2,3;4,5" are two sequences, one batch
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "tools/io/tensor_writer.hpp"
#include "tools/llama/forward/transformer.hpp"
#include "tools/llama/model/synthesize.hpp"

namespace mxemu::llama {
namespace {

/// Keeps every tensor.
class Recorder final : public Observer {
 public:
  void saw(const std::string& name, Matrix values) override {
    declarations_.push_back(
        {name,
         io::DType::F32,
         {static_cast<std::int64_t>(values.rows), static_cast<std::int64_t>(values.columns)}});
    for (std::size_t row = 0; row < values.rows; ++row)
      numbers_.insert(numbers_.end(), values.row(row).begin(), values.row(row).end());
  }
  void write(const std::string& path) const {
    const auto writer = io::create_writer(path, io::Container::Safetensors, declarations_);
    writer->write(std::as_bytes(std::span(numbers_)));
    writer->commit();
  }

 private:
  std::vector<io::TensorDeclaration> declarations_;
  std::vector<float> numbers_;
};

std::vector<std::vector<int>> parse_tokens(const std::string& text) {
  std::vector<std::vector<int>> sequences;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line, ';');) {
    std::istringstream numbers(line);
    auto& tokens = sequences.emplace_back();
    for (std::string number; std::getline(numbers, number, ',');) tokens.push_back(std::stoi(number));
  }
  return sequences;
}

Compute parse_compute(const std::string& name) {
  for (const Compute compute : {Compute::Float32, Compute::BFloat16})
    if (name == name_of(compute)) return compute;
  throw std::invalid_argument(name + " is neither f32 nor bf16");
}

void forward(const std::string& model, const std::string& compute_name, const std::string& tokens,
             const std::string& output) {
  const Checkpoint checkpoint = Checkpoint::open(model);
  const Compute compute = parse_compute(compute_name);
  PlainOperands operands(compute);
  LibraryMultiplier multiplier;
  Products products(checkpoint, compute, operands, multiplier);
  Transformer transformer(checkpoint, products);
  Recorder recorder;
  transformer.set_observer(&recorder);
  const auto sequences = parse_tokens(tokens);
  std::vector<KvCache> caches(sequences.size(), KvCache(checkpoint.config(), compute));
  std::vector<NextTokens> batch;
  for (std::size_t i = 0; i < sequences.size(); ++i) batch.push_back({&caches[i], sequences[i]});
  const Matrix states = transformer.forward(batch);
  MatrixBuffer logits;
  transformer.logits(states, logits.resize(states.rows, checkpoint.config().vocab_size));
  recorder.write(output);
}

void make(const std::string& config, const std::string& directory, const char* seed, const char* shards,
          const std::string& type) {
  for (const auto& word : spec::words<spec::FloatType>)
    if (type == word.name)
      return synthesize(read_config(config), directory,
                        {.seed = std::strtoull(seed, nullptr, 10),
                         .shards = std::strtoull(shards, nullptr, 10),
                         .type = word.value});
  throw std::invalid_argument(type + " is no type");
}

}  // namespace
}  // namespace mxemu::llama

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 6 && words[0] == "synthesize")
      mxemu::llama::make(words[1], words[2], argv[4], argv[5], words[5]);
    else if (words.size() == 5 && words[0] == "forward")
      mxemu::llama::forward(words[1], words[2], words[3], words[4]);
    else
      throw std::invalid_argument("llama_probe: arguments");
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
