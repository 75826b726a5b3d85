// mxemu museum: the bugs of the field, re-created, and whether the suite sees them.
#include "conformance/museum/museum.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "conformance/museum/dot_mutants.hpp"
#include "conformance/museum/systematic.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/progress.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

namespace museum = conformance::museum;
using nlohmann::json;
using Align = TextTable::Align;

struct MuseumOptions {
  bool list = false;
  bool systematic = false;
  bool json_output = false;
};

/// Draws the progress of a tour or of a mutation.
class Steps {
 public:
  museum::OnStep on_step() {
    return [this](std::size_t done, std::size_t total, const std::string& what) {
      if (!progress_) progress_.emplace(total, Progress::Rate::None);
      progress_->label(what);
      progress_->advance(done - done_);
      done_ = done;
      return true;
    };
  }

 private:
  std::optional<Progress> progress_;
  std::size_t done_ = 0;
};

json mutant_json(const museum::Mutant& mutant) {
  return {{"id", mutant.id}, {"title", mutant.title}, {"source", mutant.source}, {"group", mutant.group}};
}

json dot_mutant_json(const museum::DotMutant& mutant) {
  return {{"id", mutant.id},
          {"title", mutant.title},
          {"source", mutant.source},
          {"group", "dot"},
          {"accumulator", mutant.accumulator}};
}

json death_json(const museum::Death& death) {
  return {{"format", spec::format_of(death.format).name},
          {"killed", death.killed},
          {"check", death.check},
          {"witness", death.witness}};
}

void print_list(bool as_json) {
  if (as_json) {
    json list = json::array();
    for (const museum::Mutant* mutant : museum::every_mutant()) list.push_back(mutant_json(*mutant));
    for (const museum::DotMutant* mutant : museum::every_dot_mutant())
      list.push_back(dot_mutant_json(*mutant));
    std::cout << list.dump(2) << "\n";
    return;
  }
  TextTable table(
      {{"bug", Align::Left}, {"what", Align::Left}, {"seen in", Align::Left}, {"checks", Align::Left}});
  for (const museum::Mutant* mutant : museum::every_mutant())
    table.row({mutant->id, mutant->title, mutant->source, mutant->group});
  for (const museum::DotMutant* mutant : museum::every_dot_mutant())
    table.row({mutant->id, mutant->title, mutant->source, "dot"});
  table.print(std::cout);
}

void print(const museum::Tour& tour) {
  TextTable table({{"bug", Align::Left},
                   {"seen in", Align::Left},
                   {"formats"},
                   {"killed by", Align::Left},
                   {"first failing case", Align::Left}});
  for (const museum::Exhibit& exhibit : tour.exhibits) {
    // The first death, or the first format that the bug survives in.
    const museum::Death* shown = &exhibit.deaths.front();
    for (const museum::Death& death : exhibit.deaths)
      if (!death.killed && shown->killed) shown = &death;
    const std::string format = spec::format_of(shown->format).name;
    table.row({exhibit.mutant->id, exhibit.mutant->source, std::to_string(exhibit.deaths.size()),
               shown->killed ? shown->check : "SURVIVED in " + format,
               shown->killed ? format + ": " + shown->witness : exhibit.mutant->title});
  }
  table.print(std::cout);
  const std::size_t total = tour.exhibits.size();
  std::cout << "\ncorrect converter: " << (tour.correct.exit_status() == 0 ? "passes" : "DOES NOT PASS")
            << "\n"
            << (tour.passed() ? "PASSED: " : "FAILED: ") << tour.killed() << " of " << total
            << " bugs killed at level quick, " << fixed(tour.seconds, 1) << " s\n";
}

/// Bugs of dot units; whether all are killed and no correct unit is.
bool passed(const std::vector<museum::DotDeath>& deaths) {
  return std::all_of(deaths.begin(), deaths.end(),
                     [](const museum::DotDeath& death) { return death.killed && death.correct_passes; });
}

void print(const std::vector<museum::DotDeath>& deaths) {
  TextTable table({{"bug of a dot unit", Align::Left},
                   {"claims", Align::Left},
                   {"killed by", Align::Left},
                   {"first failing case", Align::Left}});
  std::size_t killed = 0;
  for (const museum::DotDeath& death : deaths) {
    killed += death.killed ? 1 : 0;
    table.row({death.mutant->id, death.mutant->accumulator, death.killed ? death.check : "SURVIVED",
               death.killed ? death.witness : death.mutant->title});
  }
  std::cout << "\n";
  table.print(std::cout);
  std::cout << "\n"
            << (passed(deaths) ? "PASSED: " : "FAILED: ") << killed << " of " << deaths.size()
            << " bugs of dot units killed at level quick\n";
}

json to_json(const std::vector<museum::DotDeath>& deaths) {
  json bugs = json::array();
  for (const museum::DotDeath& death : deaths) {
    json bug = dot_mutant_json(*death.mutant);
    bug["killed"] = death.killed;
    bug["correct_unit_passes"] = death.correct_passes;
    bug["check"] = death.check;
    bug["witness"] = death.witness;
    bugs.push_back(bug);
  }
  return bugs;
}

json to_json(const museum::Tour& tour) {
  json bugs = json::array();
  for (const museum::Exhibit& exhibit : tour.exhibits) {
    json bug = mutant_json(*exhibit.mutant);
    bug["killed"] = exhibit.killed();
    bug["killed_by_its_group"] = exhibit.by_its_group;
    bug["deaths"] = json::array();
    for (const museum::Death& death : exhibit.deaths) bug["deaths"].push_back(death_json(death));
    bugs.push_back(bug);
  }
  return {{"correct_converter_passes", tour.correct.exit_status() == 0},
          {"killed", tour.killed()},
          {"total", tour.exhibits.size()},
          {"seconds", tour.seconds},
          {"bugs", bugs}};
}

const char* fate_word(museum::Fate fate) {
  switch (fate) {
    case museum::Fate::Killed: return "killed";
    case museum::Fate::Equivalent: return "equivalent";
    case museum::Fate::Survived: return "survived";
  }
  return "";
}

void print(const museum::Score& score) {
  TextTable table({{"mutant", Align::Left}, {"", Align::Left}, {"why", Align::Left}});
  for (const museum::Outcome& outcome : score.outcomes)
    if (outcome.fate != museum::Fate::Killed) table.row({outcome.name, fate_word(outcome.fate), outcome.why});
  table.print(std::cout);
  std::cout << "\n"
            << score.outcomes.size() << " mutants: " << score.count(museum::Fate::Killed) << " killed, "
            << score.count(museum::Fate::Equivalent) << " equivalent (same digest over the sweep), "
            << score.count(museum::Fate::Survived) << " survived; score " << fixed(score.percent(), 2)
            << " %, " << fixed(score.seconds, 1) << " s\n";
}

json to_json(const museum::Score& score) {
  json mutants = json::array();
  for (const museum::Outcome& outcome : score.outcomes)
    mutants.push_back({{"name", outcome.name},
                       {"fate", fate_word(outcome.fate)},
                       {"why", outcome.why},
                       {"check", outcome.death.check},
                       {"witness", outcome.death.witness}});
  return {{"killed", score.count(museum::Fate::Killed)},
          {"equivalent", score.count(museum::Fate::Equivalent)},
          {"survived", score.count(museum::Fate::Survived)},
          {"score_percent", score.percent()},
          {"seconds", score.seconds},
          {"mutants", mutants}};
}

int run(const MuseumOptions& options) {
  if (options.list) {
    print_list(options.json_output);
    return 0;
  }
  if (options.systematic) {
    const museum::Score score = [] {
      Steps steps;
      return museum::mutate(1, steps.on_step());
    }();
    if (options.json_output)
      std::cout << to_json(score).dump(2) << "\n";
    else
      print(score);
    return score.count(museum::Fate::Survived) == 0 ? 0 : 1;
  }
  const museum::Tour tour = [] {
    Steps steps;
    return museum::visit(steps.on_step());
  }();
  const auto deaths = museum::judge_dot_mutants();
  if (options.json_output) {
    json document = to_json(tour);
    document["dots"] = to_json(deaths);
    std::cout << document.dump(2) << "\n";
  } else {
    print(tour);
    print(deaths);
  }
  return tour.passed() && passed(deaths) ? 0 : 1;
}

}  // namespace

void add_museum_command(CLI::App& app, int& status) {
  auto options = std::make_shared<MuseumOptions>();
  CLI::App* command = app.add_subcommand("museum", "Bugs of the field, re-created: does the suite see them?");
  command->footer(
      "Examples:\n  mxemu museum\n  mxemu museum --list --json\n  mxemu museum --systematic\n"
      "Exit status: 0 every bug is killed and the correct converter passes; 1 otherwise.");
  command->add_flag("--list", options->list, "lists the bugs and where they were seen");
  command->add_flag("--systematic", options->systematic,
                    "moves every constant, comparison and shift of the converter instead; minutes");
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
