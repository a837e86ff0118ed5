#!/usr/bin/env python3
"""Whether every include of common/, exporter/ and remediator/ goes the way that layers.txt says.

    tests/support/layers_test.py        from the top of the repository
"""
import re
import sys
import tempfile
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s+"((?:common|exporter|remediator)/[^"]+)"', re.MULTILINE)


def read_layers(text: str) -> dict[str, tuple[str, int]]:
    """Each layer's beginning of a path, with its stack (common, or a daemon) and its height there."""
    layers: dict[str, tuple[str, int]] = {}
    stack = "common"
    for height, line in enumerate(text.splitlines()):
        line = line.split("#")[0].strip()
        if line.startswith("["):
            stack = line.strip("[]")
            continue
        for word in line.split():
            if word in layers:
                sys.exit(f"layers.txt: {word} stands twice")
            layers[word] = (stack, height)
    return layers


def layer_of(path: str, layers: dict[str, tuple[str, int]]) -> str | None:
    return max((word for word in layers if is_in(path, word)), key=len, default=None)


def is_in(path: str, word: str) -> bool:
    return path.startswith(word) and (word.endswith(".") or path[len(word)] in "/._")


def may_include(file: str, included: str, layers: dict[str, tuple[str, int]]) -> bool:
    (stack, height), (other_stack, other_height) = layers[file], layers[included]
    return file == included or (other_height < height and other_stack in ("common", stack))


def faults_in(root: Path, layers: dict[str, tuple[str, int]]) -> list[str]:
    faults = []
    unused = set(layers)
    files = sorted(path for folder in ("common", "exporter", "remediator")
                   for path in (root / folder).rglob("*") if path.suffix in (".h", ".cpp"))
    for path in files:
        file = path.relative_to(root).as_posix()
        layer = layer_of(file, layers)
        unused.discard(layer)
        if layer is None:
            faults.append(f"{file}: no line of layers.txt is about it")
            continue
        for included in INCLUDE.findall(path.read_text()):
            other = layer_of(included, layers)
            if other is None or not may_include(layer, other, layers):
                faults.append(f"{file} ({layer}) includes {included} ({other})")
    faults += [f"layers.txt: there is no file of {word}" for word in sorted(unused)]
    return faults


def check_itself() -> None:
    """That it would see what it is for."""
    layers = read_layers("common/low\n[a]\nexporter/x exporter/y\n[b]\nremediator/z.\n")
    wrong = {"common/low/up.h": "exporter/x/x.h", "exporter/x/beside.h": "exporter/y/y.h",
             "remediator/z.h": "exporter/x/x.h", "exporter/xy.h": "common/low/up.h"}
    right = {"exporter/x/x.h": "common/low/up.h", "exporter/y/y.h": "exporter/y/z.h"}
    with tempfile.TemporaryDirectory() as folder:
        for name, included in (wrong | right).items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_text(f'#include "{included}"\n')
        told = [fault.split()[0].rstrip(":") for fault in faults_in(Path(folder), layers)]
    assert told == sorted(wrong), told


def main() -> int:
    check_itself()
    faults = faults_in(Path.cwd(), read_layers((Path(__file__).parent / "layers.txt").read_text()))
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
