"""Tests whose names begin with some words: meson introspect --tests --targets FOLDER | named.py names|files WORDS

Prints their names, or the files that have to be built for them.
"""

import json
import sys

known = json.load(sys.stdin)
wanted = sys.argv[2].split()
tests = [test for test in known['tests'] if test['name'].split()[:len(wanted)] == wanted]
if sys.argv[1] == 'names':
    found = {test['name'] for test in tests}
else:
    needed = {target for test in tests for target in test['depends']}
    found = {file for target in known['targets'] if target['id'] in needed for file in target['filename']}
print(*sorted(found), sep='\n', end='\n' if found else '')
