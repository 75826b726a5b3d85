// mxemu: the command line over the reference and the fast libraries.
#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>

#include "conformance/process_subject.hpp"
#include "tools/io/error.hpp"
#include "tools/io/output_file.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/llama/llama.hpp"

namespace {

constexpr int bad_input_status = 2;

/// Ctrl-C and kill take unfinished output files and devices with them and then do what they always do.
extern "C" void on_signal(int signal) {
  mxemu::io::remove_unfinished_outputs();
  mxemu::conformance::kill_devices();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

int complain(const std::string& sentence) {
  std::cerr << "mxemu: " + sentence + "\n";
  return bad_input_status;
}

}  // namespace

int main(int argc, char** argv) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is then a write error like any other
  std::signal(SIGPIPE, SIG_DFL);

  CLI::App app{
      "OCP Microscaling (MX) formats, exactly: convert tensor files, measure what MX does to them, explain a "
      "value"};
  app.name("mxemu");
  app.set_version_flag("--version", "mxemu " MXEMU_VERSION);
  app.require_subcommand(1);
  app.footer(
      "`mxemu COMMAND --help` shows a command's flags and an example.\n"
      "Exit status: 0 done, or judged and passed; 1 judged and failed; 2 bad input or a broken device, and "
      "the\n"
      "message says what and where; 3 nothing could be judged.");
  int status = 0;
  try {
    mxemu::cli::add_roundtrip_command(app);
    mxemu::cli::add_quantize_command(app);
    mxemu::cli::add_dequantize_command(app);
    mxemu::cli::add_inspect_command(app);
    mxemu::cli::add_explain_command(app);
    mxemu::cli::add_identify_command(app, status);
    mxemu::cli::add_vectors_command(app, status);
    mxemu::cli::add_formats_command(app);
    mxemu::cli::add_check_command(app, status);
    mxemu::cli::add_judge_command(app, status);
    mxemu::cli::add_matmul_command(app, status);
    mxemu::cli::add_museum_command(app, status);
    mxemu::cli::add_llama_commands(app);
    app.parse(argc, argv);
    std::cout.flush();
    if (!std::cout) return complain("writing to standard output failed");
    return status;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    std::string sentence = error.what();
    std::replace(sentence.begin(), sentence.end(), '\n', ' ');
    return complain(sentence + "; `mxemu --help` shows what there is");
  } catch (const std::bad_alloc&) {
    return complain("out of memory");
  } catch (const std::exception& error) {
    return complain(error.what());
  }
}
