// The digests on record, in a table of Markdown: | format | extent | conversions | digest | date |.
#pragma once

#include <optional>
#include <string>

namespace mxemu::sweep {

/// The digest of a format and an extent ("whole" or "quick"), when the file has such a row. Throws
/// std::runtime_error when the file cannot be read.
std::optional<std::string> recorded_digest(const std::string& file, const std::string& format,
                                           const std::string& extent);

}  // namespace mxemu::sweep
