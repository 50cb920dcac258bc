#!/usr/bin/env python3
"""All C++ code is formatted as .clang-format says: format_check.py FOLDER..."""

import pathlib
import shutil
import subprocess
import sys

formatter = shutil.which('clang-format-19')
if not formatter:
    print('skipped: there is no clang-format-19')
    sys.exit(77)
files = [path for folder in sys.argv[1:] for path in sorted(pathlib.Path(folder).rglob('*.?pp'))]
sys.exit(subprocess.run([formatter, '--dry-run', '--Werror', *files], check=False).returncode)
