// What lets one text run on hosts and devices.
#pragma once

#ifdef __FAST_MATH__
#error "mxemu promises bits: build it without -ffast-math"
#endif

// Host functions are always inlined, so that a translation unit built for AVX-512 leaves no copy of a shared
// function behind that the linker could pick for an older machine.
#if defined(__CUDACC__)
#define MXEMU_HOST_DEVICE __host__ __device__ __forceinline__
#define MXEMU_HOST __host__ __forceinline__
#elif defined(__GNUC__)
#define MXEMU_HOST_DEVICE __attribute__((always_inline)) inline
#define MXEMU_HOST MXEMU_HOST_DEVICE
#else
#define MXEMU_HOST_DEVICE inline
#define MXEMU_HOST inline
#endif
