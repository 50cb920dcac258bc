#!/usr/bin/env python3
"""Compiles a file that must not compile, and looks for the sentences that it promises.

    compile_fail.py FILE COMPILER [ARGUMENT...]

The file begins with lines `// expect: some text`. Each text has to be in what the compiler says up
to and with its first error, so that a reader meets it first; notes that belong to that error
count. A line `// only: gcc` (or clang) skips the file on other compilers.
"""

import re
import subprocess
import sys

SKIPPED = 77


def main() -> int:
    path, command = sys.argv[1], sys.argv[2:]
    with open(path, encoding="utf-8") as file:
        head = [line.strip() for line in file if line.startswith("// ")]
    expected = [line.removeprefix("// expect: ") for line in head if line.startswith("// expect: ")]
    only = [line.removeprefix("// only: ") for line in head if line.startswith("// only: ")]
    if not expected:
        print(f"{path}: no line '// expect: ...'")
        return 1
    version = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
    compiler = "clang" if "clang" in version else "gcc"
    if only and compiler not in only:
        print(f"skipped: only for {only}")
        return SKIPPED

    result = subprocess.run(
        [*command, "-fsyntax-only", "-fdiagnostics-color=never", path],
        capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if result.returncode == 0:
        print(f"{path} compiles, and must not")
        return 1
    errors = [match.start() for match in re.finditer(r"^.*?\berror: ", result.stderr, re.M)]
    end = errors[1] if len(errors) > 1 else len(result.stderr)
    first = result.stderr[:end]
    missing = [text for text in expected if text not in first]
    print(first)
    for text in missing:
        print(f"NOT in the above: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
