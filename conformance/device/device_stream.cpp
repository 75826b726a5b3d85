#include "conformance/device/device_stream.hpp"

#include <sys/wait.h>
#include <algorithm>
#include <system_error>
#include <utility>

#include "conformance/device/answer_text.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

using Clock = std::chrono::steady_clock;

/// A device that has closed its output usually ends at once; how it ended says more.
constexpr std::chrono::milliseconds patience_with_end(300);

constexpr int shell_cannot_execute = 126;
constexpr int shell_cannot_find = 127;

std::string seconds_text(std::chrono::milliseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " s";
}

}  // namespace

DeviceStream::DeviceStream(std::string name, const std::string& command) try
    : name_(std::move(name)), child_(command) {
} catch (const std::system_error& error) {
  throw DeviceError("a device could not be started: " + std::string(error.what()));
}

void DeviceStream::allow(std::chrono::milliseconds silence) {
  silence_ = silence;
  deadline_ = Clock::now() + silence;
  looked_late_ = false;
}

void DeviceStream::exchange(const Question& asked) {
  input_.erase(0, std::exchange(taken_, 0));
  // What came in time may be read late, for this process too can be held up; but only once.
  if (Clock::now() >= deadline_ && std::exchange(looked_late_, true)) fail_late(asked);
  switch (child_.exchange(input_, output_, deadline_)) {
    case ChildProcess::Event::Read:
    case ChildProcess::Event::Written: return;
    case ChildProcess::Event::Late: fail_late(asked);
    case ChildProcess::Event::Closed: fail_closed(asked);
  }
}

std::optional<std::string_view> DeviceStream::next_line(std::size_t longest, const Question& asked) {
  while (true) {
    const std::string_view rest = std::string_view(input_).substr(taken_);
    const std::size_t end = rest.find('\n', searched_);
    if (end == std::string_view::npos ? rest.size() > longest : end > longest) {
      ++lines_;
      fail("line " + std::to_string(lines_) + " of its output, " + quoted(rest, 40) +
           ", is longer than the " + std::to_string(longest) + " characters that an answer to " + asked() +
           " can have");
    }
    if (end == std::string_view::npos) {
      searched_ = rest.size();
      return std::nullopt;
    }
    taken_ += end + 1;
    searched_ = 0;
    ++lines_;
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with('#')) return line;
  }
}

std::optional<std::string_view> DeviceStream::next_bytes(std::size_t count) {
  const std::string_view rest = std::string_view(input_).substr(taken_);
  if (rest.size() < count) return std::nullopt;
  taken_ += count;
  return rest.substr(0, count);
}

void DeviceStream::require_silence() {
  const auto nothing_asked = [] { return std::string("nothing"); };
  // Without waiting: what has come by now.
  const auto now = Clock::now();
  input_.erase(0, std::exchange(taken_, 0));
  std::string nothing;
  if (child_.exchange(input_, nothing, now) == ChildProcess::Event::Closed)
    return;  // the next question tells
  while (const auto line = next_line(1 << 16, nothing_asked))
    fail("line " + std::to_string(lines_) + " of its output, " + quoted(*line) +
         ", answers nothing: every case before it has its answer");
}

void DeviceStream::reject_line(std::string_view line, const std::string& answers,
                               const std::string& complaint) {
  fail("line " + std::to_string(lines_) + " of its output, " + quoted(line) + ", answers " + answers +
       ", but " + complaint);
}

void DeviceStream::fail(const std::string& sentence) {
  child_.kill();
  throw DeviceError(name_ + ": " + sentence);
}

void DeviceStream::fail_closed(const Question& asked) {
  const std::optional<int> status = child_.status_within(patience_with_end);
  const std::string part =
      input_.empty() ? "" : ", and what it wrote of that line, " + quoted(input_) + ", has no end";
  if (!status) fail("it closed its output without answering " + asked() + due() + part);
  if (lines_ == 0 && WIFEXITED(*status) && WEXITSTATUS(*status) == shell_cannot_find)
    fail("the command did not start: the shell could not find it (exit status 127)");
  if (lines_ == 0 && WIFEXITED(*status) && WEXITSTATUS(*status) == shell_cannot_execute)
    fail("the command did not start: the shell could not execute it (exit status 126)");
  fail("it " + describe_status(*status) + " without answering " + asked() + due() + part);
}

void DeviceStream::fail_late(const Question& asked) {
  const std::string reading =
      child_.reads() ? "; a device has to flush its output after every answer" : "; it has closed its input";
  const std::string part = input_.empty() ? "" : ", of which it wrote " + quoted(input_, 40);
  fail("no answer to " + asked() + " within " + seconds_text(silence_) + due() + part + reading);
}

std::string DeviceStream::due() const {
  return " (line " + std::to_string(lines_ + 1) + " of its output)";
}

}  // namespace mxemu::conformance
