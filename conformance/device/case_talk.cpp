#include "conformance/device/batch_talk.hpp"
#include "conformance/device/binary_batch.hpp"

namespace mxemu::conformance {

CaseTalk::CaseTalk(const Cases& cases, Answers& answers)
    : cases_(cases), answers_(answers), writer_(cases), parser_(cases) {}

std::size_t CaseTalk::count() const {
  return cases_.count();
}
std::size_t CaseTalk::elements() const {
  return cases_.elements;
}
void CaseTalk::append(std::size_t index, std::string& out) const {
  writer_.append(index, out);
}
std::string CaseTalk::line(std::size_t index) const {
  return writer_.line(index);
}
std::string CaseTalk::parse(std::string_view line, std::size_t index) {
  return parser_.parse(line, index, answers_);
}
std::size_t CaseTalk::longest_line() const {
  return parser_.longest_line();
}
std::string CaseTalk::header(std::size_t first, std::size_t last, std::size_t bytes) const {
  return batch_header(cases_, last - first, bytes);
}
std::string CaseTalk::bytes(std::size_t first, std::size_t last) const {
  return batch_bytes(cases_, first, last);
}
std::size_t CaseTalk::answer_bytes(std::size_t first, std::size_t last) const {
  return batch_answer_bytes(cases_, last - first);
}
std::string CaseTalk::take(std::size_t first, std::size_t last, std::string_view bytes) {
  return take_batch_answer(cases_, first, last, bytes, answers_);
}

}  // namespace mxemu::conformance
