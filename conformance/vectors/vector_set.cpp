#include "conformance/vectors/vector_set.hpp"

#include <nlohmann/json.hpp>

#include "conformance/sha256.hpp"
#include "conformance/vectors/layouts.hpp"

namespace mxemu::conformance::vectors {

SetRecipe committed_recipe() {
  SetRecipe recipe = {
      .requests = {}, .profile = spec::default_profile.name, .random_cases = random_cases_of(Level::Small)};
  for (const spec::BlockFormat& format : spec::block_formats)
    recipe.requests.push_back(spec::make_request(format.type));
  for (const spec::Accumulator& row : spec::accumulators)
    recipe.dots.push_back(dot_recipe(row, recipe.level, recipe.seed));
  return recipe;
}

std::string generator_name() {
  return "mxemu " MXEMU_VERSION;
}

std::string sha256_of(std::string_view text) {
  Sha256 sha;
  sha.add(text);
  const auto digits = sha.hex();
  return {digits.begin(), digits.end()};
}

void write_vector_set(const SetRecipe& recipe, const std::function<void(const TextFile&)>& take) {
  const std::string generator = generator_name();
  nlohmann::ordered_json manifest = {{"schema", schema_version},
                                     {"vector_set", vector_set_version},
                                     {"generator", generator},
                                     {"profile", recipe.profile},
                                     {"level", spec::name_of(recipe.level)},
                                     {"seed", recipe.seed},
                                     {"files", nlohmann::ordered_json::array()}};
  const auto add = [&](const TextFile& file) {
    manifest["files"].push_back({{"name", file.name},
                                 {"cases", file.cases},
                                 {"bytes", file.text.size()},
                                 {"sha256", sha256_of(file.text)}});
    take(file);
  };
  for (const spec::Request& request : recipe.requests) {
    for (const Operation operation : block_operations)
      add(write_vectors({.operation = operation,
                         .request = request,
                         .type = recipe.type,
                         .level = recipe.level,
                         .seed = recipe.seed,
                         .random_cases = recipe.random_cases},
                        generator, recipe.profile));
    add(write_packings(request.format, recipe.level, recipe.seed, generator));
  }
  if (!recipe.requests.empty()) add(write_scale_layouts(recipe.level, recipe.seed, generator));
  for (const DotRecipe& dots : recipe.dots) add(write_dot_vectors(dots, generator));
  take({manifest_name, manifest.dump(1) + "\n"});
}

std::map<std::string, std::string> read_manifest(const std::string& name, std::string_view text) {
  const auto manifest = nlohmann::json::parse(text, nullptr, false);
  const auto fault = [&](const std::string& what) { throw FileFault(name + ": " + what); };
  if (!manifest.is_object() || !manifest.contains("files") || !manifest["files"].is_array())
    fault("it is not a manifest: a JSON object with an array \"files\"");
  std::map<std::string, std::string> digests;
  for (const auto& file : manifest["files"]) {
    const bool is_entry = file.is_object() && file.contains("name") && file["name"].is_string() &&
                          file.contains("sha256") && file["sha256"].is_string();
    if (!is_entry)
      fault("entry " + std::to_string(digests.size()) + " of \"files\" has no name or no sha256");
    digests[file["name"].get<std::string>()] = file["sha256"].get<std::string>();
  }
  return digests;
}

}  // namespace mxemu::conformance::vectors
