"""Lists of files in meson.build: one name a line, sorted, with a comma after the last."""

import re

LIST = re.compile(r'\bfiles\(([^()]*)\)')
NAME = re.compile(r"'([^']*)'")


def untidy(tree):
    found = []
    for path, text in tree.items():
        if not path.endswith('meson.build'):
            continue
        for match in LIST.finditer(text):
            names = NAME.findall(match[1])
            line = text.count('\n', 0, match.start()) + 1
            if len(names) > 1 and not re.fullmatch(r"(\n\s*'[^']*',)+\n\s*", match[1]):
                found.append(f'{path}:{line}: files() is to have one name a line, and a comma after each')
            elif names != sorted(names):
                found.append(f'{path}:{line}: the names in files() are not sorted')
    return found
