"""The names of the tests that begin with some words: meson introspect --tests ... | named.py WORDS"""

import json
import sys

wanted = sys.argv[1].split()
for name in sorted({test['name'] for test in json.load(sys.stdin)}):
    if name.split()[:len(wanted)] == wanted:
        print(name)
