#include "exporter/probes/grpc/grpc_message.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace selfheal {
namespace {

constexpr size_t kPrefix = 5;  // a flag for compression, then the length in four bytes

void append_varint(std::string& bytes, uint64_t number) {
  for (; number > 0x7f; number >>= 7) bytes += static_cast<char>((number & 0x7f) | 0x80);
  bytes += static_cast<char>(number);
}

// Takes a number from the front of `bytes`.
std::optional<uint64_t> take_varint(std::string_view& bytes) {
  uint64_t number = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

bool skip(std::string_view& bytes, uint64_t size) {
  if (size > bytes.size()) return false;
  bytes.remove_prefix(size);
  return true;
}

// A field that isn't known, by its wire type.
bool skip_field(std::string_view& bytes, uint64_t wire_type) {
  switch (wire_type) {
    case 0:
      return take_varint(bytes).has_value();
    case 1:
      return skip(bytes, 8);
    case 2: {
      const auto size = take_varint(bytes);
      return size && skip(bytes, *size);
    }
    case 5:
      return skip(bytes, 4);
    default:
      return false;
  }
}

// `status`, the enum that is field 1; 0 where it is left out.
std::optional<uint64_t> status_in(std::string_view message) {
  uint64_t status = 0;
  while (!message.empty()) {
    const auto key = take_varint(message);
    if (!key) return std::nullopt;
    if (*key == (1 << 3)) {
      const auto number = take_varint(message);
      if (!number) return std::nullopt;
      status = *number;
    } else if (!skip_field(message, *key & 7)) {
      return std::nullopt;
    }
  }
  return status;
}

std::string serving_status(uint64_t number) {
  constexpr std::array<const char*, 4> kNames{"UNKNOWN", "SERVING", "NOT_SERVING",
                                              "SERVICE_UNKNOWN"};
  return number < kNames.size() ? kNames[number] : std::to_string(number);
}

}  // namespace

std::string encode_health_request(const std::string& service) {
  std::string message;
  if (!service.empty()) {
    message += '\x0a';  // field 1, a string
    append_varint(message, service.size());
    message += service;
  }
  std::string framed(1, '\0');
  for (const int shift : {24, 16, 8, 0}) framed += static_cast<char>(message.size() >> shift);
  return framed + message;
}

Result<std::string> decode_health_response(std::string_view bytes) {
  if (bytes.size() < kPrefix) return Error{"the response holds no message"};
  if (bytes[0] != '\0') return Error{"the response is compressed, which nobody asked for"};
  uint64_t size = 0;
  for (size_t i = 1; i < kPrefix; ++i) size = size << 8 | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(kPrefix);
  if (size != bytes.size()) return Error{"the response's message is not as long as it says"};
  const auto status = status_in(bytes);
  if (!status) return Error{"the response is no HealthCheckResponse"};
  return serving_status(*status);
}

std::string grpc_status_text(int status) {
  constexpr std::array<const char*, 17> kNames{"OK",
                                               "CANCELLED",
                                               "UNKNOWN",
                                               "INVALID_ARGUMENT",
                                               "DEADLINE_EXCEEDED",
                                               "NOT_FOUND",
                                               "ALREADY_EXISTS",
                                               "PERMISSION_DENIED",
                                               "RESOURCE_EXHAUSTED",
                                               "FAILED_PRECONDITION",
                                               "ABORTED",
                                               "OUT_OF_RANGE",
                                               "UNIMPLEMENTED",
                                               "INTERNAL",
                                               "UNAVAILABLE",
                                               "DATA_LOSS",
                                               "UNAUTHENTICATED"};
  const auto index = static_cast<size_t>(status);
  return index < kNames.size() ? kNames[index] : "status " + std::to_string(status);
}

std::string grpc_message_text(std::string_view encoded) {
  std::string text;
  for (size_t i = 0; i < encoded.size(); ++i) {
    unsigned byte = 0;
    const char* digits = encoded.data() + i + 1;
    const bool escape = encoded[i] == '%' && i + 2 < encoded.size() &&
                        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    text += escape ? static_cast<char>(byte) : encoded[i];
    if (escape) i += 2;
  }
  return text;
}

}  // namespace selfheal
