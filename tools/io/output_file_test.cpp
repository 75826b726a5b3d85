#include "tools/io/output_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "tools/io/mapped_file.hpp"
#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

using test::bytes_of;
using test::sentence_of;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & mode_t{07777};
}

// Creates an output that is not meant to succeed.
std::string refusal(const std::filesystem::path& path) {
  return sentence_of([&] { const OutputFile file(path); });
}

TEST(OutputFiles, AppearAtCommitAndNotBefore) {
  const test::TempDir dir;
  const auto path = dir / "out.npy";
  OutputFile file(path);
  const std::string large(200'000, 'x');
  file.append(bytes_of("head "));
  file.append(bytes_of(large));
  file.append(bytes_of(" tail"));
  EXPECT_EQ(file.size(), 200'010U);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(dir.count(), 1) << "the hidden file";
  file.commit();
  EXPECT_EQ(test::read_file(path), "head " + large + " tail");
  EXPECT_EQ(dir.count(), 1);
  EXPECT_THROW(file.append(bytes_of("more")), std::logic_error);
  EXPECT_THROW(file.commit(), std::logic_error);
}

TEST(OutputFiles, LeaveNothingWithoutACommit) {
  const test::TempDir dir;
  {
    OutputFile file(dir / "out.npy");
    file.append(bytes_of("data"));
  }
  EXPECT_EQ(dir.count(), 0);
}

TEST(OutputFiles, KeepTheOldFileUntilTheNewOneIsWhole) {
  const test::TempDir dir;
  const auto path = dir / "out.npy";
  test::write_file(path, "old");
  OutputFile file(path);
  file.append(bytes_of("new"));
  EXPECT_EQ(test::read_file(path), "old");
  file.commit();
  EXPECT_EQ(test::read_file(path), "new");
}

TEST(OutputFiles, TakeTheUmaskOrThePermissionsTheyReplace) {
  const test::TempDir dir;
  const mode_t before = ::umask(027);
  OutputFile fresh(dir / "fresh");
  fresh.commit();
  EXPECT_EQ(mode_of(dir / "fresh"), mode_t{0640});
  ASSERT_EQ(::chmod((dir / "fresh").c_str(), 0606), 0);
  OutputFile again(dir / "fresh");
  again.commit();
  EXPECT_EQ(mode_of(dir / "fresh"), mode_t{0606});
  ::umask(before);
}

TEST(OutputFiles, ReplaceASymbolicLinkAndNotItsTarget) {
  const test::TempDir dir;
  test::write_file(dir / "target", "target");
  std::filesystem::create_symlink("target", dir / "link");
  OutputFile file(dir / "link");
  file.append(bytes_of("new"));
  file.commit();
  EXPECT_EQ(test::read_file(dir / "target"), "target");
  EXPECT_EQ(test::read_file(dir / "link"), "new");
}

TEST(OutputFiles, AcceptNamesAsLongAsTheFileSystemDoes) {
  const test::TempDir dir;
  const auto path = dir / std::string(255, 'n');
  OutputFile file(path);
  file.commit();
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(OutputFiles, RefuseADirectoryAndASpecialFile) {
  const test::TempDir dir;
  EXPECT_EQ(refusal(dir.path()), dir.path().string() + ": is a directory; the output must be a file");
  EXPECT_EQ(refusal("/dev/null"), "/dev/null: is not a regular file, and only one can be replaced whole");
  EXPECT_EQ(refusal(dir.path() / ""), dir.path().string() + "/: names no file to write");
  EXPECT_EQ(refusal(""), ": names no file to write");
}

TEST(OutputFiles, RefuseAMissingDirectory) {
  const test::TempDir dir;
  const auto path = dir / "missing/out.npy";
  EXPECT_EQ(refusal(path), path.string() + ": cannot be created in directory \"" +
                               (dir / "missing").string() + "\": No such file or directory");
}

TEST(OutputFiles, RefuseAnUnwritableDirectory) {
  const test::TempDir dir;
  ASSERT_EQ(::chmod(dir.path().c_str(), 0555), 0);
  {
    const test::Unprivileged user;
    if (!user.holds()) GTEST_SKIP() << "root can write everywhere";
    EXPECT_NE(refusal(dir / "out.npy").find("Permission denied"), std::string::npos);
  }
  ::chmod(dir.path().c_str(), 0755);
}

TEST(OutputFiles, RefuseToReplaceAnInputThatIsOpen) {
  const test::TempDir dir;
  const auto path = dir / "in.bin";
  test::write_file(path, "input");
  std::filesystem::create_hard_link(path, dir / "same");
  {
    MappedFile input(path);
    const MappedFile moved = std::move(input);
    const std::string reason = ": is an input of this run, and inputs are never modified";
    EXPECT_EQ(refusal(path), path.string() + reason);
    EXPECT_EQ(refusal(dir / "same"), (dir / "same").string() + reason);
  }
  EXPECT_EQ(refusal(path), "") << "the input is closed";
  EXPECT_EQ(test::read_file(path), "input");
}

// Runs `action` under a file-size limit, which a full disk resembles in all but its number.
template <class Action>
std::string sentence_under_limit(rlim_t bytes, Action action) {
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const std::string sentence = sentence_of(action);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, previous);
  return sentence;
}

TEST(OutputFiles, AFullDiskIsOneSentenceAndLeavesNothing) {
  const test::TempDir dir;
  const auto path = dir / "out.npy";
  test::write_file(path, "old");
  const std::string sentence = sentence_under_limit(100'000, [&] {
    OutputFile file(path);
    file.append(bytes_of(std::string(300'000, 'x')));
    file.commit();
  });
  EXPECT_EQ(sentence, path.string() + ": cannot be written at byte 100000: File too large");
  EXPECT_EQ(test::read_file(path), "old");
  EXPECT_EQ(dir.count(), 1);
}

TEST(OutputFiles, ADiskThatFillsDuringCommitLeavesNothing) {
  const test::TempDir dir;
  const auto path = dir / "out.npy";
  const std::string sentence = sentence_under_limit(10, [&] {
    OutputFile file(path);
    file.append(bytes_of("more than ten bytes"));
    file.commit();
  });
  EXPECT_EQ(sentence, path.string() + ": cannot be written at byte 10: File too large");
  EXPECT_EQ(dir.count(), 0);
}

TEST(OutputFiles, AreRemovedByASignalHandler) {
  const test::TempDir dir;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGTERM, [](int) {
      remove_unfinished_outputs();
      ::_exit(7);
    });
    OutputFile committed(dir / "committed");
    committed.commit();
    OutputFile first(dir / "first"), second(dir / "second");
    first.append(bytes_of("data"));
    ::raise(SIGTERM);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(dir.count(), 1);
  EXPECT_TRUE(std::filesystem::exists(dir / "committed"));
}

TEST(OutputFiles, OneOutputMoreThanTheRegistryHoldsIsRefused) {
  const test::TempDir dir;
  std::vector<std::unique_ptr<OutputFile>> files;
  std::string sentence;
  for (int i = 0; i < 100 && sentence.empty(); ++i)
    sentence = sentence_of([&] { files.push_back(std::make_unique<OutputFile>(dir / std::to_string(i))); });
  EXPECT_NE(sentence.find("too many outputs are open"), std::string::npos);
  files.clear();
  EXPECT_EQ(dir.count(), 0);
  EXPECT_EQ(refusal(dir / "again"), "") << "closed outputs free their places";
}

}  // namespace
}  // namespace mxemu::io
