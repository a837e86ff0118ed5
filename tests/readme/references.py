"""Which block is taken by which test: the calls of lib.sh's functions in the scripts that ctest runs, NAME_test.sh. A
call names its file and its text as they are, not by variables, so that it can be found here:

    run_block FILE 'TEXT'     and everything whose name begins so: the block's commands are executed
    start_block FILE 'TEXT'   likewise, each in the background
    readme 'TEXT'             and everything whose name ends so: run_block compose/README.md 'TEXT', for a stack of the
                              test's own
    block_of FILE 'TEXT'      the block is read: configuration that is checked
"""

import pathlib
import re
from dataclasses import dataclass

from blocks import TOP, Block, Unreadable, find

WORD = r"""('[^']*'|"[^"$`\\]*"|[^\s'"$`;|&()]+)"""
CALL = re.compile(r"\b(run_block\w*|start_block|block_of) +(\S+\.md) +" + WORD)
CALL_OF_COMPOSE = re.compile(r"^ *(\w*readme) +" + WORD, re.MULTILINE)


CALL_ON_BARE_SYSTEM = re.compile(r"\b(?:walk \d+|(?:typed_block \d+|read_block) (\S+\.md)) +" + WORD)


@dataclass(frozen=True)
class Reference:
    script: str
    line: int
    file: str
    text: str
    runs: bool

    @property
    def place(self) -> str:
        return f"{self.script}:{self.line}"


def references(top: pathlib.Path = TOP) -> list[Reference]:
    scripts = sorted((top / "tests").rglob("*_test.sh"))
    return [reference for path in scripts for reference in in_script(str(path.relative_to(top)), path.read_text())]


def typed_on_bare_system(top: pathlib.Path = TOP) -> list[tuple[str, str]]:
    """File and text of what tests/bare/run types, which ctest does not run: nothing counts as executed by it."""
    calls = CALL_ON_BARE_SYSTEM.findall((top / "tests/bare/parts.sh").read_text())
    return [(file or "compose/README.md", word[1:-1] if word[0] in "'\"" else word) for file, word in calls]


def in_script(script: str, text: str) -> list[Reference]:
    text = re.sub(r"^ *#.*$", "", text, flags=re.MULTILINE)  # what comments say is no call
    calls = [(match, *match.groups()) for match in CALL.finditer(text)]
    calls += [(match, match[1], "compose/README.md", match[2]) for match in CALL_OF_COMPOSE.finditer(text)]
    return [
        Reference(script, text.count("\n", 0, match.start(1)) + 1, file, word[1:-1] if word[0] in "'\"" else word, function != "block_of")
        for match, function, file, word in calls
    ]


def taken(blocks: list[Block], all_references: list[Reference], runs: bool) -> set[Block]:
    """What no block has takes none."""
    found = set()
    for reference in all_references:
        if reference.runs == runs:
            try:
                found.add(find(blocks, reference.file, reference.text))
            except Unreadable:
                continue
    return found
