// Binary framing: a line that says what comes, then arrays of bytes (conformance/PROTOCOL.md, "Binary
// batches").
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "conformance/cases.hpp"

namespace mxemu::conformance {

inline constexpr std::size_t most_batch_elements = 65536;

/// "binary BYTES COUNT ELEMENTS" and the request.
std::string batch_header(const Cases& cases, std::size_t count, std::size_t bytes);

/// The arrays of cases first <= i < last: scales; numbers or codes; random words.
std::string batch_bytes(const Cases& cases, std::size_t first, std::size_t last);

/// Bytes that answer `count` cases.
std::size_t batch_answer_bytes(const Cases& cases, std::size_t count);

/// Takes scales, then codes or numbers, of cases first <= i < last. Returns what is wrong, or "".
std::string take_batch_answer(const Cases& cases, std::size_t first, std::size_t last, std::string_view bytes,
                              Answers& answers);

}  // namespace mxemu::conformance
