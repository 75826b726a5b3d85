#include <array>
#include <cstring>
#include <vector>

#include "tools/io/error.hpp"
#include "tools/io/mapped_file.hpp"
#include "tools/llama/model/stores.hpp"

namespace mxemu::llama {
namespace {

class Llama2cStore final : public TensorStore {
 public:
  Llama2cStore(std::filesystem::path path, io::MappedFile file)
      : path_(std::move(path)), file_(std::move(file)) {}

  const Weight* find(std::string_view name) const override {
    const auto found = weights_.find(name);
    return found == weights_.end() ? nullptr : &found->second;
  }
  std::filesystem::path file_of(std::string_view) const override { return path_; }
  void release(std::string_view) const override {}  // tensors share pages: they are small

  const std::filesystem::path& path() const { return path_; }
  std::span<const std::byte> bytes() const { return file_.bytes(); }

  void add(const std::string& name, std::size_t rows, std::size_t columns,
           std::span<const std::byte> numbers) {
    weights_.emplace(name, Weight{.name = name, .rows = rows, .columns = columns, .bytes = numbers});
  }
  /// The rows of each head, of which 2 i + j goes to i + j * head_dim / 2.
  std::span<const std::byte> half_split(std::span<const std::byte> rows, std::size_t count,
                                        std::size_t head_dim);

 private:
  std::filesystem::path path_;
  io::MappedFile file_;
  std::map<std::string, Weight, std::less<>> weights_;
  std::vector<std::vector<std::byte>> reordered_;
};

std::span<const std::byte> Llama2cStore::half_split(std::span<const std::byte> rows, std::size_t count,
                                                    std::size_t head_dim) {
  std::vector<std::byte>& to = reordered_.emplace_back(rows.size());
  const std::size_t row_bytes = rows.size() / count;
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t head = row / head_dim, within = row % head_dim;
    const std::size_t target = head * head_dim + within / 2 + within % 2 * (head_dim / 2);
    std::memcpy(to.data() + target * row_bytes, rows.data() + row * row_bytes, row_bytes);
  }
  return to;
}

constexpr std::size_t header_numbers = 7;
constexpr std::size_t header_bytes = header_numbers * sizeof(std::int32_t);

Config read_header(const std::filesystem::path& path, std::span<const std::byte> file) {
  if (file.size() < header_bytes)
    throw io::FileError(path, "has " + std::to_string(file.size()) +
                                  " bytes, less than the header of a llama2.c model, and is no directory");
  std::array<std::int32_t, header_numbers> header{};
  std::memcpy(header.data(), file.data(), header_bytes);
  const bool tied = header[5] > 0;
  if (!tied) header[5] = header[5] == INT32_MIN ? 0 : -header[5];
  constexpr std::int32_t largest = 1 << 20;  // products of two of them stay far below 2^64
  for (std::size_t i = 0; i < header_numbers; ++i)
    if (header[i] < 1 || header[i] > largest)
      throw io::FileError(path, io::byte_prefix(4 * i) + std::to_string(header[i]) +
                                    " is not from 1 to 2^20, so this is no llama2.c model");
  const auto [dim, hidden, layers, heads, kv_heads, vocabulary, positions] = header;
  if (dim % heads != 0 || heads % kv_heads != 0 || dim / heads % 2 != 0)
    throw io::FileError(path, std::to_string(heads) + " heads of " + std::to_string(kv_heads) +
                                  " keys do not share " + std::to_string(dim) + " dimensions evenly");
  return {.hidden_size = static_cast<std::size_t>(dim),
          .intermediate_size = static_cast<std::size_t>(hidden),
          .layers = static_cast<std::size_t>(layers),
          .heads = static_cast<std::size_t>(heads),
          .kv_heads = static_cast<std::size_t>(kv_heads),
          .head_dim = static_cast<std::size_t>(dim / heads),
          .vocab_size = static_cast<std::size_t>(vocabulary),
          .max_positions = static_cast<std::size_t>(positions),
          .rope = {},
          .tied_head = tied,
          .begin_tokens = {1},
          .end_tokens = {2}};
}

/// Hands out the file's float32 tensors in their order.
class TensorCursor {
 public:
  explicit TensorCursor(const Llama2cStore& store) : store_(store) {}

  std::span<const std::byte> take(std::size_t numbers) {
    const std::size_t size = numbers * sizeof(float);
    if (store_.bytes().size() - offset_ < size)
      throw io::FileError(store_.path(), "ends after " + std::to_string(store_.bytes().size()) +
                                             " bytes, inside the tensors that its header announces");
    offset_ += size;
    return store_.bytes().subspan(offset_ - size, size);
  }

 private:
  const Llama2cStore& store_;
  std::size_t offset_ = header_bytes;
};

/// Every layer's tensor of one kind: they follow each other.
void add_layers(Llama2cStore& store, TensorCursor& cursor, const Config& config, const char* rest,
                std::size_t rows, std::size_t columns, bool rotated = false) {
  for (std::size_t layer = 0; layer < config.layers; ++layer) {
    std::span<const std::byte> numbers = cursor.take(rows * columns);
    if (rotated) numbers = store.half_split(numbers, rows, config.head_dim);
    store.add(layer_tensor_name(layer, rest), rows, columns, numbers);
  }
}

void add_tensors(Llama2cStore& store, const Config& config) {
  TensorCursor cursor(store);
  const std::size_t hidden = config.hidden_size, inner = config.intermediate_size;
  store.add(embedding_name, config.vocab_size, hidden, cursor.take(config.vocab_size * hidden));
  add_layers(store, cursor, config, "input_layernorm.weight", 1, hidden);
  add_layers(store, cursor, config, "self_attn.q_proj.weight", config.query_width(), hidden, true);
  add_layers(store, cursor, config, "self_attn.k_proj.weight", config.kv_width(), hidden, true);
  add_layers(store, cursor, config, "self_attn.v_proj.weight", config.kv_width(), hidden);
  add_layers(store, cursor, config, "self_attn.o_proj.weight", hidden, config.query_width());
  add_layers(store, cursor, config, "post_attention_layernorm.weight", 1, hidden);
  add_layers(store, cursor, config, "mlp.gate_proj.weight", inner, hidden);
  add_layers(store, cursor, config, "mlp.down_proj.weight", hidden, inner);
  add_layers(store, cursor, config, "mlp.up_proj.weight", inner, hidden);
  store.add(final_norm_name, 1, hidden, cursor.take(hidden));
  cursor.take(config.max_positions * config.head_dim);  // cos and sin of RoPE, which are computed here
  if (!config.tied_head)
    store.add(head_name, config.vocab_size, hidden, cursor.take(config.vocab_size * hidden));
}

}  // namespace

Checkpoint open_llama2c_model(const std::filesystem::path& file) {
  auto store = std::make_unique<Llama2cStore>(file, io::MappedFile(file));
  Config config = read_header(file, store->bytes());
  add_tensors(*store, config);
  return {file, std::move(config), std::move(store)};
}

}  // namespace mxemu::llama
