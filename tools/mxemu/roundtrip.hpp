// The results of a round trip, and the two ways of showing them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tools/io/tensor_file.hpp"
#include "tools/mxemu/statistics.hpp"

namespace mxemu::cli {

struct TensorResult {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::vector<Statistics> by_format;
};

struct FileResult {
  std::string path;
  std::vector<TensorResult> tensors;
};

struct RoundtripResult {
  std::vector<spec::Request> requests;  ///< one per format, alike but for the format
  std::string profile;
  std::string subject;
  int axis = -1;
  std::vector<FileResult> files;

  /// Sums over the tensors of one file, or of all files.
  Statistics total(const FileResult& file, std::size_t format) const;
  Statistics total(std::size_t format) const;
  /// "rule floor, rounding nearest_even, profile ocp, axis -1, block size 32, subject reference", and every
  /// freedom that differs from the profile's.
  std::string conversion() const;
};

void print_text(const RoundtripResult& result, std::ostream& out);
nlohmann::json to_json(const RoundtripResult& result);
/// One self-contained HTML page.
std::string to_html(const RoundtripResult& result);

/// The scale codes of a result as "0x75..0x7d", "-" where no scale is a number.
std::string scale_range(const Statistics& statistics);

}  // namespace mxemu::cli
