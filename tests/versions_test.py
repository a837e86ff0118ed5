#!/usr/bin/env python3
"""The versions that stand in several places are the same in all of them: selfheal's own is CMakeLists.txt's, and those of
the images are env.example's, which compose.yaml and swarm.yaml have again for whoever has no .env."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
FALLBACK = re.compile(r"\$\{([A-Z]+_VERSION):-([^}]*)\}")


def read(file: str) -> str:
    return (ROOT / file).read_text()


def found(pattern: str, file: str) -> list[str]:
    return re.findall(pattern, read(file), re.MULTILINE)


class Versions(unittest.TestCase):
    def setUp(self):
        (self.version,) = found(r"^project\(selfheal VERSION (\S+) ", "CMakeLists.txt")
        self.settings = dict(found(r"^([A-Z]+_VERSION)=(\S+)$", "compose/env.example"))

    def test_the_stack_has_the_version_that_is_built(self):
        self.assertEqual(self.version, self.settings["SELFHEAL_VERSION"])

    def test_images_by_hand_have_it_too(self):
        said = found(r"^ARG VERSION=(\S+)$", "compose/images/Dockerfile")
        said += found(r"-t [\w./]+:(\S+)", "compose/images/Dockerfile")
        self.assertEqual([self.version] * 4, said)

    def test_fallbacks_are_those_of_env_example(self):
        for file in ("compose/compose.yaml", "compose/swarm.yaml"):
            fallbacks = FALLBACK.findall(read(file))
            self.assertGreater(len(fallbacks), 3, file)
            for name, fallback in fallbacks:
                self.assertEqual(self.settings[name], fallback, f"{name} in {file}")

    # Whatever else needs one reads it from env.example.
    def test_no_script_says_them_again(self):
        for path in [*ROOT.glob("compose/**/*.sh"), ROOT / "compose/prepare"]:
            for name, version in self.settings.items():
                self.assertNotRegex(path.read_text(), rf"(?<![\d.]){re.escape(version)}(?![\d.])", f"{path}: {name}")


if __name__ == "__main__":
    unittest.main()
