#include "common/exposition/metrics_endpoint.h"

#include <sstream>

#include <prometheus/text_serializer.h>

namespace selfheal {

void MetricsEndpoint::add(const prometheus::Collectable& source) {
  sources_.push_back(&source);
}

std::string MetricsEndpoint::render() const {
  const prometheus::TextSerializer serializer;
  std::ostringstream text;
  for (const prometheus::Collectable* source : sources_)
    serializer.Serialize(text, source->Collect());
  return std::move(text).str();
}

HttpServer::Handler MetricsEndpoint::handler() const {
  return [this](ServerRequest&) {
    ServerResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = render();
    return response;
  };
}

}  // namespace selfheal
