#!/usr/bin/env python3
"""Every block of commands in every Markdown file is executed by a test, or says why not; and every block of YAML is YAML."""

import os
import unittest

from blocks import EXCEPTIONS, TOP, Block, Unreadable, all_blocks, commands, find, parse
from references import Reference, in_script, references, taken, typed_on_bare_system

ADVICE = f"""
Execute it in a walk, by run_block FILE 'TEXT' in a test (tests/README.md#the-readmes-commands); or give it the
language that it is in (text, yaml, promql, ini …) if it holds no commands; or say right before it why nothing runs it:

    <!-- not run: REASON -->          where REASON is one of: {"; ".join(EXCEPTIONS)}
"""


def listed(blocks: list[Block]) -> str:
    return "".join(f"\n{block.place}\n" + "".join(f"    {line}\n" for line in block.text.splitlines()) for block in blocks)


class EveryBlock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.blocks = all_blocks()
        cls.references = references()
        cls.commands = [block for block in cls.blocks if block.has_commands]

    def test_there_are_some(self):
        self.assertGreater(len(self.commands), 10)
        self.assertGreater(len(self.references), 10)

    def test_what_the_tests_name_is_there(self):
        for reference in self.references:
            with self.subTest(reference.place):
                try:
                    find(self.blocks, reference.file, reference.text)
                except Unreadable as fault:
                    self.fail(f"{reference.place}: {fault}")

    def test_what_is_typed_on_a_bare_system_is_there(self):
        typed = typed_on_bare_system()
        self.assertGreater(len(typed), 5)
        for file, text in typed:
            with self.subTest(text):
                find(self.blocks, file, text)

    def test_commands_are_executed_or_say_why_not(self):
        executed = taken(self.blocks, self.references, runs=True)
        left = [block for block in self.commands if block not in executed and block.exception is None]
        if left:
            self.fail(f"no test executes these blocks:\n{listed(left)}{ADVICE}")

    def test_exceptions_are_few_and_known(self):
        for block in self.blocks:
            if block.exception is not None:
                self.assertIn(block.exception, EXCEPTIONS, f"{block.place}: no reason not to run it")

    def test_what_is_executed_is_no_exception(self):
        for block in taken(self.blocks, self.references, runs=True):
            self.assertIsNone(block.exception, f"{block.place} is executed by a test: take the comment away")

    # Of what nothing runs at least the program is there.
    def test_programs_of_exceptions_exist(self):
        for block in self.commands:
            for command in commands(block) if block.exception else []:
                program = command.split()[0]
                if "/" in program:
                    self.assertTrue((TOP / program).is_file(), f"{block.place}: there is no {program}")

    def test_yaml_is_yaml(self):
        try:
            import yaml
        except ImportError:
            if os.environ.get("CI"):
                raise
            self.skipTest("there is no PyYAML (Debian: python3-yaml)")
        for block in self.blocks:
            if block.language in ("yaml", "yml"):
                with self.subTest(block.place):
                    self.assertIsNotNone(yaml.safe_load(block.text))


def block_of(text: str) -> Block:
    (block,) = parse("a.md", text)
    return block


class Markdown(unittest.TestCase):
    def test_a_block_has_language_line_and_text(self):
        block = block_of("# Title\n\n```sh\none\n\ntwo\n```\n")
        self.assertEqual(("sh", 4, "one\n\ntwo\n", None), (block.language, block.line, block.text, block.exception))
        self.assertTrue(block.has_commands)

    def test_only_shells_and_no_language_are_commands(self):
        for language, expected in [("", True), ("bash", True), ("console", True), ("yaml", False), ("text", False)]:
            self.assertEqual(expected, block_of(f"```{language}\nx\n```\n").has_commands)

    def test_the_indentation_of_a_list_is_taken_away(self):
        self.assertEqual("one\n  two\n", block_of("- item\n\n  ```\n  one\n    two\n  ```\n").text)

    def test_a_longer_fence_may_hold_a_shorter_one(self):
        self.assertEqual("```\nx\n```\n", block_of("````text\n```\nx\n```\n````\n").text)

    def test_backticks_in_a_line_are_no_fence(self):
        self.assertEqual([], parse("a.md", "```x``` is code\n"))

    def test_of_a_console_the_lines_after_a_prompt(self):
        self.assertEqual("ls\nid\n", block_of("```console\n$ ls\na b\n# id\nuid=0\n```\n").text)

    def test_a_comment_is_about_what_comes_right_after_it(self):
        self.assertEqual("needs a registry", block_of("<!-- not run: needs a registry -->\n\n```\nx\n```\n").exception)
        self.assertIsNone(block_of("<!-- not run: needs a registry -->\nText.\n\n```\nx\n```\n").exception)
        first, second = parse("a.md", "<!-- not run: needs a registry -->\n```\nx\n```\n```\ny\n```\n")
        self.assertEqual(("needs a registry", None), (first.exception, second.exception))

    def test_a_block_without_an_end_is_told(self):
        with self.assertRaisesRegex(Unreadable, "a.md:2: this block has no end"):
            parse("a.md", "\n```\nx\n")


class Finding(unittest.TestCase):
    blocks = parse("a.md", "```\none\ntwo\n```\n```\nzero\none\ntwo\n```\n```\n# a\nthree \\\n  four # b\n\nfive\n```\n")

    def test_the_one_that_is_the_text_or_has_it(self):
        self.assertEqual(2, find(self.blocks, "a.md", "one\ntwo").line)
        self.assertEqual(6, find(self.blocks, "a.md", "zero").line)

    def test_none_and_more_than_one_are_told(self):
        with self.assertRaisesRegex(Unreadable, "more than one block, at lines 2, 6"):
            find(self.blocks, "a.md", "two")
        with self.assertRaisesRegex(Unreadable, 'a.md has no block with "six"'):
            find(self.blocks, "a.md", "six")

    def test_commands_one_by_one(self):
        self.assertEqual(["three \\\n  four # b", "five"], commands(self.blocks[2]))


class Calls(unittest.TestCase):
    def test_all_kinds_of_calls_are_found(self):
        script = """
# run_block a.md comment
run_block a.md 'one
two' -e 's|a|b|'
  run_block_in_system b.md "with 'quotes'"; start_block c.md --flag
text=$(block_of d.md 'yaml: x')
  swarm_readme compose/images/build.sh
run_block "$file" 'by a variable'
"""
        found = [(r.line, r.file, r.text, r.runs) for r in in_script("x_test.sh", script)]
        self.assertEqual(
            [
                (3, "a.md", "one\ntwo", True),
                (5, "b.md", "with 'quotes'", True),
                (5, "c.md", "--flag", True),
                (6, "d.md", "yaml: x", False),
                (7, "compose/README.md", "compose/images/build.sh", True),
            ],
            found,
        )

    def test_a_reference_takes_its_block(self):
        blocks = parse("a.md", "```\none\n```\n```\ntwo\n```\n")
        calls = [Reference("x", 1, "a.md", "one", True), Reference("x", 2, "a.md", "two", False)]
        self.assertEqual({blocks[0]}, taken(blocks, calls, runs=True))


if __name__ == "__main__":
    unittest.main()
