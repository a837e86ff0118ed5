// What is fed with anything at all: each takes what comes from a file, a peer, a container or a
// scraper, and aborts when the code under it breaks a promise (it never throws, what it writes it
// reads back). A sanitizer finds the rest.
//
// To add one: a function here, its file beside this one, its name in CMakeLists.txt and in the
// seeds' test, and seeds in seeds/NAME/. Whatever a fuzzer finds becomes a seed once it is mended.
#pragma once

#include <string_view>

namespace selfheal::fuzz {

// The exporter's configuration file, modules, targets and overrides included.
void configuration(std::string_view input);
// Labels of a container, one a line: `label=value`.
void container_labels(std::string_view input);
// selfheal.probe and the url of a target.
void probe_urls(std::string_view input);
// A request to /probe: its query; in a second line the scrape's timeout, in a third its Accept.
void probe_parameters(std::string_view input);
// What a peer sends in a dialogue; a first byte says which.
void tcp_dialogue(std::string_view input);
// What a peer answers to an HTTP request; a first byte says in what pieces it comes.
void http1_response(std::string_view input);
// What comes back from a DNS server, or as ICMP.
void dns_replies(std::string_view input);
// What a web server answers, gRPC's health check included; a first byte says which compression is
// expected.
void http_responses(std::string_view input);
// JSON from Docker, and the output of a command.
void docker_messages(std::string_view input);
// A certificate as a peer shows it, in DER.
void certificates(std::string_view input);

// Of the remediator:
// What comes to the webhook as its body.
void webhook(std::string_view input);
// Requests to the API, the pages and the webhook, one after another: text_request.h.
void remediator_api(std::string_view input);
// The remediator's configuration file.
void remediator_configuration(std::string_view input);
// The journal's file as it is found at the start; a first byte says what the rest is.
void journal_file(std::string_view input);

// Aborts, and says why, where a promise is broken.
void demand(bool kept, const char* promise);

}  // namespace selfheal::fuzz
