#!/usr/bin/env python3
"""The workflows are what a runner takes: known keys, steps that bash can read, commands that there are, expressions
that mean something; and they do what they are for. Skipped without PyYAML (Debian: python3-yaml)."""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

try:
    import yaml
except ImportError:
    print("no PyYAML: skipped, and in CI a failure", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") else 77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKFLOWS = {path.stem: path for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}

TOP_KEYS = {"name", "on", "permissions", "concurrency", "env", "defaults", "jobs"}
CALLING_JOB_KEYS = {"name", "needs", "if", "uses", "with", "permissions"}
JOB_KEYS = {"name", "needs", "if", "runs-on", "timeout-minutes", "strategy", "steps", "env", "permissions", "outputs"}
STEP_KEYS = {"name", "id", "if", "uses", "with", "run", "env", "shell", "working-directory", "timeout-minutes"}
COMMAND = re.compile(r"(?:^|[\s&|;'])((?:\.github|\.ci|compose|tests)/[\w./-]+)", re.MULTILINE)
PACKAGES = re.compile(r"(?:packages\.sh|ensure_packages) ([a-z -]+)")
NEEDS = {"compose/packages/sbom": {"build", "sbom"}, "cmake --preset": {"build", "run", "test"}}  # groups of packages.sh
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def load(path: pathlib.Path) -> dict:
    workflow = yaml.safe_load(path.read_text())
    if True in workflow:  # YAML 1.1 takes the key "on" for a truth value
        workflow["on"] = workflow.pop(True)
    return workflow


def steps(workflow: dict):
    for name, job in workflow["jobs"].items():
        for step in job.get("steps", []):
            yield name, job, step


def matrix_keys(job: dict) -> set[str]:
    matrix = job.get("strategy", {}).get("matrix", {})
    return (set(matrix) - {"include"}) | {key for each in matrix.get("include", []) for key in each}


class Workflows(unittest.TestCase):
    def each(self):
        return [(name, load(path)) for name, path in WORKFLOWS.items()]

    def test_there_are_two(self):
        self.assertEqual(sorted(WORKFLOWS), ["check", "release"])

    def test_keys_are_known(self):
        for _, workflow in self.each():
            self.assertLessEqual(set(workflow), TOP_KEYS)
            self.assertIn("permissions", workflow)  # the token can do no more than is needed
            for name, job in workflow["jobs"].items():
                needed = job.get("needs", [])
                self.assertLessEqual({needed} if isinstance(needed, str) else set(needed), set(workflow["jobs"]), name)
                if "uses" in job:
                    self.assertLessEqual(set(job), CALLING_JOB_KEYS, name)
                    self.assertIn("workflow_call", load(ROOT / job["uses"])["on"], name)
                    continue
                self.assertLessEqual(set(job), JOB_KEYS, name)
                self.assertIn("timeout-minutes", job, name)
                self.assertTrue(job["steps"], name)
            for name, _, step in steps(workflow):
                self.assertLessEqual(set(step), STEP_KEYS, name)
                self.assertEqual(len({"uses", "run"} & set(step)), 1, step)

    # A release's, or a commit's.
    def test_actions_have_a_version(self):
        for _, workflow in self.each():
            for _, _, step in steps(workflow):
                if "uses" in step:
                    self.assertRegex(step["uses"], r"^[\w-]+/[\w.-]+@(v\d+[\d.]*|[0-9a-f]{40})$")

    def test_no_token_is_left_in_the_checkout(self):
        for _, workflow in self.each():
            for name, _, step in steps(workflow):
                if step.get("uses", "").startswith("actions/checkout@"):
                    self.assertIs(step.get("with", {}).get("persist-credentials"), False, name)

    def test_scripts_are_bash(self):
        for _, workflow in self.each():
            for name, _, step in steps(workflow):
                if "run" in step:
                    script = EXPRESSION.sub("x", step["run"])
                    checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
                    self.assertEqual(checked.returncode, 0, f"{name}: {checked.stderr}")

    def test_commands_are_there(self):
        found = set()
        for _, workflow in self.each():
            for name, _, step in steps(workflow):
                for command in COMMAND.findall(step.get("run", "")):
                    found.add(command)
                    self.assertTrue(os.access(ROOT / command, os.X_OK), f"{name}: {command} is no program")
        self.assertGreater(len(found), 5)

    # Each step begins with a bare Debian.
    def test_what_a_program_needs_is_asked_for(self):
        commands = [step["run"] for _, workflow in self.each() for _, _, step in steps(workflow) if "run" in step]
        commands += [path.read_text() for path in (ROOT / ".github").iterdir() if path.is_file()]
        for program, groups in NEEDS.items():
            users = [each for each in commands if program in each]
            self.assertTrue(users, program)
            for each in users:
                asked = set(" ".join(PACKAGES.findall(each)).split())
                self.assertLessEqual(groups, asked, f"{program} is used by:\n{each}")

    def test_expressions_mean_something(self):
        for _, workflow in self.each():
            for name, job, step in steps(workflow):
                for expression in EXPRESSION.findall(json.dumps([step, job.get("env", {})])):
                    context, _, key = expression.partition(".")
                    self.assertIn(context, {"github", "matrix", "secrets", "vars"}, f"{name}: {expression}")
                    if context == "matrix":
                        self.assertIn(key, matrix_keys(job), name)

    def test_presets_and_labels_exist(self):
        presets = {each["name"] for each in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]}
        check = load(WORKFLOWS["check"])
        self.assertLessEqual(set(check["jobs"]["sanitizers"]["strategy"]["matrix"]["preset"]), presets)
        asked = set()
        for each in check["jobs"]["tests"]["strategy"]["matrix"]["include"]:
            asked |= set(each["labels"].split("|"))
        known = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "tests/README.md").read_text(), re.MULTILINE))
        self.assertEqual(asked, known)  # no kind of test is left out

    def test_they_do_what_they_are_for(self):
        check, release = load(WORKFLOWS["check"]), load(WORKFLOWS["release"])
        self.assertLessEqual({"push", "pull_request"}, set(check["on"]))
        self.assertLessEqual({"tests", "clang", "sanitizers", "demo", "grafana"}, set(check["jobs"]))
        self.assertEqual(release["on"], {"push": {"tags": ["v*"]}})
        script = "\n".join(step.get("run", "") for _, _, step in steps(release))
        self.assertEqual(release["jobs"]["check"]["uses"], "./.github/workflows/check.yml")
        self.assertEqual(release["jobs"]["release"]["needs"], "check")  # nothing is published untried
        self.assertIn("SELFHEAL_PACKAGE_CONTACT", release["jobs"]["release"]["env"])
        self.assertIn("--env SELFHEAL_PACKAGE_CONTACT", (ROOT / ".github/in-debian").read_text())
        for piece in ("packages", "images", "sbom", "sha256sum", "gh release create"):
            self.assertIn(piece, script)


if __name__ == "__main__":
    unittest.main()
