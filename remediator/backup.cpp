#include "remediator/backup.h"

#include <filesystem>
#include <iostream>

#include "remediator/journal/journal_backup.h"

namespace selfheal {

BackupCommand::BackupCommand(CLI::App& app)
    : command_(app.add_subcommand(
          "backup",
          "Write a copy of --journal.path, also while a selfheal-remediator runs on it")) {
  command_->add_option("file", file_, "File to write, which must not exist")
      ->required()
      ->type_name("FILE");
  command_->fallthrough();
}

int BackupCommand::run(const std::string& journal) const {
  if (const auto done = back_up_journal(journal, file_); !done) {
    std::cerr << done.error().message << '\n';
    return done.error().kind == BackupFault::Kind::refused ? kExitBadUsage : kExitFailed;
  }
  std::error_code unknown;
  std::cout << file_ << ": the journal " << journal << ", "
            << std::filesystem::file_size(file_, unknown) << " bytes, checked\n";
  return kExitDone;
}

}  // namespace selfheal
