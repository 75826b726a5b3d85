#include "conformance/device/plugin_library.hpp"

#include <dlfcn.h>

#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

template <class Function>
void find(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, symbol));
}

void require(bool present, const std::string& subject, const char* function) {
  if (!present) throw DeviceError(subject + ": there is no " + function + "()");
}

/// All that is required, of the right version; of device memory all or nothing.
void require_functions(const std::string& subject, const mx_subject_functions& functions) {
  require(functions.version, subject, "mx_subject_version");
  if (const std::uint32_t number = functions.version(); number != MX_SUBJECT_VERSION)
    throw DeviceError(subject + ": the plugin was built for version " + std::to_string(number) +
                      " of mx_subject.h; this is version " + std::to_string(MX_SUBJECT_VERSION));
  require(functions.name, subject, "mx_subject_name");
  require(functions.capabilities, subject, "mx_subject_capabilities");
  require(functions.answer, subject, "mx_subject_answer");
  if (!functions.allocate && !functions.release && !functions.copy_to_device && !functions.copy_to_host)
    return;
  require(functions.allocate, subject, "mx_subject_allocate");
  require(functions.release, subject, "mx_subject_release");
  require(functions.copy_to_device, subject, "mx_subject_copy_to_device");
  require(functions.copy_to_host, subject, "mx_subject_copy_to_host");
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

PluginLibrary::PluginLibrary(const std::string& subject, const std::string& file) : mx_subject_functions{} {
  void* library = load(subject, file);
  find(library, "mx_subject_version", version);
  find(library, "mx_subject_name", name);
  find(library, "mx_subject_capabilities", capabilities);
  find(library, "mx_subject_answer", answer);
  find(library, "mx_subject_last_error", last_error);
  find(library, "mx_subject_allocate", allocate);
  find(library, "mx_subject_release", release);
  find(library, "mx_subject_copy_to_device", copy_to_device);
  find(library, "mx_subject_copy_to_host", copy_to_host);
  find(library, "mx_subject_layouts", layouts);
  find(library, "mx_subject_dot", dot);
  require_functions(subject, *this);
}

PluginLibrary::PluginLibrary(const std::string& subject, const mx_subject_functions& functions)
    : mx_subject_functions(functions) {
  require_functions(subject, *this);
}

}  // namespace mxemu::conformance
