// Inputs a little different from the seeds, the same ones each time: what a fuzzer does, without
// knowing what it reaches. [pure]
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace selfheal::fuzz {

class Mutations {
 public:
  // `seeds` are not empty.
  explicit Mutations(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next();

 private:
  size_t below(size_t limit);  // from 0; 0 where there is nothing below it
  void change(std::string& input);

  const std::vector<std::string> seeds_;
  std::mt19937 random_{20'260'131};
};

}  // namespace selfheal::fuzz
