#include "cuda/device.hpp"

#include <map>
#include <mutex>
#include <string>

#include "cuda/kernel.hpp"
#include "cuda/memory.hpp"

namespace mxemu::cuda {

inline namespace MXEMU_CUDA_BACKEND {

#if !defined(MXEMU_CUDA_ON_HOST)
void require_success(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  const std::string reason = cudaGetErrorString(status);
  // Whichever call comes first finds out.
  if (status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver)
    throw Error("no GPU that CUDA can use (" + reason + ")");
  throw Error(std::string(what) + ": " + reason);
}
#endif

LaunchShape shape_for(std::size_t items, unsigned threads) {
  const DeviceProperties& device = device_properties();
  const std::size_t wanted = items / threads + (items % threads != 0);
  // Some blocks more than fit at once, so that an early one is replaced.
  const std::size_t resident = device.threads_per_multiprocessor / threads;
  const std::size_t most = std::size_t{device.multiprocessors} * (resident < 1 ? 1 : resident) * 4;
  return {wanted < most ? wanted : most, threads};
}

#if defined(MXEMU_CUDA_ON_HOST)

/// Small, so that kernels must stride over a tensor of moderate size.
const DeviceProperties& device_properties() {
  static constexpr DeviceProperties properties = {2, 1024};
  return properties;
}

std::string device_name() {
  return "this machine, one thread at a time";
}

#else

const DeviceProperties& device_properties() {
  static std::mutex mutex;
  static std::map<int, DeviceProperties> known;
  int device = 0;
  require_success(cudaGetDevice(&device), "looking for a GPU");
  const std::lock_guard lock(mutex);
  const auto found = known.find(device);
  if (found != known.end()) return found->second;
  int multiprocessors = 0;
  int threads = 0;
  require_success(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device),
                  "asking the GPU for its multiprocessors");
  require_success(cudaDeviceGetAttribute(&threads, cudaDevAttrMaxThreadsPerMultiProcessor, device),
                  "asking the GPU for its threads");
  return known[device] = {static_cast<unsigned>(multiprocessors), static_cast<unsigned>(threads)};
}

std::string device_name() {
  int device = 0;
  int driver = 0;
  cudaDeviceProp properties = {};
  require_success(cudaGetDevice(&device), "looking for a GPU");
  require_success(cudaFree(nullptr), "looking for a GPU");  // the first call that needs the GPU itself
  require_success(cudaGetDeviceProperties(&properties, device), "asking the GPU for its name");
  require_success(cudaDriverGetVersion(&driver), "asking for the driver's version");
  return std::string(properties.name) + ", sm_" + std::to_string(properties.major) +
         std::to_string(properties.minor) + ", CUDA " + std::to_string(driver / 1000) + "." +
         std::to_string(driver % 1000 / 10);
}

#endif

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
