#include "tools/mxemu/tests/command.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace mxemu::cli::tests {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Outcome mxemu(const std::string& arguments, const std::string& prefix) {
  const auto scratch = std::filesystem::temp_directory_path() / ("mxemu-command-" + std::to_string(getpid()));
  const std::string out = scratch.string() + ".out";
  const std::string err = scratch.string() + ".err";
  const std::string line = prefix + " exec " MXEMU_BINARY " " + arguments;
  const std::string command = "{ " + line + "; } >" + out + " 2>" + err + " </dev/null";
  const int status = std::system(("bash -c '" + command + "'").c_str());
  Outcome outcome{.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                  .out = text_of(out),
                  .err = text_of(err)};
  std::filesystem::remove(out);
  std::filesystem::remove(err);
  return outcome;
}

void CommandTest::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mxemu-test-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
}

void CommandTest::TearDown() {
  if (!HasFailure()) std::filesystem::remove_all(directory_);
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  const std::string text = text_of(path);
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string sample_file() {
  return MXEMU_SOURCE_DIR "/tools/sample/sample.safetensors";
}

std::string data_file(const std::string& name) {
  const char* root = std::getenv("MXEMU_DATA");
  const std::filesystem::path file =
      (root ? std::filesystem::path(root) : MXEMU_SOURCE_DIR "/../shared/data") / name;
  return std::filesystem::exists(file) ? file.string() : "";
}

void expect_bad_input(const Outcome& outcome, const std::vector<std::string>& parts) {
  EXPECT_EQ(outcome.status, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  for (const std::string& part : parts)
    EXPECT_NE(outcome.err.find(part), std::string::npos) << "no \"" << part << "\" in: " << outcome.err;
}

}  // namespace mxemu::cli::tests
