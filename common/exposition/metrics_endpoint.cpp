#include "common/exposition/metrics_endpoint.h"

#include "common/exposition/collectable_source.h"
#include "common/exposition/gzip_sink.h"
#include "common/exposition/scrape_request.h"

namespace selfheal {
namespace {

// For those who don't tell theirs, as blackbox_exporter has it.
constexpr std::chrono::seconds kTimeout{120};

// Passes on until the deadline; what comes later is dropped, and it remembers that.
class DeadlineSink final : public ByteSink {
 public:
  DeadlineSink(ByteSink& next, const Clock& clock, SteadyTime deadline)
      : next_(next), clock_(clock), deadline_(deadline) {}
  void write(std::string_view bytes) override {
    late_ = late_ || clock_.steady_now() > deadline_;
    if (!late_) next_.write(bytes);
  }
  bool late() const { return late_; }

 private:
  ByteSink& next_;
  const Clock& clock_;
  const SteadyTime deadline_;
  bool late_ = false;
};

ServerResponse too_late() {
  return {.status = 503,
          .body =
              "not rendered within the scrape's timeout: scrapes are queueing up, or the "
              "machine is overloaded\n",
          .headers = {}};
}

}  // namespace

void MetricsEndpoint::add(const prometheus::Collectable& collectable) {
  adapters_.push_back(std::make_unique<CollectableSource>(collectable));
  add(*adapters_.back());
}

void MetricsEndpoint::write_all(MetricsFormat format, ByteSink& sink) const {
  MetricsWriter writer(format, sink);
  for (const MetricsSource* source : sources_) source->write(writer);
  writer.finish();
}

std::string MetricsEndpoint::render(MetricsFormat format) const {
  std::string text;
  StringSink sink(text);
  write_all(format, sink);
  return text;
}

void MetricsEndpoint::render(Scrape& scrape) {
  if (scrape.encoding == Encoding::gzip) {
    scrape.body.reserve(last_compressed_ + last_compressed_ / 8);
    GzipSink gzip(scrape.body);
    DeadlineSink sink(gzip, clock_, scrape.deadline);
    write_all(scrape.format, sink);
    gzip.finish();
    scrape.late = sink.late();
    last_compressed_ = scrape.body.size();
  } else {
    scrape.body.reserve(last_plain_ + last_plain_ / 8);
    StringSink plain(scrape.body);
    DeadlineSink sink(plain, clock_, scrape.deadline);
    write_all(scrape.format, sink);
    scrape.late = sink.late();
    last_plain_ = scrape.body.size();
  }
}

ServerResponse MetricsEndpoint::answer(const ServerRequest& request) {
  const auto timeout = scrape_timeout(request.header("X-Prometheus-Scrape-Timeout-Seconds"));
  Scrape scrape{wanted_format(request.header("Accept")),
                wants_gzip(request.header("Accept-Encoding")) ? Encoding::gzip : Encoding::identity,
                clock_.steady_now() + timeout.value_or(kTimeout),
                {}};
  const bool rendered = worker_.run(scrape.deadline, [&] { render(scrape); });
  if (!rendered || scrape.late) return too_late();
  ServerResponse response;
  response.content_type = content_type(scrape.format);
  response.headers = {{"Vary", "Accept, Accept-Encoding"}};
  if (scrape.encoding == Encoding::gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = std::move(scrape.body);
  return response;
}

HttpServer::Handler MetricsEndpoint::handler() {
  return [this](const ServerRequest& request) { return answer(request); };
}

Outcome<> MetricsEndpoint::add_to(HttpServer& server, const std::string& path) {
  if (server.has_route("GET", path))
    return Error{"--web.telemetry-path " + path +
                 ": another page is there; choose a path of its own, such as /metrics"};
  server.route("GET", path, handler());
  return Done{};
}

}  // namespace selfheal
