#include "remediator/explain/explain_command.h"

namespace selfheal {

ExplainCommand::ExplainCommand(CLI::App& app)
    : command_(app.add_subcommand(
          "explain", "Print what would be decided for a webhook's payload, and do nothing")) {
  command_->add_option("payload", options_.payload_file, "File with the payload, - for stdin")
      ->required()
      ->type_name("FILE");
  command_->add_option("--journal", options_.journal, "Journal to read what happened before from")
      ->type_name("FILE");
  command_
      ->add_option("--at", options_.at,
                   "Decide as of this time (RFC 3339); of the past: tell what --journal has "
                   "of a payload that came then, by the received_at of the webhook's answer")
      ->type_name("TIME");
  command_->add_flag("--json", options_.json, "One line of JSON for each alert");
  command_->fallthrough();  // flags may stand behind the subcommand too
}

}  // namespace selfheal
