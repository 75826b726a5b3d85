#include "tools/io/npy_dict.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

#include "tools/io/error.hpp"

namespace mxemu::io {
namespace {

class DictParser {
 public:
  DictParser(const std::filesystem::path& path, std::string_view text, std::uint64_t offset)
      : path_(path), text_(text), offset_(offset) {}

  NpyDict parse() {
    NpyDict dict;
    expect('{');
    while (!accept('}')) {
      read_entry(dict);
      if (accept(',')) continue;
      expect('}');
      break;
    }
    skip_spaces();
    if (at_ != text_.size()) fail("unexpected text after the header's dict");
    require(dict.descr.has_value(), "descr");
    require(dict.fortran_order.has_value(), "fortran_order");
    require(dict.shape.has_value(), "shape");
    return dict;
  }

 private:
  [[noreturn]] void fail(const std::string& fault) const {
    throw FileError(path_, byte_prefix(offset_ + at_) + fault);
  }

  void require(bool present, const char* key) const {
    if (!present) throw FileError(path_, "header: the key " + in_quotes(key) + " is missing");
  }

  void skip_spaces() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }

  bool accept(char letter) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != letter) return false;
    ++at_;
    return true;
  }

  void expect(char letter) {
    if (!accept(letter)) fail("the header has no '" + std::string(1, letter) + "' here");
  }

  bool accept_word(std::string_view word) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string read_string(const char* what) {
    skip_spaces();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"')
      fail("the header has no quoted string here, where " + std::string(what) + " belongs");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("a string of the header does not end");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    // NumPy writes none, and what follows one would be read as something else.
    if (inside.find('\\') != std::string_view::npos) fail("a string of the header holds a backslash");
    at_ = end + 1;
    return std::string(inside);
  }

  void read_entry(NpyDict& dict) {
    const std::string key = read_string("a key");
    expect(':');
    if (key == "descr") {
      refuse_repeat(dict.descr.has_value(), key);
      if (accept('[')) fail("descr is a list, and structured arrays are not supported");
      dict.descr = read_string("descr");
    } else if (key == "fortran_order") {
      refuse_repeat(dict.fortran_order.has_value(), key);
      dict.fortran_order = read_bool();
    } else if (key == "shape") {
      refuse_repeat(dict.shape.has_value(), key);
      dict.shape = read_shape();
    } else {
      fail("the key " + in_quotes(key) + " is none of descr, fortran_order and shape");
    }
  }

  void refuse_repeat(bool present, const std::string& key) const {
    if (present) fail("the key " + in_quotes(key) + " is there twice");
  }

  bool read_bool() {
    if (accept_word("True")) return true;
    if (accept_word("False")) return false;
    fail("fortran_order is neither True nor False");
  }

  std::vector<std::int64_t> read_shape() {
    std::vector<std::int64_t> shape;
    expect('(');
    while (!accept(')')) {
      shape.push_back(read_dimension());
      if (accept(',')) continue;
      expect(')');
      // Python reads "(3)" as a number; NumPy writes "(3,)".
      if (shape.size() == 1) fail("the shape of one dimension has no comma");
      break;
    }
    return shape;
  }

  std::int64_t read_dimension() {
    skip_spaces();
    std::int64_t value = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) fail("a dimension of the shape is 2^63 or more");
    if (error != std::errc() || value < 0) fail("a dimension of the shape is not a non-negative integer");
    at_ += static_cast<std::size_t>(end - begin);
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2 wrote long integers so
    return value;
  }

  const std::filesystem::path& path_;
  std::string_view text_;
  std::uint64_t offset_;
  std::size_t at_ = 0;
};

}  // namespace

NpyDict parse_npy_dict(const std::filesystem::path& path, std::string_view text, std::uint64_t offset) {
  return DictParser(path, text, offset).parse();
}

}  // namespace mxemu::io
