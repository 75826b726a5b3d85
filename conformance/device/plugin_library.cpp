#include "conformance/device/plugin_library.hpp"

#include <dlfcn.h>

#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

template <class Function>
bool find(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, symbol));
  return function != nullptr;
}

/// A file, not a name that the loader would search for. Never closed: threads that a kernel library has left
/// behind may still run in it.
void* load(const std::string& name, const std::string& file) {
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw DeviceError(name + ": the plugin cannot be loaded: " + dlerror());
  return library;
}

}  // namespace

PluginLibrary::PluginLibrary(const std::string& subject, const std::string& file) {
  void* library = load(subject, file);
  const auto require = [&](bool found, const char* symbol) {
    if (!found) throw DeviceError(subject + ": the plugin does not export " + symbol + "()");
  };
  require(find(library, "mx_subject_version", version), "mx_subject_version");
  if (const std::uint32_t number = version(); number != MX_SUBJECT_VERSION)
    throw DeviceError(subject + ": the plugin was built for version " + std::to_string(number) +
                      " of mx_subject.h; this is version " + std::to_string(MX_SUBJECT_VERSION));
  require(find(library, "mx_subject_name", name), "mx_subject_name");
  require(find(library, "mx_subject_capabilities", capabilities), "mx_subject_capabilities");
  require(find(library, "mx_subject_answer", answer), "mx_subject_answer");
  find(library, "mx_subject_last_error", last_error);
  find(library, "mx_subject_layouts", layouts);
  find(library, "mx_subject_dot", dot);

  const bool allocates = find(library, "mx_subject_allocate", allocate);
  const bool releases = find(library, "mx_subject_release", release);
  const bool copies_in = find(library, "mx_subject_copy_to_device", copy_to_device);
  const bool copies_out = find(library, "mx_subject_copy_to_host", copy_to_host);
  const bool device_memory = allocates || releases || copies_in || copies_out;
  if (!device_memory) return;
  require(allocates, "mx_subject_allocate");
  require(releases, "mx_subject_release");
  require(copies_in, "mx_subject_copy_to_device");
  require(copies_out, "mx_subject_copy_to_host");
}

}  // namespace mxemu::conformance
