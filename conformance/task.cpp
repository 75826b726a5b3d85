#include "conformance/task.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/alternatives.hpp"
#include "conformance/case_view.hpp"
#include "conformance/device/canonical_request.hpp"
#include "conformance/dot/dot_suite.hpp"
#include "conformance/nearest_word.hpp"

namespace mxemu::conformance {
namespace {

bool is_chosen(const std::string& wanted, const std::string& id) {
  return wanted.empty() || id == wanted || id.starts_with(wanted + "/");
}

template <class T>
bool contains(const std::vector<T>& wanted, const T& item) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), item) != wanted.end();
}

bool is_declared(const Capability& wanted, const std::vector<Capability>& capabilities) {
  return std::find(capabilities.begin(), capabilities.end(), wanted) != capabilities.end();
}

/// Packing takes no numbers: what is declared for several types is asked once.
bool is_first_type(Capability wanted, const std::vector<Capability>& capabilities,
                   const std::vector<spec::FloatType>& types) {
  const spec::FloatType own = wanted.type;
  for (const spec::FloatFormat& type : spec::float_formats) {
    wanted.type = type.type;
    if (contains(types, type.type) && is_declared(wanted, capabilities)) return type.type == own;
  }
  return false;
}

/// FNV-1a: every check of every target has random numbers of its own, the same on every platform.
std::uint64_t hash(const std::string& text) {
  std::uint64_t state = 0xcbf29ce484222325;
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return state;
}

}  // namespace

PreparedChecks::PreparedChecks() : store_(std::make_unique<Store>()) {}
PreparedChecks::~PreparedChecks() = default;
PreparedChecks::PreparedChecks(PreparedChecks&&) noexcept = default;
PreparedChecks& PreparedChecks::operator=(PreparedChecks&&) noexcept = default;

std::string no_such_check(const std::string& name) {
  std::vector<std::string> names;
  std::vector<CheckDescription> all = check_descriptions();
  for (CheckDescription& check : dot_check_descriptions()) all.push_back(std::move(check));
  for (const CheckDescription& check : all) {
    const std::string group = check.id.substr(0, check.id.find('/'));
    if (std::find(names.begin(), names.end(), group) == names.end()) names.push_back(group);
    names.push_back(check.id);
  }
  return "no check is called \"" + name + "\"" + what_there_is(name, names);
}

std::vector<Task> make_tasks(const Subject& subject, const SuiteOptions& options) {
  const std::vector<Capability> capabilities = subject.capabilities();
  const std::vector<const Check*> checks = every_check();
  bool is_known = is_chosen(options.check, exhaustive_id);
  if (options.check == exhaustive_id && options.level != Level::Exhaustive)
    throw std::invalid_argument("the check " + options.check + " is of the level " +
                                spec::name_of(Level::Exhaustive) + " alone");
  std::vector<Task> tasks;
  for (const spec::BlockFormat& format : spec::block_formats)
    for (const spec::FloatFormat& type : spec::float_formats) {
      if (!contains(options.formats, format.type) || !contains(options.types, type.type)) continue;
      const auto add = [&](const Check* check, Operation operation) {
        const Capability wanted = {operation, format.type, type.type};
        if (!contains(options.operations, operation) || !is_declared(wanted, capabilities)) return;
        if (only_moves(operation) && !is_first_type(wanted, capabilities, options.types)) return;
        Target target = {options.request_of(format.type), operation, type.type, options.level};
        if (is_tensor(operation)) target.layouts = layouts_of(subject, format.type);
        if (check != nullptr ? check->applies(target) : is_swept(target)) tasks.push_back({check, target});
      };
      for (const Check* check : checks) {
        if (!is_chosen(options.check, check->id)) continue;
        is_known = true;
        for (const Operation operation : check->operations) add(check, operation);
      }
      if (is_chosen(options.check, exhaustive_id))
        for (const Operation operation : exhaustive_description().operations) add(nullptr, operation);
    }
  if (!is_known) throw std::invalid_argument(no_such_check(options.check));
  return tasks;
}

PreparedCheck prepare(const Task& task, std::uint64_t seed) {
  Random random(hash(task.key(seed)));
  PreparedCheck prepared;
  prepared.batches = task.check->generate(task.target, random);
  std::erase_if(prepared.batches, [](const Cases& cases) { return cases.count() == 0; });
  for (Cases& cases : prepared.batches) {
    if (uses_rounding(cases.operation) && cases.request.rounding.mode == spec::RoundingMode::Stochastic)
      for (std::size_t i = 0; i < cases.numbers.size(); ++i)
        cases.random_words.push_back(static_cast<std::uint32_t>(random.word()));
    prepared.expected.push_back(answers_under(cases, {}));
    prepared.coverage.merge(examine(cases, prepared.expected.back()));
  }
  return prepared;
}

PreparedCheck only(const PreparedCheck& prepared, std::uint64_t number) {
  for (std::size_t b = 0; b < prepared.batches.size(); ++b) {
    const Cases& cases = prepared.batches[b];
    if (number < cases.count()) {
      const auto first = static_cast<std::size_t>(number);
      return {{part_of(cases, first, 1)}, {part_of(prepared.expected[b], cases, first, 1)}, {}};
    }
    number -= cases.count();
  }
  return {};
}

}  // namespace mxemu::conformance
