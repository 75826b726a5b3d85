// The recipes that have a name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/llama/recipe/recipe.hpp"

namespace mxemu::llama {

const std::vector<Recipe>& built_in_recipes();

/// A built-in recipe by its name, or else the recipe in the file of that name. Throws io::FileError, and
/// std::invalid_argument with what may have been meant where there is neither.
Recipe find_recipe(const std::string& name_or_file);

}  // namespace mxemu::llama
