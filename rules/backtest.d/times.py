"""Moments and spans as people and Prometheus write them."""
import re
from datetime import datetime, timezone

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
SPAN = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
PART = re.compile(r"(\d+)(ms|[smhdwy])")


def parse_span(text):
    """Prometheus' durations: 1h30m, 500ms. In seconds."""
    if not SPAN.fullmatch(text):
        raise ValueError(f"'{text}' is no duration, such as 5s, 90m or 1h30m")
    seconds = sum(int(count) * UNITS[unit] for count, unit in PART.findall(text))
    if seconds == 0:
        raise ValueError("a duration of nothing is too short")
    return seconds


def parse_time(text, now):
    if text == "now":
        return now
    if text.startswith("-"):
        return now - parse_span(text[1:])
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is no time, such as -6h or 2026-11-27T10:00:00Z") from None
    # Without an offset it is the clock on this machine's wall.
    return moment.timestamp()


def format_span(seconds):
    if seconds < 1:
        return f"{seconds * 1000:.0f}ms"
    whole = round(seconds)
    text = ""
    for unit in ("d", "h", "m", "s"):
        count, whole = divmod(whole, UNITS[unit])
        text += f"{count}{unit}" if count else ""
    return text


def format_time(moment):
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
