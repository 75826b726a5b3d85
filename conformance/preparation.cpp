#include "conformance/preparation.hpp"

namespace mxemu::conformance {
namespace {

std::string layout_text(const std::vector<Layout>& layouts) {
  std::string text;
  for (const Layout& layout : layouts)
    text += std::string(" ") + spec::name_of(layout.packing) + "/" + spec::name_of(layout.scales);
  return text;
}

}  // namespace

const PreparedCheck& Preparation::of(const Task& task, PreparedCheck& room) const {
  if (kept_ == nullptr) return room = prepare(task, options_.seed);
  auto& checks = kept_->store().checks;
  const std::string key = task.key(options_.seed) + " " + options_.profile_name() + " " +
                          spec::name_of(options_.level) + layout_text(task.target.layouts);
  const auto found = checks.find(key);
  return found != checks.end() ? found->second
                               : checks.emplace(key, prepare(task, options_.seed)).first->second;
}

}  // namespace mxemu::conformance
