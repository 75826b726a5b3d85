#include "conformance/vectors/layouts.hpp"

#include <random>

#include "conformance/vectors/json_lines.hpp"
#include "reference/packing.hpp"

namespace mxemu::conformance::vectors {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Json = nlohmann::ordered_json;

std::string spell_bytes(const Bytes& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += (text.empty() ? "" : " ") + spell_bits(byte, 2);
  return text;
}

Bytes read_bytes(const JsonLine& line, const char* key) {
  const auto words = line.numbers(key, 2);
  return {words.begin(), words.end()};
}

/// 0, 1, 2, … first, so that every place tells its index; random bytes after them.
Bytes test_bytes(std::size_t count, int limit, bool counting, std::mt19937_64& random) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i)
    bytes[i] = static_cast<std::uint8_t>((counting ? i : random() >> 32) % static_cast<std::size_t>(limit));
  return bytes;
}

class LayoutLines {
 public:
  LayoutLines(std::string name, Level level, std::uint64_t seed, const std::string& generator)
      : name_(std::move(name)),
        header_({{"schema", schema_version},
                 {"vector_set", vector_set_version},
                 {"generator", generator},
                 {"kind", "layouts"},
                 {"format", name_},
                 {"level", spec::name_of(level)},
                 {"seed", seed}}) {}

  void add(const std::string& layout, Json data, const Bytes& bytes) {
    Json line = {{"id", "layout/" + name_ + "/" + std::to_string(count_++)}, {"layout", layout}};
    line.update(data);
    line["expect"] = {{"bytes", spell_bytes(bytes)}};
    text_ += line.dump() + "\n";
  }

  TextFile finish() {
    header_["count"] = count_;
    return {"layouts_" + name_ + ".jsonl", header_.dump() + "\n" + text_, count_};
  }

 private:
  std::string name_;
  Json header_;
  std::size_t count_ = 0;
  std::string text_;
};

/// The bytes that the reference makes of a case.
Bytes pack_case(const JsonLine& line, const JsonLine& header) {
  const std::string layout = line.text("layout");
  if (const auto arrangement = spec::parse_word<spec::ScaleLayout>(layout)) {
    const auto rows = static_cast<std::size_t>(line.integer("rows", 1, 1 << 20));
    const auto columns = static_cast<std::size_t>(line.integer("columns", 1, 1 << 20));
    return reference::arrange_scales(*arrangement, rows, columns, read_bytes(line, "scales"));
  }
  const auto packing = line.word<spec::ElementPacking>("layout");
  if (packing == spec::ElementPacking::GgmlBlock)
    return reference::pack_ggml_blocks(read_bytes(line, "codes"), read_bytes(line, "scales"));
  const auto format = spec::parse_block_format(header.text("format"));
  if (!format) header.fail("\"format\" is no MX format, so \"" + layout + "\" has no width");
  return reference::pack_codes(packing, spec::format_of(*format).element_format().bits,
                               read_bytes(line, "codes"));
}

void verify_case(const JsonLine& line, const JsonLine& header) {
  Bytes packed;
  try {
    packed = pack_case(line, header);
  } catch (const std::invalid_argument& error) {
    line.fail(error.what());
  }
  const Bytes stated = read_bytes(line.object("expect"), "bytes");
  if (stated.size() != packed.size())
    line.fail("\"bytes\" has " + std::to_string(stated.size()) + " bytes where the layout has " +
              std::to_string(packed.size()));
  for (std::size_t i = 0; i < packed.size(); ++i)
    if (packed[i] != stated[i])
      line.fail("byte " + std::to_string(i) + " is " + spell_bits(stated[i], 2) + " where the layout has " +
                spell_bits(packed[i], 2));
}

}  // namespace

TextFile write_packings(spec::BlockType format, Level level, std::uint64_t seed,
                        const std::string& generator) {
  const spec::BlockFormat& block = spec::format_of(format);
  const spec::ElementFormat& element = block.element_format();
  std::mt19937_64 random(seed);
  LayoutLines lines(block.name, level, seed, generator);
  const std::size_t most = level == Level::Full ? 100 : 9;
  for (const auto packing : {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream})
    for (std::size_t count = 1; count <= most + 1; ++count)
      for (const bool counting : {true, false}) {
        // The last count is a whole number of blocks.
        const std::size_t size = count > most ? 2 * static_cast<std::size_t>(block.k) : count;
        const Bytes codes = test_bytes(size, element.code_count(), counting, random);
        lines.add(spec::name_of(packing), {{"codes", spell_bytes(codes)}},
                  reference::pack_codes(packing, element.bits, codes));
      }
  if (format != spec::BlockType::MXFP4_E2M1) return lines.finish();
  for (std::size_t blocks = 1; blocks <= (level == Level::Full ? 16U : 3U); ++blocks) {
    const Bytes codes =
        test_bytes(blocks * spec::ggml_block_elements, element.code_count(), blocks == 1, random);
    const Bytes scales = test_bytes(blocks, 256, false, random);
    lines.add(spec::name_of(spec::ElementPacking::GgmlBlock),
              {{"codes", spell_bytes(codes)}, {"scales", spell_bytes(scales)}},
              reference::pack_ggml_blocks(codes, scales));
  }
  return lines.finish();
}

TextFile write_scale_layouts(Level level, std::uint64_t seed, const std::string& generator) {
  struct Shape {
    std::size_t rows, columns;
  };
  std::vector<Shape> shapes = {{1, 1}, {3, 5}, {33, 4}, {129, 3}};
  if (level == Level::Full) shapes.insert(shapes.end(), {{128, 4}, {128, 8}, {256, 9}, {300, 17}, {5, 130}});
  std::mt19937_64 random(seed);
  LayoutLines lines("scales", level, seed, generator);
  for (const auto& word : spec::words<spec::ScaleLayout>)
    for (const Shape& shape : shapes) {
      const Bytes scales = test_bytes(shape.rows * shape.columns, 255, true, random);
      lines.add(word.name,
                {{"rows", shape.rows}, {"columns", shape.columns}, {"scales", spell_bytes(scales)}},
                reference::arrange_scales(word.value, shape.rows, shape.columns, scales));
    }
  return lines.finish();
}

std::size_t verify_layouts(const std::string& name, std::string_view text) {
  const std::vector<JsonLine> lines = json_lines(name, text);
  lines.front().integer("schema", schema_version, schema_version);
  for (std::size_t i = 1; i < lines.size(); ++i) verify_case(lines[i], lines.front());
  const auto count = static_cast<long long>(lines.size()) - 1;
  if (lines.front().integer("count", 0, 1LL << 40) != count)
    lines.front().fail("\"count\" is not the " + std::to_string(count) + " cases that follow");
  return lines.size() - 1;
}

}  // namespace mxemu::conformance::vectors
