"""What both exporters are asked: one module, one target, one /probe for each case."""

import dataclasses
import ssl

import dns_targets
import http2_targets
import http_targets
import tcp_targets
from sockets import StreamServer, refused_port

PATIENCE = "5s"
IMPATIENCE = "700ms"  # where the target keeps both waiting


@dataclasses.dataclass
class Case:
    name: str
    prober: str
    target: str
    options: dict = dataclasses.field(default_factory=dict)
    timeout: str = PATIENCE
    parameters: dict = dataclasses.field(default_factory=dict)

    @property
    def module(self):
        return {"prober": self.prober, "timeout": self.timeout, self.prober: self.options}


class Targets:
    """Every server that the cases need, and how they are reached."""

    def __init__(self, certificates):
        self.certificates = certificates
        self.refused = refused_port()
        routes = {}
        serve = http_targets.serve(routes)
        self.http = StreamServer(serve).port
        self.https = {name: StreamServer(serve, certificates.server(name)).port
                      for name in ("good", "odd_subject", "chained", "expired", "not_yet",
                                   "wrong_name", "no_names", "unknown_ca", "self_signed")}
        self.https["mutual"] = StreamServer(
            serve, certificates.server("good", client_ca="ca")).port
        self.https["tls12"] = StreamServer(
            serve, certificates.server("good", newest=ssl.TLSVersion.TLSv1_2)).port
        self.http2 = {f.__name__: StreamServer(http2_targets.serve(f),
                                               certificates.server("good", alpn=["h2"])).port
                      for f in (http2_targets.page, http2_targets.page_without_length,
                                http2_targets.broken_stream)}
        self.grpc = {f.__name__: StreamServer(http2_targets.serve(f)).port
                     for f in (http2_targets.health, http2_targets.unimplemented,
                               http2_targets.no_grpc)}
        self.grpc_tls = {name: StreamServer(http2_targets.serve(http2_targets.health),
                                            certificates.server(name, alpn=["h2"])).port
                         for name in ("good", "expired")}
        self.tcp = {name: StreamServer(serve).port for name, serve in tcp_targets.DIALOGUES.items()}
        self.tls = {name: StreamServer(tcp_targets.DIALOGUES["banner"],
                                       certificates.server(name)).port
                    for name in ("good", "expired", "self_signed")}
        self.smtp = {name: StreamServer(tcp_targets.smtp(certificates.server(name))).port
                     for name in ("good", "wrong_name")}
        self.dns = dns_targets.servers(certificates.server("good"))
        routes.update({
            "to_https": (self.secure("good", "/echo"), "302"),
            "to_other_host": (f"http://localhost:{self.http}/host", "302"),
            "to_other_host_auth": (f"http://localhost:{self.http}/basic", "302"),
            "to_expired": (self.secure("expired"), "302"),
            "to_refused": (f"http://127.0.0.1:{self.refused}/", "302"),
            "to_ftp": (f"ftp://127.0.0.1:{self.http}/", "302"),
            "to_relative": ("echo?a=b#part", "302"),
            "to_same_host": ("//127.0.0.1:%d/echo" % self.http, "302"),
            "to_blank": ("/echo?a b", "302"),
            "to_nonsense": ("http://[::1", "302"),
            **{f"to_echo_{code}": ("/echo", code) for code in ("301", "302", "303", "307", "308")},
        })

    def plain(self, path="/", host="127.0.0.1"):
        return f"http://{host}:{self.http}{path}"

    def secure(self, name, path="/", host="localhost"):
        return f"https://{host}:{self.https[name]}{path}"

    def ca(self, **more):
        return {"tls_config": {"ca_file": self.certificates.path("ca.crt"), **more}}

    def client_certificate(self):
        return self.ca(cert_file=self.certificates.path("client.crt"),
                       key_file=self.certificates.path("client.key"))


def every_case(targets):
    for make in (statuses, redirects, bodies, regexps, answers, headers, requests, tls, http2,
                 addresses, tcp, starttls, dns, icmp, grpc):
        for name, target, *rest in make(targets):
            prober = {tcp: "tcp", starttls: "tcp", dns: "dns", icmp: "icmp",
                      grpc: "grpc"}.get(make, "http")
            options, timeout, parameters = [*rest, *({}, PATIENCE, {})[len(rest):]]
            yield Case(f"{make.__name__}_{name}", prober, target, options, timeout, parameters)


def statuses(t):
    for code in (200, 201, 204, 206, 226, 299, 300, 304, 400, 401, 404, 418, 429, 500, 503, 599, 999):
        yield f"{code}", t.plain(f"/status/{code}")
    yield "valid_404", t.plain("/status/404"), {"valid_status_codes": [404, 410]}
    yield "200_not_valid", t.plain("/status/200"), {"valid_status_codes": [404, 410]}
    yield "valid_302", t.plain("/redirect/1"), {"valid_status_codes": [302],
                                               "follow_redirects": False}


def redirects(t):
    for hops in (1, 2, 9, 10, 11, 12):
        yield f"{hops}", t.plain(f"/redirect/{hops}")
    for where in ("to_https", "to_expired"):
        yield where, t.plain(f"/{where}"), t.ca()
        yield f"{where}_fail_if_not_ssl", t.plain(f"/{where}"), {**t.ca(), "fail_if_not_ssl": True}
    for where in ("to_other_host", "to_refused", "to_ftp", "to_relative", "to_same_host",
                  "to_blank", "to_nonsense"):
        yield where, t.plain(f"/{where}")
    for what in ("nowhere", "empty", "300", "304"):
        yield what, t.plain(f"/raw/redirect_{what}")
    yield "not_followed", t.plain("/redirect/1"), {"follow_redirects": False}
    yield ("not_followed_body", t.plain("/redirect/1"),
           {"follow_redirects": False, "valid_status_codes": [302],
            "fail_if_body_not_matches_regexp": ["."]})
    yield ("not_followed_gzip", t.plain("/redirect/1"),
           {"follow_redirects": False, "valid_status_codes": [302], "compression": "gzip"})
    yield "not_followed_304", t.plain("/status/304"), {"follow_redirects": False}
    yield "cookie", t.plain("/cookie")
    for code in ("301", "302", "303", "307", "308"):
        yield f"post_{code}", t.plain(f"/to_echo_{code}"), {"method": "POST", "body": "a=b"}
    yield "head_302", t.plain("/to_echo_302"), {"method": "HEAD"}
    yield ("auth_to_other_host", t.plain("/to_other_host_auth"),
           {"basic_auth": {"username": "user", "password": "pass"}})


def bodies(t):
    for encoding, how in (("gzip", "gzip"), ("deflate", "deflate"), ("deflate", "zlib"),
                          ("gzip", "plain"), ("gzip", "cut"), ("gzip", "twice"),
                          ("identity", "gzip")):
        yield (f"compression_{encoding}_{how}", t.plain(f"/encoded/{how}"),
               {"compression": encoding})
    yield "compressed_unasked", t.plain("/encoded/gzip")
    yield ("compression_accepted", t.plain("/echo"),
           {"compression": "identity", "headers": {"Accept-Encoding": "identity"}})
    for limit in ("40B", "41B", "1B", "1MB"):
        yield f"limit_{limit}", t.plain(), {"body_size_limit": limit}
    yield ("limit_of_uncompressed", t.plain("/encoded/gzip"),
           {"compression": "gzip", "body_size_limit": "30B"})
    yield "huge", t.plain("/huge/16")
    yield "huge_limited", t.plain("/huge/16"), {"body_size_limit": "1MB"}
    yield "drip", t.plain("/drip/6")
    yield "drip_for_ever", t.plain("/drip/200/400"), {}, IMPATIENCE  # at 0 and 0.4 s, not near the end
    yield "slow", t.plain("/slow/300")
    yield "too_slow", t.plain("/slow/3000"), {}, IMPATIENCE
    yield "silent", t.plain("/silent"), {}, IMPATIENCE


def regexps(t):
    found, missing = ["works"], ["nowhere to be seen"]
    for name, options in (
            ("found", {"fail_if_body_not_matches_regexp": found}),
            ("missing", {"fail_if_body_not_matches_regexp": missing}),
            ("one_missing", {"fail_if_body_not_matches_regexp": found + missing}),
            ("unwanted", {"fail_if_body_matches_regexp": found}),
            ("unwanted_missing", {"fail_if_body_matches_regexp": missing}),
            ("both", {"fail_if_body_matches_regexp": missing,
                      "fail_if_body_not_matches_regexp": found}),
            ("anchored", {"fail_if_body_not_matches_regexp": ["^Second"]}),
            ("lines", {"fail_if_body_not_matches_regexp": ["(?m)^Second .*=\\d+\\.\\d$"]}),
            ("over_lines", {"fail_if_body_not_matches_regexp": ["(?s)works.*version"]}),
            ("case", {"fail_if_body_not_matches_regexp": ["(?i)IT WORKS"]}),
    ):
        yield name, t.plain(), options
    yield "of_404", t.plain("/status/404"), {"fail_if_body_not_matches_regexp": missing}
    yield ("of_gzip", t.plain("/encoded/gzip"),
           {"compression": "gzip", "fail_if_body_not_matches_regexp": found})
    yield ("beyond_limit", t.plain(),
           {"body_size_limit": "10B", "fail_if_body_not_matches_regexp": ["Second"]})
    for name, regexp in (("any", "caf. au"), ("class", "^[^x]+$"), ("none", "caf au")):
        yield (f"latin_{name}", t.plain("/raw/latin"),
               {"fail_if_body_not_matches_regexp": [regexp]})
    yield "empty", t.plain("/raw/empty_body"), {"fail_if_body_not_matches_regexp": found}
    yield "cut", t.plain("/raw/too_short"), {"fail_if_body_not_matches_regexp": found}
    odd = {"header": "X-Odd", "regexp": "two"}
    for name, options in (
            ("header_found", {"fail_if_header_not_matches": [odd]}),
            ("header_unwanted", {"fail_if_header_matches": [odd]}),
            ("header_case", {"fail_if_header_not_matches": [{**odd, "header": "x-oDD"}]}),
            ("header_other", {"fail_if_header_not_matches": [{**odd, "regexp": "three"}]}),
            ("header_missing", {"fail_if_header_not_matches": [{**odd, "header": "X-No"}]}),
            ("header_may_miss", {"fail_if_header_not_matches": [
                {**odd, "header": "X-No", "allow_missing": True}]}),
            ("header_unwanted_missing", {"fail_if_header_matches": [{**odd, "header": "X-No"}]}),
    ):
        yield name, t.plain("/header/odd_case"), options


def answers(t):
    for how in http_targets.RAW:
        if not how.startswith("redirect_"):
            yield how, t.plain(f"/raw/{how}"), {}, "2s"
    yield "reset_before", t.plain("/reset_before")
    yield "reset_within", t.plain("/reset_within")
    yield "refused", f"http://127.0.0.1:{t.refused}/"
    yield "https_to_http", f"https://127.0.0.1:{t.http}/"
    yield "http_to_https", f"http://127.0.0.1:{t.https['good']}/", {}, "2s"
    for version in ("HTTP/1.0", "HTTP/1.1", "HTTP/2.0"):
        yield f"valid_version_{version}", t.plain(), {"valid_http_versions": [version]}


def headers(t):
    for how in http_targets.HEADERS:
        yield how, t.plain(f"/header/{how}")
    for how in ("folded", "blanks", "empty"):
        yield (f"{how}_matched", t.plain(f"/header/{how}"),
               {"fail_if_header_not_matches": [{"header": "X-Odd", "regexp": "^(one( two)?)?$"}]})


def requests(t):
    for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"):
        yield method, t.plain("/echo" if method != "HEAD" else "/status/200"), {"method": method}
    for method in ("GET", "POST", "PUT"):
        yield f"{method}_body", t.plain("/echo"), {"method": method, "body": "some=body"}
    yield "headers", t.plain("/echo"), {"headers": {"X-Own": "mine", "x-other": "a, b",
                                                    "Origin": "example.com"}}
    yield "host", t.plain("/host"), {"headers": {"Host": "own.example:80"}}
    yield "hostname", t.plain("/host"), {}, PATIENCE, {"hostname": "asked.example:80"}
    yield "basic", t.plain("/basic"), {"basic_auth": {"username": "user", "password": "pass"}}
    yield "basic_wrong", t.plain("/basic"), {"basic_auth": {"username": "user", "password": "no"}}
    yield "bearer", t.plain("/bearer"), {"bearer_token": "token"}
    yield "authorization", t.plain("/bearer"), {"authorization": {"credentials": "token"}}
    yield ("authorization_type", t.plain("/echo"),
           {"authorization": {"type": "Token", "credentials": "secret"}})
    yield "secret", t.plain("/basic"), {"basic_auth": {"username": "user",
                                                       "password": "do-not-tell"}}
    yield "path_escapes", t.plain("/echo/%2e%2E/a%20b/%C3%A4?q=%26&r=a+b")
    yield "path_dots", t.plain("/echo/../echo/./x")
    yield "no_path", f"http://127.0.0.1:{t.http}"
    yield "query_only", f"http://127.0.0.1:{t.http}?a=b"
    yield "fragment", t.plain("/echo#part")
    yield "userinfo", f"http://user:pass@127.0.0.1:{t.http}/basic"
    yield "no_scheme", f"127.0.0.1:{t.http}/echo"
    yield "fail_if_ssl", t.plain(), {"fail_if_ssl": True}
    yield "fail_if_not_ssl", t.plain(), {"fail_if_not_ssl": True}


def tls(t):
    for name in t.https:
        yield name, t.secure(name), t.ca()
    for name in ("self_signed", "expired", "wrong_name", "chained", "unknown_ca"):
        yield f"{name}_unverified", t.secure(name), t.ca(insecure_skip_verify=True)
    yield "system_ca", t.secure("good")
    yield "by_address", t.secure("good", host="127.0.0.1"), t.ca()
    yield "by_v6_address", t.secure("good", host="[::1]"), t.ca()
    yield "server_name", t.secure("good"), t.ca(server_name="second.example")
    yield "wrong_server_name", t.secure("good"), t.ca(server_name="third.example")
    yield "server_name_fits", t.secure("wrong_name"), t.ca(server_name="elsewhere.example")
    yield "hostname", t.secure("good"), t.ca(), PATIENCE, {"hostname": "second.example"}
    yield "wrong_hostname", t.secure("good"), t.ca(), PATIENCE, {"hostname": "third.example"}
    yield ("host_header", t.secure("good"),
           {**t.ca(), "headers": {"Host": "second.example"}})
    yield "client_certificate", t.secure("mutual"), t.client_certificate()
    yield "fail_if_ssl", t.secure("good"), {**t.ca(), "fail_if_ssl": True}
    yield "fail_if_not_ssl", t.secure("good"), {**t.ca(), "fail_if_not_ssl": True}
    yield "redirect", t.secure("good", "/redirect/3"), t.ca()
    yield "404", t.secure("good", "/status/404"), t.ca()
    yield "min_version", t.secure("tls12"), t.ca(min_version="TLS13")
    yield "ca_missing", t.secure("good"), {"tls_config": {"ca_file": "/nowhere/ca.crt"}}
    yield "refused", f"https://localhost:{t.refused}/", t.ca()


def http2(t):
    for name, port in t.http2.items():
        yield name, f"https://localhost:{port}/", t.ca(), "2s"
    page = f"https://localhost:{t.http2['page']}/"
    for version in ("HTTP/1.1", "HTTP/2.0"):
        yield f"valid_version_{version}", page, {**t.ca(), "valid_http_versions": [version]}
    yield ("regexp", page, {**t.ca(), "fail_if_body_not_matches_regexp": ["over HTTP/2"]})


def addresses(t):
    yield "v6", t.plain(host="[::1]")
    yield "name", t.plain(host="localhost")
    for preferred in ("ip4", "ip6"):
        for fallback in (True, False):
            options = {"preferred_ip_protocol": preferred, "ip_protocol_fallback": fallback}
            name = f"{preferred}_{'or_other' if fallback else 'only'}"
            if name != "ip6_only":  # whether localhost is ::1 as well is the machine's choice
                yield f"{name}_name", t.plain(host="localhost"), options
            yield f"{name}_v4", t.plain(), options
            yield f"{name}_v6", t.plain(host="[::1]"), options
    yield "unknown_name", "http://no-such-host.invalid/", {}, "3s"
    yield "no_host", "http://"
    yield "no_host_but_port", f"http://:{t.http}/"
    yield "bad_port", "http://127.0.0.1:99999/"
    yield "no_port_number", "http://127.0.0.1:http/"
    yield "open_bracket", "http://[::1"
    yield "blank", "http://local host/"
    yield "scheme_of_files", "file:///etc/passwd"


def tcp(t):
    def to(name):
        return f"127.0.0.1:{t.tcp[name]}"

    for name in ("silent", "banner", "closed", "reset"):
        yield f"connect_{name}", to(name)
    yield "waits", to("silent"), {"query_response": [{"expect": "."}]}, "1s"
    yield "refused", f"127.0.0.1:{t.refused}"
    yield "v6", f"[::1]:{t.tcp['banner']}"
    yield "name", f"localhost:{t.tcp['banner']}", {"preferred_ip_protocol": "ip4"}
    yield "ip4_only_v6", f"[::1]:{t.tcp['banner']}", {"preferred_ip_protocol": "ip4",
                                                      "ip_protocol_fallback": False}
    yield "no_port", "127.0.0.1"
    yield "bad_port", "127.0.0.1:99999"
    yield "url", f"tcp://127.0.0.1:{t.tcp['banner']}"
    yield "source", to("banner"), {"source_ip_address": "127.0.0.2"}
    ready = {"query_response": [{"expect": "^ready (\\d+)$"}]}
    for name in ("two_lines", "slowly", "eof", "no_newline", "closed", "endless_line", "bytes",
                 "reset_later", "chatty"):
        yield f"expect_{name}", to(name), ready
    for name in ("silent", "no_newline_open", "banner"):
        yield f"expect_{name}", to(name), ready, IMPATIENCE
    yield "send_and_expect", to("echo"), {"query_response": [
        {"send": "ping"}, {"expect": "^ping$"}]}
    yield "captures", to("two_lines"), {"query_response": [
        {"expect": "^(h)(.*)$", "send": "got ${2}${1} $9 $$"}, {"expect": "^ready"}]}
    yield "echoed_captures", to("echo"), {"query_response": [
        {"send": "one two"}, {"expect": "^(\\w+) (?P<second>\\w+)$", "send": "${second}-$1"},
        {"expect": "^two-one$"}]}
    yield "second_missing", to("two_lines"), {"query_response": [
        {"expect": "^ready"}, {"expect": "^hello"}]}, IMPATIENCE
    for name in t.tls:
        yield f"tls_{name}", f"localhost:{t.tls[name]}", {"tls": True, **t.ca()}
    yield "tls_unverified", f"localhost:{t.tls['self_signed']}", {
        "tls": True, **t.ca(insecure_skip_verify=True)}
    yield "tls_expect", f"localhost:{t.tls['good']}", {
        "tls": True, **t.ca(), "query_response": [{"expect": "^SSH-2.0-"}]}
    yield "tls_to_plain", f"localhost:{t.tcp['banner']}", {"tls": True, **t.ca()}
    yield "tls_to_silent", f"localhost:{t.tcp['silent']}", {"tls": True, **t.ca()}, IMPATIENCE


def starttls(t):
    dialogue = [{"expect": "^220 ([^ ]+) ESMTP (.+)$", "send": "EHLO prober"},
                {"expect": "^250[ -]STARTTLS", "send": "STARTTLS"},
                {"expect": "^220"}, {"starttls": True},
                {"send": "EHLO again"}, {"expect": "^250 secure EHLO again$", "send": "QUIT"}]
    for name in t.smtp:
        yield name, f"localhost:{t.smtp[name]}", {**t.ca(), "query_response": dialogue}
    yield "unverified", f"localhost:{t.smtp['wrong_name']}", {
        **t.ca(insecure_skip_verify=True), "query_response": dialogue}
    yield "to_plain", f"localhost:{t.tcp['echo']}", {
        **t.ca(), "query_response": [{"starttls": True}]}, IMPATIENCE


def dns(t):
    def to(how, host="127.0.0.1"):
        return f"{host}:{t.dns[how]}"

    for how in ("udp", "tcp"):
        for host, kind in (("one", "A"), ("two", "A"), ("soa", "SOA"), ("none", "A"), ("all", "ANY"),
                           ("missing", "A"), ("broken", "A"), ("refused", "A"), ("big", "A"),
                           ("none", "SOA")):
            yield (f"{how}_{host}_{kind}", to(how), {
                "query_name": f"{host}.example.org", "query_type": kind, "transport_protocol": how})
        for host in ("silent", "garbage", "other"):
            yield (f"{how}_{host}", to(how), {
                "query_name": f"{host}.example.org", "transport_protocol": how}, IMPATIENCE)
    yield "v6", to("udp", "[::1]"), {"query_name": "one.example.org"}
    yield "name", to("udp", "localhost"), {"query_name": "one.example.org"}
    yield "valid_nxdomain", to("udp"), {"query_name": "missing.example.org",
                                        "valid_rcodes": ["NXDOMAIN"]}
    yield "noerror_not_valid", to("udp"), {"query_name": "one.example.org",
                                           "valid_rcodes": ["NXDOMAIN", "SERVFAIL"]}
    yield "refused", f"127.0.0.1:{t.refused}", {"query_name": "one.example.org",
                                                "transport_protocol": "tcp"}
    yield "refused_udp", f"127.0.0.1:{t.refused}", {"query_name": "one.example.org"}, IMPATIENCE
    yield "no_recursion", to("udp"), {"query_name": "one.example.org", "recursion_desired": False}
    yield "over_tls", to("tls", "localhost"), {
        "query_name": "one.example.org", "transport_protocol": "tcp", "dns_over_tls": True, **t.ca()}
    yield "over_tls_unverified_ca", to("tls", "localhost"), {
        "query_name": "one.example.org", "transport_protocol": "tcp", "dns_over_tls": True}
    for check in ("fail_if_matches_regexp", "fail_if_all_match_regexp",
                  "fail_if_not_matches_regexp", "fail_if_none_matches_regexp"):
        for what, regexp in (("every", "192\\.0\\.2"), ("one", "192\\.0\\.2\\.2$"), ("no", "198\\.")):
            yield (f"{check}_{what}", to("udp"), {
                "query_name": "two.example.org", "query_type": "A",
                "validate_answer_rrs": {check: [regexp]}})
        yield (f"{check}_empty", to("udp"), {
            "query_name": "none.example.org", "validate_answer_rrs": {check: ["x"]}})
    yield "whole_record", to("udp"), {
        "query_name": "one.example.org", "query_type": "A", "validate_answer_rrs": {
            "fail_if_not_matches_regexp": ["^one\\.example\\.org\\.\t300\tIN\tA\t192\\.0\\.2\\.1$"]}}
    for kind, regexp in (("MX", "example\\.org\\.\t300\tIN\tMX\t10 mail\\.example\\.org\\."),
                         ("TXT", "\tTXT\t\"hello world\" \"q\\\\\\\\\\\\255;\""),
                         ("AAAA", "\tAAAA\t2001:db8::1"),
                         ("SOA", "\tSOA\tns.example.org. admin.example.org. 4000000001 7200 3600")):
        yield f"record_{kind}", to("udp"), {
            "query_name": "all.example.org",
            "validate_answer_rrs": {"fail_if_none_matches_regexp": [regexp]}}
    yield "authority", to("udp"), {"query_name": "two.example.org", "validate_authority_rrs": {
        "fail_if_not_matches_regexp": ["\tNS\tns\\.example\\.org\\."]}}
    yield "additional", to("udp"), {"query_name": "two.example.org", "validate_additional_rrs": {
        "fail_if_matches_regexp": ["192\\.0\\.2\\.53"]}}


def icmp(_t):
    for host in ("127.0.0.1", "::1", "localhost"):
        yield host, host
    yield "payload", "127.0.0.1", {"payload_size": 1000}
    yield "dont_fragment", "127.0.0.1", {"dont_fragment": True}
    yield "ttl", "127.0.0.1", {"ttl": 5}
    yield "source", "127.0.0.1", {"source_ip_address": "127.0.0.3"}
    yield "ip6_only", "127.0.0.1", {"ip_protocol_fallback": False}
    yield "unknown_name", "no-such-host.invalid", {}, "3s"


def grpc(t):
    health = f"127.0.0.1:{t.grpc['health']}"
    yield "serving", health
    for service in ("up", "down", "starting", "odd", "missing"):
        yield service, health, {"service": service}
    yield "name", f"localhost:{t.grpc['health']}", {"preferred_ip_protocol": "ip4"}
    yield "v6", f"[::1]:{t.grpc['health']}"
    yield "unimplemented", f"127.0.0.1:{t.grpc['unimplemented']}"
    yield "no_grpc", f"127.0.0.1:{t.grpc['no_grpc']}"
    yield "refused", f"127.0.0.1:{t.refused}"
    yield "unknown_name", "no-such-host.invalid:1", {}, "3s"
    yield "tls", f"localhost:{t.grpc_tls['good']}", {"tls": True, **t.ca()}
    yield "tls_expired", f"localhost:{t.grpc_tls['expired']}", {"tls": True, **t.ca()}
    yield "tls_down", f"localhost:{t.grpc_tls['good']}", {"tls": True, "service": "down", **t.ca()}
