#include "tests/fuzz/feed.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/fuzz/mutation.h"

namespace selfheal::fuzz {
namespace {

// What the fuzzer is at, for the handler of signals.
std::string found_file;
std::string_view at_work;

void keep_input(int signal) {
  const int file = open(found_file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  if (file >= 0 && write(file, at_work.data(), at_work.size()) >= 0) {
    for (const std::string_view piece : {std::string_view("the input is in "),
                                         std::string_view(found_file), std::string_view("\n")})
      if (write(STDERR_FILENO, piece.data(), piece.size()) < 0) break;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::string content(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(text).str();
}

// In the order of their names, so that the changed ones are the same everywhere.
std::vector<std::string> seeds_of(const std::string& name) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(SELFHEAL_SEEDS "/" + name))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) seeds.push_back(content(file));
  return seeds;
}

}  // namespace

void feed(const std::string& name, void (*fuzzer)(std::string_view), int changed) {
  found_file = (std::filesystem::temp_directory_path() / ("selfheal-fuzz-found-" + name)).string();
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE}) std::signal(signal, keep_input);
  const auto run = [&](std::string_view input) {
    at_work = input;
    fuzzer(input);
  };
  std::vector<std::string> seeds = seeds_of(name);
  ASSERT_FALSE(seeds.empty()) << name;
  for (const std::string& seed : seeds) {
    // A peer may stop anywhere.
    const size_t step = std::max<size_t>(1, seed.size() / 64);
    for (size_t size = 0; size < seed.size(); size += step)
      run(std::string_view(seed).substr(0, size));
    run(seed);
  }
  Mutations mutations(std::move(seeds));
  for (int i = 0; i < changed; ++i) run(mutations.next());
}

}  // namespace selfheal::fuzz
