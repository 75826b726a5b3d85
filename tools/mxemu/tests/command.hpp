// Runs the built mxemu as a user would and keeps what it said.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mxemu::cli::tests {

struct Outcome {
  int status = -1;  ///< exit status, or 128 + signal
  std::string out;
  std::string err;
};

/// `mxemu ARGUMENTS` through a shell, in which `prefix` (such as "ulimit -f 8;") comes first.
Outcome mxemu(const std::string& arguments, const std::string& prefix = "");

/// A directory of its own for each test, removed when the test passes.
class CommandTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

std::vector<std::byte> read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The committed sample file.
std::string sample_file();

/// Real data by its path below $MXEMU_DATA or ../shared/data; empty where it is absent.
std::string data_file(const std::string& name);

/// Exit status 2, one sentence on standard error that contains every part, nothing on standard output.
void expect_bad_input(const Outcome& outcome, const std::vector<std::string>& parts);

}  // namespace mxemu::cli::tests
