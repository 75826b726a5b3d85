// The fixed-size list of hidden output files that a signal handler may have to remove.
#pragma once

#include <string_view>

namespace mxemu::io {

/// Remembers an absolute path; returns its slot, or -1 when the path is too long or every slot is taken.
int remember_unfinished(std::string_view path) noexcept;
/// Frees a slot; -1 is allowed.
void forget_unfinished(int slot) noexcept;

}  // namespace mxemu::io
