// The fast library as a subject, in the tier that MXEMU_ISA or the machine chooses.
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/fast_dots.hpp"
#include "conformance/library_subject.hpp"

namespace mxemu::conformance {
namespace {

using Bytes = std::vector<std::uint8_t>;

class FastSubject final : public LibrarySubject {
 public:
  std::string name() const override { return "fast"; }

  std::vector<Capability> capabilities() const override {
    std::vector<Capability> all = every_capability();
    for (const Capability& capability : every_tensor_capability()) all.push_back(capability);
    return all;
  }

  std::vector<DeclaredLayout> layouts() const override { return specified_layouts(); }

  std::vector<DotCapability> dot_capabilities() const override { return reference_dot_capabilities(); }
  DotAnswers answer_dot(const DotCases& cases) override {
    return fast_dot_answers(default_row(cases.pair()), cases);
  }

 protected:
  void encode_elements(const spec::Request& request, const fast::FloatArray& source, MutableCodes codes,
                       int scale_exponent, RandomWords words) override {
    fast::encode_elements(request, source, codes, scale_exponent, words);
  }
  void decode_elements(const spec::Request& request, Codes codes,
                       const fast::MutableFloatArray& output) override {
    fast::decode_elements(request, codes, output);
  }
  void shared_scales(const spec::Request& request, const fast::BlockGrid& grid,
                     const fast::FloatArray& source, MutableCodes scales) override {
    fast::shared_scales(request, grid, source, scales);
  }

  void quantize_tensor(const spec::Request& request, const fast::BlockGrid& grid,
                       const fast::FloatArray& source, MutableCodes codes, MutableCodes scales,
                       const TensorStorage& storage, RandomWords words) override {
    if (is_plain(storage))
      return fast::quantize_tensor(request, grid, source, codes, scales, storage.packing, words);
    Bytes rows(grid.block_count());
    if (is_ggml(storage)) {
      Bytes bytes(grid.element_count());
      fast::quantize_tensor(request, grid, source, bytes, rows, spec::ElementPacking::Bytes, words);
      return fast::pack_ggml_blocks(bytes, rows, codes);
    }
    fast::quantize_tensor(request, grid, source, codes, rows, storage.packing, words);
    arrange(storage, rows, scales);
  }

  void dequantize_tensor(const spec::Request& request, const fast::BlockGrid& grid, Codes codes, Codes scales,
                         const fast::MutableFloatArray& output, const TensorStorage& storage) override {
    if (is_plain(storage))
      return fast::dequantize_tensor(request, grid, codes, scales, output, storage.packing);
    Bytes rows(grid.block_count());
    if (is_ggml(storage)) {
      Bytes bytes(grid.element_count());
      fast::unpack_ggml_blocks(codes, bytes, rows);
      return fast::dequantize_tensor(request, grid, bytes, rows, output);
    }
    restore(storage, scales, rows);
    fast::dequantize_tensor(request, grid, codes, rows, output, storage.packing);
  }

  bool has(Operation, const TensorStorage&) const override { return true; }

  void pack(const TensorStorage& storage, int bits, Codes codes, Codes scales, MutableCodes stored_codes,
            MutableCodes stored_scales) override {
    if (is_ggml(storage)) return fast::pack_ggml_blocks(codes, scales, stored_codes);
    fast::pack_codes(storage.packing, bits, codes, stored_codes);
    arrange(storage, scales, stored_scales);
  }

  void unpack(const TensorStorage& storage, int bits, Codes stored_codes, Codes stored_scales,
              MutableCodes codes, MutableCodes scales) override {
    if (is_ggml(storage)) return fast::unpack_ggml_blocks(stored_codes, codes, scales);
    fast::unpack_codes(storage.packing, bits, stored_codes, codes);
    restore(storage, stored_scales, scales);
  }

 private:
  static bool is_ggml(const TensorStorage& storage) {
    return storage.packing == spec::ElementPacking::GgmlBlock;
  }
  /// What one call writes as it stands.
  static bool is_plain(const TensorStorage& storage) {
    return !is_ggml(storage) && storage.order == spec::ScaleLayout::RowMajor;
  }
  static void arrange(const TensorStorage& storage, Codes rows, MutableCodes stored) {
    fast::arrange_scales(storage.order, storage.matrix.rows, storage.matrix.columns, rows, stored);
  }
  static void restore(const TensorStorage& storage, Codes stored, MutableCodes rows) {
    fast::restore_scales(storage.order, storage.matrix.rows, storage.matrix.columns, stored, rows);
  }
};

}  // namespace

std::unique_ptr<Subject> make_fast_subject() {
  fast::choose_isa();  // a tier that is asked for and absent is an error now, not in the middle of the work
  return std::make_unique<FastSubject>();
}

}  // namespace mxemu::conformance
