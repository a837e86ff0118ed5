"""Slack's text format: https://docs.slack.dev/messaging/formatting-message-text.

&, < and > must be written as entities, but for <ADDRESS|LABEL>. Everything else in angle brackets
calls people (<!here>, <@U1>) or is taken for an address.
"""
import re

ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
LINK = re.compile(r"<(https?://[^\s<>|]+)\|([^<>|\n]+)>")
ENTITY = re.compile(r"&(?:amp|lt|gt);")


def links(text):
    """Label to address."""
    return {label: unescape(address) for address, label in LINK.findall(text)}


def unescape(text):
    return ENTITY.sub(lambda match: ENTITIES[match[0]], text)


def visible(text):
    """What a reader sees, formatting aside."""
    return unescape(LINK.sub(lambda match: match[2], text))


def faults(text):
    rest = ENTITY.sub("", LINK.sub("", text))
    found = [f"a bare {char!r} in {text[:200]!r}" for char in "&<>" if char in rest]
    if text.count("`") % 2:
        found.append(f"a ` that opens code and doesn't close it in {text[:200]!r}")
    return found
