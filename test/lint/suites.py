"""A test is found by its file: one suite a file, named after it, and the file is listed for meson.

meson.build makes one test of each file in `test_sources` and its like, with the name that suite_of() gives;
so a suite of another name would never run.
"""

import posixpath
import re

SUITE = re.compile(r'^TEST_SUITE(?:_BEGIN)?\("([^"]*)"\)', re.M)
CASE = re.compile(r'^\s*(?:TEST_CASE(?:_\w+)?|SCENARIO)\(', re.M)


def suite_of(path):
    """test/error.cpp: "error"; test/layer/memo_map.cpp: "layer memo map"."""
    folder, name = posixpath.split(path.removesuffix('.cpp'))
    words = name if folder == 'test' else f'{posixpath.basename(folder)} {name}'
    return words.replace('_', ' ')


def test_sources(tree):
    return {path: text for path, text in tree.items() if path.startswith('test/') and path.endswith('.cpp')}


def misnamed(tree):
    found = []
    for path, text in test_sources(tree).items():
        names = SUITE.findall(text)
        found += [f'{path}: the suite "{name}" is to be called "{suite_of(path)}"'
                  for name in names if name != suite_of(path)]
        first = SUITE.search(text)
        if (case := CASE.search(text)) and not (first and first.start() < case.start()):
            found.append(f'{path}: has a test case in no suite')
    return found


def unlisted(tree):
    """Each source stands in the meson.build beside it or in one further up, by its path or its stem."""
    found = []
    for path in tree:
        if not path.startswith(('test/', 'lib/')) or not path.endswith('.cpp'):
            continue
        folder = path
        while '/' in folder:
            folder = posixpath.dirname(folder)
            name = posixpath.relpath(path, folder)
            text = tree.get(f'{folder}/meson.build', '')
            if f"'{name}'" in text or f"'{posixpath.basename(name).removesuffix('.cpp')}'" in text:
                break
        else:
            found.append(f'{path}: no meson.build lists it')
    return found
