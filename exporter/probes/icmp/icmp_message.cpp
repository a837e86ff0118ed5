#include "exporter/probes/icmp/icmp_message.h"

#include <array>
#include <utility>

namespace selfheal {
namespace {

constexpr size_t kHeader = 8;
constexpr size_t kChecksumAt = 2;

struct EchoTypes {
  uint8_t request, reply;
};

EchoTypes types_of(IpProtocol ip) {
  return ip == IpProtocol::ip4 ? EchoTypes{8, 0} : EchoTypes{128, 129};
}

uint8_t byte_at(std::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]);
}

uint16_t u16_at(std::string_view bytes, size_t at) {
  return static_cast<uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

std::string u16(uint16_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
}

// RFC 1071.
uint16_t checksum(std::string_view bytes) {
  uint32_t sum = 0;
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) sum += u16_at(bytes, at);
  if (bytes.size() % 2 != 0) sum += static_cast<uint32_t>(byte_at(bytes, bytes.size() - 1)) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum & 0xffff);
}

std::optional<IcmpEcho> parse_echo(uint8_t type, std::string_view message) {
  if (message.size() < kHeader || byte_at(message, 0) != type || byte_at(message, 1) != 0)
    return std::nullopt;
  return IcmpEcho{u16_at(message, 4), u16_at(message, 6), message.substr(kHeader)};
}

struct ErrorText {
  int type;
  int code;  // -1: any other
  std::string_view text;
};

constexpr std::array kErrors4 = {
    ErrorText{3, 0, "network unreachable"},
    ErrorText{3, 1, "host unreachable"},
    ErrorText{3, 2, "protocol unreachable"},
    ErrorText{3, 3, "port unreachable"},
    ErrorText{3, 4, "fragmentation needed, but forbidden by dont_fragment"},
    ErrorText{3, 9, "network administratively prohibited"},
    ErrorText{3, 10, "host administratively prohibited"},
    ErrorText{3, 13, "communication administratively prohibited"},
    ErrorText{3, -1, "destination unreachable"},
    ErrorText{11, 0, "time to live exceeded on the way"},
    ErrorText{11, -1, "fragments missing"},
    ErrorText{12, -1, "parameter problem"},
};

constexpr std::array kErrors6 = {
    ErrorText{1, 0, "no route to the destination"},
    ErrorText{1, 1, "communication administratively prohibited"},
    ErrorText{1, 3, "address unreachable"},
    ErrorText{1, 4, "port unreachable"},
    ErrorText{1, -1, "destination unreachable"},
    ErrorText{2, -1, "packet too big"},
    ErrorText{3, 0, "hop limit exceeded on the way"},
    ErrorText{3, -1, "fragments missing"},
    ErrorText{4, -1, "parameter problem"},
};

template <class Table>
std::optional<std::string> text_in(const Table& table, int type, int code) {
  for (const ErrorText& error : table) {
    if (error.type == type && (error.code == code || error.code < 0))
      return std::string(error.text);
  }
  return std::nullopt;
}

}  // namespace

std::string echo_request(IpProtocol ip, const IcmpEcho& echo) {
  std::string message{static_cast<char>(types_of(ip).request), 0, 0, 0};
  message += u16(echo.id) + u16(echo.sequence);
  message += echo.payload;
  if (ip == IpProtocol::ip4) message.replace(kChecksumAt, 2, u16(checksum(message)));
  return message;
}

std::optional<IcmpEcho> parse_echo_reply(IpProtocol ip, std::string_view message) {
  return parse_echo(types_of(ip).reply, message);
}

std::optional<IcmpEcho> parse_quoted_request(IpProtocol ip, std::string_view quoted) {
  return parse_echo(types_of(ip).request, quoted);
}

std::string_view without_ipv4_header(std::string_view packet) {
  if (packet.empty() || byte_at(packet, 0) >> 4 != 4) return {};
  const size_t header = static_cast<size_t>(byte_at(packet, 0) & 0x0f) * 4;
  constexpr size_t kShortest = 20;
  if (header < kShortest || header > packet.size()) return {};
  return packet.substr(header);
}

std::optional<std::string> icmp_error_text(IpProtocol ip, uint8_t type, uint8_t code) {
  return ip == IpProtocol::ip4 ? text_in(kErrors4, type, code) : text_in(kErrors6, type, code);
}

}  // namespace selfheal
