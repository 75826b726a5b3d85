// Recipes as JSON.
#pragma once

#include <filesystem>
#include <string>

#include "tools/llama/recipe/recipe.hpp"

namespace mxemu::llama {

/// Reads a recipe: an object with any of "name", "summary", the names of slots, and "layers". Throws
/// io::FileError, which names the key at fault, and for an unknown one what may have been meant.
Recipe parse_recipe(const std::filesystem::path& file, const std::string& text);
Recipe read_recipe(const std::filesystem::path& file);

/// What parse_recipe reads back as the same recipe. Slots that stay as they are, and what a profile says
/// anyway, are left out.
std::string recipe_json(const Recipe& recipe);

}  // namespace mxemu::llama
