// mxemu llama recipes: the recipes that have a name.
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "tools/llama/recipe/built_in.hpp"
#include "tools/llama/recipe/recipe_json.hpp"
#include "tools/mxemu/llama/llama.hpp"

namespace mxemu::cli {
namespace {

struct RecipesOptions {
  std::string show;
  bool json_output = false;
};

void list(bool json_output) {
  if (json_output) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const llama::Recipe& recipe : llama::built_in_recipes())
      all.push_back(nlohmann::ordered_json::parse(llama::recipe_json(recipe)));
    std::cout << all.dump(2) << "\n";
    return;
  }
  std::size_t width = 0;
  for (const llama::Recipe& recipe : llama::built_in_recipes()) width = std::max(width, recipe.name.size());
  for (const llama::Recipe& recipe : llama::built_in_recipes())
    std::cout << recipe.name << std::string(width + 2 - recipe.name.size(), ' ') << recipe.summary << "\n";
}

void run(const RecipesOptions& options) {
  if (options.show.empty()) return list(options.json_output);
  std::cout << llama::recipe_json(llama::find_recipe(options.show)) << "\n";
}

}  // namespace

void add_recipes_command(CLI::App& group) {
  auto options = std::make_shared<RecipesOptions>();
  CLI::App* command =
      group.add_subcommand("recipes", "The recipes that have a name, or one as a file for --recipe");
  command->footer("Example:\n  mxemu llama recipes --show w4a8 > my.json");
  command->add_option("--show", options->show, "this recipe, built in or in a file, as JSON");
  command->add_flag("--json", options->json_output, "all as a JSON array");
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
