#!/usr/bin/env python3
"""The fenced blocks of the project's Markdown: where they stand, which hold commands, which are not to be run and why.

    blocks.py list              every block, and what becomes of it
    blocks.py show FILE TEXT    the block of FILE that is TEXT, or else the only one that has TEXT in it
    blocks.py commands FILE TEXT    its commands one by one, a NUL after each

FILE is relative to the top of the repository. A block without a language, or with one of COMMAND_LANGUAGES, holds
commands; of a `console` block the lines after a prompt. A comment right before a block says that nothing runs it:

    <!-- not run: needs a hypervisor -->
"""

import pathlib
import re
import sys
from dataclasses import dataclass

TOP = pathlib.Path(__file__).resolve().parents[2]
COMMAND_LANGUAGES = ("", "sh", "bash", "shell", "console")

# Why a block of commands need not be run by a test: for nothing else.
EXCEPTIONS = (
    "the test command itself",
    "needs a registry",
    "needs a hypervisor",
    "takes many minutes",  # and tests/README.md or bench/README.md tells of it
)

FENCE = re.compile(r"( *)(`{3,}|~{3,}) *([\w+-]*)[^`]*$")
MARKER = re.compile(r" *<!-- *not run: *(.*?) *-->$")


@dataclass(frozen=True)
class Block:
    file: str
    line: int  # of its first line, as editors count
    language: str
    text: str  # with its indentation taken away, and a newline at its end
    exception: str | None

    @property
    def has_commands(self) -> bool:
        return self.language in COMMAND_LANGUAGES

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


class Unreadable(Exception):
    """What is wrong with the Markdown, or with what was asked for, for a person."""


def markdown_files(top: pathlib.Path = TOP) -> list[str]:
    """All of the tree's, but for what is built or hidden."""
    files = (path.relative_to(top) for path in top.rglob("*.md"))
    return sorted(str(file) for file in files if file.parts[0] != "build" and not file.parts[0].startswith("."))


def parse(file: str, text: str) -> list[Block]:
    blocks, lines, exception = [], iter(enumerate(text.splitlines(), 1)), None
    for number, line in lines:
        fence, marker = FENCE.match(line), MARKER.match(line)
        if fence:
            blocks.append(_block(file, number, fence, lines, exception))
        if marker:
            exception = marker[1]
        elif line.strip():
            exception = None  # it is about what comes right after it
    return blocks


def _block(file: str, fence_line: int, fence: re.Match, lines, exception: str | None) -> Block:
    indentation, ticks, language = fence.groups()
    content = []
    for _, line in lines:
        if re.fullmatch(re.escape(ticks[0]) + "{%d,}" % len(ticks), line.strip()):
            return Block(file, fence_line + 1, language, _plain(content, language), exception)
        content.append(line.removeprefix(indentation))
    raise Unreadable(f"{file}:{fence_line}: this block has no end")


def _plain(lines: list[str], language: str) -> str:
    if language == "console":
        lines = [line[2:] for line in lines if line.startswith(("$ ", "# "))]
    return "".join(line + "\n" for line in lines)


def all_blocks(top: pathlib.Path = TOP) -> list[Block]:
    return [block for file in markdown_files(top) for block in parse(file, (top / file).read_text())]


def find(blocks: list[Block], file: str, text: str) -> Block:
    here = [block for block in blocks if block.file == file]
    for matching in ([b for b in here if b.text.strip() == text.strip()], [b for b in here if text in b.text]):
        if len(matching) == 1:
            return matching[0]
        if matching:
            lines = ", ".join(str(block.line) for block in matching)
            raise Unreadable(f'{file}: "{text}" is in more than one block, at lines {lines}: say more of the one you mean')
    raise Unreadable(f'{file} has no block with "{text}"')


def commands(block: Block) -> list[str]:
    """Line by line, lines that end with a backslash together with the next; without comments' own lines."""
    joined = re.findall(r"(?:.*\\\n)*.*\n", block.text)
    return [command.rstrip("\n") for command in joined if command.strip() and not command.lstrip().startswith("#")]


def main(arguments: list[str]) -> None:
    match arguments:
        case ["list"]:
            for block in all_blocks():
                print(f"{block.place}\t{block.language or '-'}\t{block.exception or ''}\t{block.text.splitlines()[:1]}")
        case ["show", file, text]:
            print(find(all_blocks(), file, text).text, end="")
        case ["commands", file, text]:
            print("".join(command + "\0" for command in commands(find(all_blocks(), file, text))), end="")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Unreadable as fault:
        sys.exit(str(fault))
