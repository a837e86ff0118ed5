// What a scrape costs in CPU time: ours, from the health table to the text, against the same series
// in a prometheus-cpp Registry, collected and serialized. In turns, in one process, on one thread.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "bench/scrape/fleet.h"
#include "bench/scrape/stock_scrape.h"
#include "common/base/flags.h"
#include "common/exposition/gzip_sink.h"
#include "exporter/metrics/health_metrics.h"

namespace selfheal {
namespace {

constexpr double kMostPlain = 1.0 / 10;
constexpr double kMostCompressed = 1.0 / 3;

struct Settings {
  size_t series = 250'000;
  int rounds = 5;
  bool enforce = false;

  void add_to(CLI::App& app) {
    add_flag(app, "--series", series, "How many series, at least");
    add_flag(app, "--rounds", rounds, "Scrapes of each");
    add_switch(app, "--enforce", enforce, "Fails when a target is missed");
  }
};

// As MetricsEndpoint does it: room for as much as the last time.
class OurScrape {
 public:
  explicit OurScrape(const HealthTable& table) : metrics_(table) {}

  std::string text() {
    std::string body;
    body.reserve(last_plain_ + last_plain_ / 8);
    StringSink sink(body);
    write(sink);
    last_plain_ = body.size();
    return body;
  }
  std::string compressed() {
    std::string body;
    body.reserve(last_compressed_ + last_compressed_ / 8);
    GzipSink sink(body);
    write(sink);
    sink.finish();
    last_compressed_ = body.size();
    return body;
  }

 private:
  void write(ByteSink& sink) const {
    MetricsWriter writer(MetricsFormat::text, sink);
    metrics_.write(writer);
    writer.finish();
  }

  HealthMetrics metrics_;
  size_t last_plain_ = 0;
  size_t last_compressed_ = 0;
};

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Contender {
  std::function<std::string()> scrape;
  size_t bytes = 0;
  std::vector<double> ms{};

  void run() {
    const double begin = cpu_ms();
    const std::string body = scrape();
    ms.push_back(cpu_ms() - begin);
    bytes = body.size();
  }
  double median() const {
    std::vector<double> sorted = ms;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

bool print(const char* what, const Contender& ours, const Contender& stock, double most) {
  const double ratio = ours.median() / stock.median();
  std::printf(
      "%-6s  %7.1f ms  %5.1f MB  |  %7.1f ms  %5.1f MB  |  %.3f of stock, at most %.3f: %s\n", what,
      ours.median(), static_cast<double>(ours.bytes) / 1e6, stock.median(),
      static_cast<double>(stock.bytes) / 1e6, ratio, most, ratio <= most ? "met" : "MISSED");
  return ratio <= most;
}

size_t series_of(const HealthTable& table) {
  const std::string text = OurScrape(table).text();
  return parse_metrics(text).samples.size();
}

// One container more makes so many series more.
size_t series_per_container() {
  HealthTable one, two;
  watch_containers(1, one);
  watch_containers(2, two);
  return series_of(two) - series_of(one);
}

int measure(const Settings& settings) {
  HealthTable table;
  const size_t containers = settings.series / series_per_container() + 1;
  watch_containers(containers, table);
  OurScrape our_scrape(table);
  const MetricsText series = parse_metrics(our_scrape.text());
  const StockScrape stock_scrape(series);
  if (parse_metrics(stock_scrape.text()).samples.size() != series.samples.size()) {
    std::fprintf(stderr, "the two don't publish the same number of series\n");
    return kExitFailed;
  }

  Contender ours{[&] { return our_scrape.text(); }};
  Contender ours_gzip{[&] { return our_scrape.compressed(); }};
  Contender stock{[&] { return stock_scrape.text(); }};
  Contender stock_gzip{[&] { return stock_scrape.compressed(); }};
  for (int round = 0; round < settings.rounds; ++round) {
    for (Contender* one : {&ours, &stock, &ours_gzip, &stock_gzip}) one->run();
  }
  std::printf("%zu series of %zu containers, CPU time, medians of %d scrapes each\n",
              series.samples.size(), containers, settings.rounds);
  std::printf("        selfheal              |  prometheus-cpp        |\n");
  const bool plain = print("text", ours, stock, kMostPlain);
  const bool compressed = print("gzip", ours_gzip, stock_gzip, kMostCompressed);
  return settings.enforce && !(plain && compressed) ? kExitFailed : kExitDone;
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("What a scrape costs, against prometheus-cpp", "scrape-cost");
  settings.add_to(app);
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  return measure(settings);
}

}  // namespace
}  // namespace selfheal

int main(int argc, char** argv) {
  return selfheal::run(argc, argv);
}
