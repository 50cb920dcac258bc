#!/usr/bin/env python3
"""Checks that the tree is built as ARCHITECTURE.md says: structure.py [ROOT].

Reads the code, the meson.build and the documents of every folder, prints what is out of place, one finding
a line, and ends with 1 if there is any. Each rule is a function from {path: text} to findings.
"""

import pathlib
import posixpath
import re
import sys

import documents
import functions
import meson_lists
import suites
import words

FILE_LINES = 300
FUNCTION_LINES = 45
SMALL_LINES = 16    # what most functions stay under ...
SMALL_SHARE = 0.90  # ... and how many of them
FOLDERS = ('.ci', 'include', 'lib', 'test', 'example', 'bench', 'docs')
ROOMS = ('include/', 'lib/')
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)


def sources(tree):
    return {path: text for path, text in tree.items()
            if path.startswith(ROOMS) and path.endswith(('.hpp', '.cpp'))}


def included(path, text, tree):
    """The files of the tree that `path` includes: from include/, from lib/, or from beside it."""
    for name in INCLUDE.findall(text):
        for place in ('include', 'lib', posixpath.dirname(path)):
            target = posixpath.normpath(posixpath.join(place, name))
            if target in tree:
                yield target
                break


def circles(tree):
    files = sources(tree)
    graph = {path: list(included(path, text, files)) for path, text in files.items()}
    done, way, found = set(), [], []

    def visit(path):
        way.append(path)
        for target in graph[path]:
            if target in way:
                found.append(f'{path}: includes {target} in a circle: '
                             + ' -> '.join(way[way.index(target):] + [target]))
            elif target not in done:
                visit(target)
        done.add(way.pop())

    for path in sorted(graph):
        if path not in done:
            visit(path)
    return found


def foreign_detail(tree):
    """A promise includes the plumbing of its own room at most."""
    found = []
    for path, text in sources(tree).items():
        room = posixpath.dirname(path)
        if not path.startswith('include/') or posixpath.basename(room) == 'detail':
            continue
        found += [f'{path}: includes {target}, the detail of another room'
                  for target in included(path, text, tree)
                  if '/detail/' in target and posixpath.dirname(target) != f'{room}/detail']
    return found


def umbrella(tree):
    return [f'{path}: includes layer.hpp, the umbrella over its own room'
            for path, text in sources(tree).items() if '/layer/' in path
            for name in INCLUDE.findall(text) if name == 'persistance/layer.hpp']


def long_files(tree):
    return [f'{path}: {text.count(chr(10))} lines, more than {FILE_LINES}'
            for path, text in sources(tree).items() if text.count('\n') > FILE_LINES]


def long_functions(tree):
    found, every, switches = [], [], []
    for path, text in sources(tree).items():
        try:
            here = functions.functions(text)
        except (ValueError, AttributeError) as error:
            found.append(f'{path}: its functions cannot be found: {error}')
            continue
        for one in here:
            every.append(one)
            if one.lines > FUNCTION_LINES:
                said = f'{path}:{one.line}: {one.name} has {one.lines} lines, more than {FUNCTION_LINES}'
                (switches if one.only_switch else found).append(said)
    found += [said + '; one switch may, this is one more' for said in switches[1:]]
    small = sum(one.lines < SMALL_LINES for one in every)
    if every and small < SMALL_SHARE * len(every):
        found.append(f'{small} of {len(every)} functions have under {SMALL_LINES} lines, fewer than '
                     f'{SMALL_SHARE:.0%}')
    return found


def torn_comments(tree):
    """A `///` line that something wrapped by force: one or two words in the middle of a paragraph, or a
    line of an @par that lost its indentation."""
    found = []
    for path, text in sources(tree).items():
        lines = text.split('\n')
        in_par = False
        for at, (before, line, after) in enumerate(zip(lines, lines[1:], lines[2:])):
            in_par = bool(re.match(r'\s*/// (@par \S+ +\S| )' if in_par else r'\s*/// @par \S+ +\S', before))
            short = (before.lstrip().startswith('/// ') and re.match(r'\s*/// \S+( \S+)?$', line)
                     and re.match(r'\s*/// +[^\s@]', after))
            if short or (in_par and re.match(r'\s*/// [^\s@]', line)):
                found.append(f'{path}:{at + 2}: a torn comment line: {line.strip()}')
    return found


def header_of(path):
    """Where the header of a source may stand: beside it, or among the promises; a backing's layer.cpp
    implements the header that is named after the backing."""
    folder, stem = posixpath.split(path.removesuffix('.cpp'))
    public = posixpath.normpath('include/persistance/' + folder.removeprefix('lib').lstrip('/'))
    places = [f'{folder}/{stem}.hpp', f'{public}/{stem}.hpp', f'{public}/detail/{stem}.hpp']
    return places + [f'{public}.hpp'] if stem == 'layer' else places


def lonely_sources(tree):
    return [f'{path}: has no header of its name' for path in sources(tree)
            if path.endswith('.cpp') and posixpath.basename(path) != 'main.cpp'
            and not any(place in tree for place in header_of(path))]


def openings(tree):
    """A header begins with #pragma once and one line of what it is; not a precompiled one, which g++ compiles."""
    return [f'{path}: does not begin with #pragma once and /// @file' for path, text in sources(tree).items()
            if path.endswith('.hpp') and '/pch/' not in path and not re.match(r'#pragma once\n+/// @file\b', text)]


RULES = (circles, foreign_detail, umbrella, long_files, long_functions, torn_comments, lonely_sources,
         openings, words.ruled_out, suites.misnamed, suites.unlisted, meson_lists.untidy,
         documents.stale)


def read(root):
    """{path: text} of what the rules read; of other files, which a document may name, the path alone."""
    tree = {path.name: path.read_text(encoding='utf-8') for path in root.glob('*.md')}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob('*')):
            is_read = path.suffix in ('.hpp', '.cpp', '.md') or path.name == 'meson.build'
            if path.is_file() and 'node_modules' not in path.parts:
                tree[path.relative_to(root).as_posix()] = path.read_text(encoding='utf-8') if is_read else ''
    return tree


def main(root):
    tree = read(pathlib.Path(root))
    if not sources(tree):
        print('structure: nothing to read', file=sys.stderr)
        return 2
    found = [finding for rule in RULES for finding in rule(tree)]
    print(*found, f'structure: {len(tree)} files, {len(found)} findings', sep='\n')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:] or [pathlib.Path(__file__).parents[2]]))
