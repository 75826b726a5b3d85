// The instruction sets the library has code for, and which of them runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/words.hpp"

namespace mxemu::fast {

/// Each has what those before it have. Amx is a tier of its own for matrix products only.
enum class Isa : std::uint8_t { Portable, Avx2, Avx512, Amx };

/// True when this machine and this build have the tier.
bool supports(Isa isa) noexcept;

/// The widest tier that this machine and this build have.
Isa widest_isa() noexcept;

/// `wanted`, else what the environment variable MXEMU_ISA names, else the widest. Throws
/// std::invalid_argument when that tier is absent here or MXEMU_ISA names none.
Isa choose_isa(std::optional<Isa> wanted = std::nullopt);

}  // namespace mxemu::fast

template <>
inline constexpr mxemu::spec::Word<mxemu::fast::Isa> mxemu::spec::words<mxemu::fast::Isa>[] = {
    {mxemu::fast::Isa::Portable, "portable", "C++ without instructions beyond the build's baseline"},
    {mxemu::fast::Isa::Avx2, "avx2", "AVX2, FMA and F16C"},
    {mxemu::fast::Isa::Avx512, "avx512", "AVX-512 F, BW, VL, DQ, CD, VBMI, VNNI"},
    {mxemu::fast::Isa::Amx, "amx", "AVX-512 as above, and AMX tiles of bfloat16 for matrix products"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::fast::Isa>());
