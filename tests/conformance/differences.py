"""Where ours differs from blackbox_exporter on purpose, and why. The test fails as well when a
difference listed here is not there (any more).

Ours has the metrics of 0.26. Older ones are in use, too: Debian bookworm's is 0.23."""

import dataclasses
import fnmatch
import re


@dataclasses.dataclass
class Difference:
    cases: str   # glob
    series: str  # regular expression, of the whole name with labels
    reason: str
    until: tuple = (99, 0)  # from which version on it is gone
    seen: bool = False

    def covers(self, case, series):
        return fnmatch.fnmatch(case, self.cases) and re.fullmatch(self.series, series)


NO_ADDRESS = "an address that can't be is refused before its name is looked up"
CERTIFICATE = r"probe_ssl_(earliest_cert_expiry|last_chain_info\{.*\})"


REFUSED_CERTIFICATES = ("tls_expired", "tls_not_yet", "tls_wrong_name", "tls_no_names",
                        "tls_unknown_ca", "tls_self_signed", "tls_system_ca", "tls_wrong_server_name",
                        "tls_wrong_hostname", "redirects_to_expired*", "tcp_tls_expired",
                        "tcp_tls_self_signed", "starttls_wrong_name", "grpc_tls_expired")
RESPONSE = "probe_(success|http_(content_length|status_code|uncompressed_body_length|version))"
RESOLVED = r"probe_dns_lookup_time_seconds|probe_ip_protocol|probe_ip_addr_hash"


def known_to(version, series):
    """Our series without what a blackbox_exporter of that version does not have yet."""
    if version >= (0, 26):
        return series
    return {re.sub(r',serialnumber="[^"]*"', "", key): value for key, value in series.items()
            if not key.startswith("probe_tls_cipher_info")}


def table(version):
    return [entry for entry in _every_difference() if version < entry.until]


def _every_difference():
    return [
        Difference("*", r"probe_failure_reason\{.*\}",
                   "why a probe failed is a metric: users' longest-standing wish"),
        *(Difference(cases, CERTIFICATE,
                     "a certificate that is refused is the one whose expiry is wanted most")
          for cases in REFUSED_CERTIFICATES),
        Difference("tls_mutual", rf"{CERTIFICATE}|probe_ssl_last_chain_expiry_timestamp_seconds"
                                 r"|probe_tls_(version|cipher)_info\{.*\}",
                   "the server's certificate was good, and is told of, though it wants ours"),
        Difference("tcp_bad_port", RESOLVED, NO_ADDRESS),
        *(Difference(cases, rf"{RESOLVED}|probe_http_duration_seconds\{{.*\}}", NO_ADDRESS)
          for cases in ("addresses_bad_port", "addresses_no_host", "addresses_no_host_but_port")),
        Difference("redirects_auth_to_other_host", "probe_(success|http_status_code)",
                   "the password for one host is told to no other that it redirects to"),
        Difference("redirects_to_blank", "probe_http_(content|uncompressed_body)_length",
                   "a blank in a Location is sent as %20, and the request remains one"),
        *(Difference(f"redirects_not_followed_{what}",
                     "probe_(success|failed_due_to_regex|http_uncompressed_body_length)",
                     "the body of a redirect that is not followed is read and judged as any other")
          for what in ("body", "gzip")),
        Difference("headers_offset", "probe_http_last_modified_timestamp_seconds",
                   "a date is understood by its +0200 as well as by its GMT"),
        Difference("headers_blank_before_colon", RESPONSE,
                   "RFC 9112 forbids the blank: it hides a header from whoever stands between"),
        *(Difference(cases, RESPONSE,
                     "a status line of a version that HTTP never had on this wire is no HTTP")
          for cases in ("answers_http12", "answers_http3")),
        Difference("dns_udp_garbage", "waits until the timeout",
                   "anybody can send a datagram: what is no DNS message is passed over, and the"
                   " answer waited for"),
        Difference("grpc_[!t]*", "probe_ssl_earliest_cert_expiry",
                   "no certificate expires where there is no TLS", until=(0, 26)),
        Difference("grpc_v6",
                   r"probe_(success|grpc_status_code|grpc_healthcheck_response\{.*SERVING.*\})",
                   "IPv6 literals work; 0.23 loses their brackets"),
    ]
