#include "tools/mxemu/input.hpp"

#include <algorithm>
#include <charconv>

#include "tools/io/error.hpp"
#include "tools/mxemu/options.hpp"
#include "tools/mxemu/pattern.hpp"

namespace mxemu::cli {
void InputOptions::add_flags(CLI::App& command) {
  command
      .add_option(
          "--tensors", tensors,
          "convert only tensors whose name contains a match of this regular expression; others are copied")
      ->group("Input");
  command.add_option("--dtype", dtype, "element type of a raw (.bin, .raw) input: f32, bf16, f16, f64")
      ->group("Input");
  command.add_option("--shape", shape, "shape of a raw input, such as 128,64; one extent may be -1")
      ->group("Input");
}

io::TensorFile InputOptions::open(const std::filesystem::path& path) const {
  if (dtype.empty() && shape.empty()) return io::TensorFile::open(path);
  if (dtype.empty()) throw BadInput("--shape needs --dtype: both describe a raw file");
  const auto container = io::container_of_extension(path);
  if (container && *container != io::Container::Raw)
    throw BadInput(path.string() + ": says its own types and shapes; --dtype and --shape describe raw files");
  return io::TensorFile::open(
      path, io::RawLayout{io::dtype_of(parse_float_type(dtype)), parse_shape(shape.empty() ? "-1" : shape)});
}

std::vector<bool> InputOptions::selection(const io::TensorFile& file) const {
  const Pattern pattern(tensors);
  std::vector<bool> selected;
  for (const io::TensorInfo& info : file.tensors())
    selected.push_back(io::is_float(info.dtype) && (tensors.empty() || pattern.matches(info.name)));
  if (std::find(selected.begin(), selected.end(), true) == selected.end())
    throw BadInput(file.path().string() + ": " +
                   (tensors.empty() ? "holds no F64, F32, F16 or BF16 tensor"
                                    : "no floating-point tensor matches " + io::in_quotes(tensors)));
  return selected;
}

std::vector<std::int64_t> parse_shape(const std::string& text) {
  std::vector<std::int64_t> shape;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::int64_t extent = 0;
    const auto [stop, error] = std::from_chars(at, end, extent);
    const bool more = stop != end && *stop == ',' && stop + 1 != end;
    if (error != std::errc{} || extent < -1 || (stop != end && !more))
      throw BadInput("--shape: \"" + text + "\" is not a list of extents such as 128,64");
    shape.push_back(extent);
    at = more ? stop + 1 : stop;
  }
  return shape;
}

io::Container output_container(const std::filesystem::path& path) {
  if (const auto container = io::container_of_extension(path)) return *container;
  throw BadInput(path.string() +
                 ": the extension names no tensor file; use .safetensors, .npy, .gguf or .raw");
}

}  // namespace mxemu::cli
