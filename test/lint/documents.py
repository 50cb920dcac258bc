"""The documents name files that are there."""

import posixpath
import re

# A path in backticks, without what braces, stars or a command would make of it.
NAMED = re.compile(r'`((?:include|lib|test|example|bench|docs|\.ci)/[\w./-]+)`')


def stale(tree):
    files = set(tree)
    for path in tree:
        while path := posixpath.dirname(path):
            files.add(path)
    return [f'{path}:{number}: there is no {name}'
            for path, text in tree.items() if path.endswith('.md')
            for number, line in enumerate(text.split('\n'), 1)
            for name in NAMED.findall(line) if name.rstrip('/') not in files]
