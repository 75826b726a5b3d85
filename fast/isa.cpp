#include "fast/isa.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#if defined(MXEMU_X86_TIERS)
#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

namespace mxemu::fast {
namespace {

#if defined(MXEMU_X86_TIERS)

/// XCR0: which registers the operating system saves.
std::uint64_t saved_registers() noexcept {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return std::uint64_t{high} << 32 | low;
}

/// The compiler's feature test reads CPUID and XCR0; XCR0 is asked again because older libgcc does not.
bool has_avx2() noexcept {
  constexpr std::uint64_t xmm_ymm = 0x6;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         (saved_registers() & xmm_ymm) == xmm_ymm;
}

bool has_avx512() noexcept {
  constexpr std::uint64_t xmm_ymm_opmask_zmm = 0xe6;
  return has_avx2() && (saved_registers() & xmm_ymm_opmask_zmm) == xmm_ymm_opmask_zmm &&
         __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vbmi") &&
         __builtin_cpu_supports("avx512vnni");
}

/// Linux hands out the tile registers on request, to a whole process.
bool may_use_tiles() noexcept {
#if defined(__linux__) && defined(SYS_arch_prctl)
  constexpr long request_permission = 0x1023;
  constexpr long tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
  return false;
#endif
}

bool has_amx() noexcept {
  constexpr std::uint64_t tile_state = 0x60000;
  constexpr unsigned bf16_and_tile = 1u << 22 | 1u << 24;
  unsigned a = 0, b = 0, c = 0, d = 0;
  return has_avx512() && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
         (d & bf16_and_tile) == bf16_and_tile && (saved_registers() & tile_state) == tile_state &&
         may_use_tiles();
}

#else

bool has_avx2() noexcept {
  return false;
}
bool has_avx512() noexcept {
  return false;
}
bool has_amx() noexcept {
  return false;
}

#endif

Isa require(Isa isa, const char* who) {
  if (!supports(isa))
    throw std::invalid_argument(std::string(who) + " asks for the tier " + spec::name_of(isa) +
                                ", which this machine or this build does not have; the widest here is " +
                                spec::name_of(widest_isa()));
  return isa;
}

}  // namespace

bool supports(Isa isa) noexcept {
  static const bool avx2 = has_avx2();
  static const bool avx512 = has_avx512();
  static const bool amx = has_amx();
  switch (isa) {
    case Isa::Portable: return true;
    case Isa::Avx2: return avx2;
    case Isa::Avx512: return avx512;
    case Isa::Amx: return amx;
  }
  return false;
}

Isa widest_isa() noexcept {
  return supports(Isa::Amx)      ? Isa::Amx
         : supports(Isa::Avx512) ? Isa::Avx512
         : supports(Isa::Avx2)   ? Isa::Avx2
                                 : Isa::Portable;
}

Isa choose_isa(std::optional<Isa> wanted) {
  if (wanted) return require(*wanted, "the caller");
  const char* name = std::getenv("MXEMU_ISA");
  if (name == nullptr || *name == '\0') return widest_isa();
  if (const auto isa = spec::parse_word<Isa>(name)) return require(*isa, "MXEMU_ISA");
  throw std::invalid_argument("MXEMU_ISA=" + std::string(name) + " is none of portable, avx2, avx512, amx");
}

}  // namespace mxemu::fast
