#include "conformance/process_subject.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/batch_talk.hpp"
#include "conformance/device/binary_batch.hpp"
#include "conformance/device/declaration.hpp"
#include "conformance/device/device_stream.hpp"
#include "conformance/device/device_subject.hpp"
#include "conformance/device/request_text.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t longest_declaration_line = 4096;
constexpr std::size_t most_case_elements = 65536;
constexpr std::size_t output_ahead = 1 << 16;  ///< bytes written ahead of the pipe

class ProcessSubject final : public DeviceSubject {
 public:
  ProcessSubject(const std::string& command, const Patience& patience)
      : name_("process:" + command), patience_(patience), stream_(shortened(name_), command) {
    declare();
  }

  std::string name() const override { return name_; }
  std::string description() const override {
    return declaration_.device.empty() ? name_ : declaration_.device;
  }
  std::vector<Capability> capabilities() const override { return declaration_.capabilities; }
  std::vector<DeclaredLayout> layouts() const override { return declaration_.layouts; }

  std::vector<DotCapability> dot_capabilities() const override { return declaration_.dots; }

  Answers answer(const Cases& cases) override {
    Answers answers = make_answers(cases);
    CaseTalk talk(cases, answers);
    ask(talk);
    return answers;
  }

  std::string question(const Cases& cases, std::size_t index) const override {
    return CaseWriter(cases).line(index);
  }

  std::string question_dot(const DotCases& cases, std::size_t index) const override {
    DotAnswers none;
    return DotTalk(cases, none).line(index);
  }

  DotAnswers answer_dot(const DotCases& cases) override {
    DotAnswers answers;
    DotTalk talk(cases, answers);
    ask(talk);
    return answers;
  }

 private:
  static std::string shortened(const std::string& name) {
    return name.size() <= 100 ? name : name.substr(0, 97) + "...";
  }

  void declare() {
    const std::string greeting = "mxemu " + std::to_string(protocol_version);
    const auto asked = [&] { return quoted(greeting) + " with a declaration"; };
    stream_.output() += greeting + "\n";
    stream_.allow(patience_.start);
    while (!declaration_.ready) {
      while (const auto line = stream_.next_line(longest_declaration_line, asked)) {
        const std::string complaint = declaration_.take(*line);
        if (!complaint.empty()) stream_.reject_line(*line, quoted(greeting), complaint);
        if (declaration_.ready) return;
      }
      stream_.exchange(asked);
    }
  }

  void ask(BatchTalk& talk) {
    if (!failure_.empty()) throw DeviceError(failure_);
    if (talk.elements() > most_case_elements)
      throw std::invalid_argument("a case of " + std::to_string(talk.elements()) +
                                  " elements is more than the " + std::to_string(most_case_elements) +
                                  " that a line may have");
    try {
      stream_.require_silence();
      if (declaration_.binary)
        ask_in_batches(talk);
      else
        ask_in_lines(talk, 0, talk.count());
      stream_.require_silence();
    } catch (const std::exception& error) {
      failure_ = error.what();  // answers may still be under way, so there is no going on
      throw;
    }
  }

  /// Cases first <= i < last, one line each, at most the window of them under way.
  void ask_in_lines(BatchTalk& talk, std::size_t first, std::size_t last) {
    std::size_t asked = first;
    std::size_t answered = first;
    const auto question = [&] { return quoted(talk.line(answered), 120); };
    stream_.allow(patience_.answer);
    while (answered < last) {
      while (asked < last && asked - answered < declaration_.window && stream_.output().size() < output_ahead)
        talk.append(asked++, stream_.output());
      stream_.exchange(question);
      const std::size_t before = answered;
      while (answered < last) {
        const auto line = stream_.next_line(talk.longest_line(), question);
        if (!line) break;
        const std::string complaint = talk.parse(*line, answered);
        if (!complaint.empty()) stream_.reject_line(*line, question(), complaint);
        ++answered;
      }
      if (answered != before) stream_.allow(patience_.answer);
    }
  }

  /// Batches of bytes; one that is not supported is asked again line by line, since perhaps only some of its
  /// cases are not.
  void ask_in_batches(BatchTalk& talk) {
    const std::size_t batch =
        std::min(declaration_.window, std::max<std::size_t>(1, most_batch_elements / talk.elements()));
    for (std::size_t first = 0; first < talk.count(); first += batch) {
      const std::size_t last = std::min(talk.count(), first + batch);
      if (!ask_batch(talk, first, last)) ask_in_lines(talk, first, last);
    }
  }

  /// False when it is unsupported.
  bool ask_batch(BatchTalk& talk, std::size_t first, std::size_t last) {
    const std::string bytes = talk.bytes(first, last);
    const std::string header = talk.header(first, last, bytes.size());
    const auto question = [&] { return quoted(header, 120); };
    stream_.output() += header + "\n" + bytes;
    stream_.allow(patience_.answer);
    const std::string_view line =
        await([&] { return stream_.next_line(longest_declaration_line, question); }, question);
    if (line.starts_with("unsupported")) return false;
    const std::size_t size = talk.answer_bytes(first, last);
    const std::string wanted = "binary " + std::to_string(size);
    if (line != wanted)
      stream_.reject_line(line, question(), "it is neither " + quoted(wanted) + " nor \"unsupported\"");
    const std::string_view answer = await([&] { return stream_.next_bytes(size); }, question);
    const std::string complaint = talk.take(first, last, answer);
    if (!complaint.empty()) stream_.fail("its answer to " + question() + " is wrong: " + complaint);
    return true;
  }

  template <class Next>
  std::string_view await(const Next& next, const DeviceStream::Question& question) {
    while (true) {
      if (const auto got = next()) return *got;
      stream_.exchange(question);
    }
  }

  std::string name_;
  Patience patience_;
  DeviceStream stream_;
  Declaration declaration_;
  std::string failure_;  ///< what a device that failed once says from then on
};

}  // namespace

Patience Patience::from_environment() {
  Patience patience;
  const char* text = std::getenv("MXEMU_DEVICE_TIMEOUT");
  if (!text) return patience;
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(seconds > 0 && seconds <= 1e6))
    throw std::invalid_argument("MXEMU_DEVICE_TIMEOUT is \"" + std::string(text) +
                                "\"; it is a number of seconds above 0, such as 60");
  patience.start = patience.answer = std::chrono::milliseconds(std::max(1L, std::lround(seconds * 1000)));
  return patience;
}

std::unique_ptr<Subject> make_process_subject(const std::string& command, const Patience& patience) {
  return std::make_unique<ProcessSubject>(command, patience);
}

void kill_devices() noexcept {
  kill_child_processes();
}

}  // namespace mxemu::conformance
