// Docker's command line, for tests that do to an engine what a person would.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace selfheal {

inline std::string from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

struct CommandOutput {
  std::string text;  // without the line break at its end
  int status = 0;
};

inline CommandOutput try_docker(const std::string& arguments) {
  const std::string command = "docker " + arguments + " 2>&1";
  FILE* output = popen(command.c_str(), "r");
  CommandOutput result;
  std::array<char, 4096> piece{};
  while (fgets(piece.data(), static_cast<int>(piece.size()), output) != nullptr)
    result.text += piece.data();
  result.status = pclose(output);
  while (!result.text.empty() && result.text.back() == '\n') result.text.pop_back();
  return result;
}

// One that must succeed; what it prints.
inline std::string docker(const std::string& arguments) {
  const CommandOutput result = try_docker(arguments);
  EXPECT_EQ(result.status, 0) << "docker " << arguments << "\n" << result.text;
  return result.text;
}

}  // namespace selfheal
