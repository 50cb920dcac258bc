#!/usr/bin/env python3
"""A clean tree has no findings; each fault that is planted in it is found, and nothing else is."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import functions
import structure

HEADER = '#pragma once\n/// @file\n/// What it is.\n'
CLEAN = {
    'include/persistance/layer.hpp': HEADER + '#include <persistance/layer/make.hpp>\n',
    'include/persistance/layer/make.hpp': HEADER + '#include <persistance/layer/detail/node.hpp>\n',
    'include/persistance/layer/detail/node.hpp': HEADER + 'int f() { return 1; }\n',
    'include/persistance/backing/lmdb.hpp': HEADER,
    'lib/backing/lmdb/layer.cpp': '#include <persistance/backing/lmdb.hpp>\n',
    'lib/layer/make.cpp': '#include <persistance/layer/make.hpp>\n#include "table.hpp"\n',
    'lib/layer/table.hpp': HEADER,
    'lib/layer/table.cpp': '#include "table.hpp"\n',
    'lib/tool/main.cpp': 'int main() {}\n',
    'lib/meson.build': "files(\n  'backing/lmdb/layer.cpp',\n  'layer/make.cpp',\n  'layer/table.cpp',\n)\n'tool/main.cpp'\n",
    'README.md': 'See `lib/layer/table.hpp`, `lib/tool/` and `include/persistance/{a,b}`.\n',
    'test/meson.build': "files('error.cpp')\n",
    'test/error.cpp': 'TEST_SUITE("error") {\nTEST_CASE("a") {}\n}\n',
    'test/layer/meson.build': "files(\n  'memo_map.cpp',\n)\n['must_fail']\n",
    'test/layer/memo_map.cpp': 'TEST_SUITE("layer memo map") {\nTEST_CASE("a") {}\n}\n',
    'test/layer/must_fail.cpp': 'int x = 0\n',
}
SWITCH = 'int {}(int x) {{\n  switch (x) {{\n' + '    case 1: return 1;\n' * 50 + '  }}\n  return 0;\n}}\n'
FAULTS = {  # name: (path, what is put at its end, what is said)
    'a circle': ('include/persistance/layer/detail/node.hpp', '#include <persistance/layer/make.hpp>\n', 'circle'),
    'a circle in lib': ('lib/layer/table.hpp', '#include "table.hpp"\n', 'circle'),
    'detail of another room': ('include/persistance/backing/lmdb.hpp',
                               '#include <persistance/layer/detail/node.hpp>\n', 'detail of another room'),
    'the umbrella': ('lib/layer/table.cpp', '#include <persistance/layer.hpp>\n', 'umbrella'),
    'a long file': ('lib/layer/table.cpp', '\n' * 300, '301 lines'),
    'a long function': ('lib/layer/table.cpp', 'void f() {\n' + '  g();\n' * 44 + '}\n', 'f has 46 lines'),
    'a second long switch': ('lib/layer/table.cpp', SWITCH.format('f') + SWITCH.format('g'), 'one more'),
    'many long functions': ('lib/layer/table.cpp', 'void f() {\n' + '  g();\n' * 14 + '}\n', '2 of 3 functions'),
    'a torn comment': ('lib/layer/table.hpp', '/// This was wrapped\n/// by\n/// force.\n', 'torn'),
    'a torn @par': ('lib/layer/table.hpp', '/// @par Cost  Nothing, or all that\n/// there is.\nint x;\n', 'torn'),
    'a source alone': ('lib/layer/lonely.cpp', '', 'no header'),
    'a header without @file': ('lib/layer/other.hpp', '#pragma once\nint x;\n', '@file'),
    'a word': ('lib/layer/table.hpp', '/// Holds queueBound values.\n', 'queueLimit'),
    'a word for the original': ('lib/layer/table.hpp', "/// As in the seed's module.\n", "Effect's Persistance"),
    'a suite of another name': ('test/layer/memo_map.cpp', 'TEST_SUITE("memo") {}\n', 'is to be called'),
    'a test in no suite': ('test/layer/must_fail.cpp', 'TEST_CASE("a") {}\n', 'in no suite'),
    'a list on one line': ('lib/meson.build', "files('a.cpp', 'b.cpp')\n", 'one name a line'),
    'a list without its last comma': ('lib/meson.build', "files(\n  'a.cpp',\n  'b.cpp'\n)\n", 'one name a line'),
    'a list in disorder': ('lib/meson.build', "files(\n  'b.cpp',\n  'a.cpp',\n)\n", 'not sorted'),
    'a source of the library that is not listed': ('lib/layer/forgotten.cpp', '', 'no meson.build'),
    'a document that names what is gone': ('README.md', 'See `lib/layer/gone.hpp`.\n', 'there is no'),
    'a test that is not listed': ('test/layer/forgotten.cpp', '', 'no meson.build'),
}


def findings(tree):
    return [finding for rule in structure.RULES for finding in rule(tree)]


class Faults(unittest.TestCase):
    def test_a_clean_tree_has_none(self):
        self.assertEqual(findings(CLEAN), [])

    def test_each_planted_one_is_found(self):
        for name, (path, text, said) in FAULTS.items():
            with self.subTest(name):
                found = findings(CLEAN | {path: CLEAN.get(path, '') + text})
                self.assertTrue(any(said in finding for finding in found), found)

    def test_one_switch_may_be_long(self):
        tree = {'lib/tool/main.cpp': SWITCH.format('f') + 'int f() { return 1; }\n' * 9}
        self.assertEqual(structure.long_functions(tree), [])
        longer = {'lib/tool/main.cpp': tree['lib/tool/main.cpp'].replace('return 0;', 'while (x) {\n}\n return 0;')}
        self.assertEqual(len(structure.long_functions(longer)), 1)

    def test_a_seed_of_an_engine_is_no_word_for_the_original(self):
        text = '/// Asks the seed first.\n'
        self.assertEqual(structure.words.ruled_out({'lib/backing/redis/a.hpp': text}), [])
        self.assertEqual(len(structure.words.ruled_out({'lib/schema/a.hpp': text})), 1)


class Program(unittest.TestCase):
    def run_on(self, tree):
        with tempfile.TemporaryDirectory() as root:
            for path, text in tree.items():
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return subprocess.run([sys.executable, structure.__file__, root], capture_output=True, text=True)

    def test_what_it_ends_with(self):
        self.assertEqual(self.run_on(CLEAN).returncode, 0)
        self.assertEqual(self.run_on(CLEAN | {'lib/a.cpp': ''}).returncode, 1)
        self.assertEqual(self.run_on({}).returncode, 2)


BODIES = {  # code: the names and lines of its functions
    'int f() { return 1; }': [('f', 1)],
    'template <class A>\nint f(A a) {\n  return a;\n}': [('f', 3)],
    'template <class A>\n  requires X<A> && (!Y<A>)\nint f(A a) {\n}': [('f', 2)],
    'template <class A>\n  requires requires(A a) { a.b(); }\nint f(A a) {}': [('f', 1)],
    'template <class A>\nconcept C = requires(A a) { a.b(); };': [],
    'class A : public B<int> {\n public:\n  A(int x) : x_{x}, y_(2) {\n  }\n  int x_{1};\n};': [('A', 2)],
    'struct A : B<sizeof(int)> {};\nint f() {}': [('f', 1)],
    'struct A {\n  ~A() {}\n  A& operator=(const A&) { return *this; }\n  bool operator()(int) const {}\n};':
        [('~A', 1), ('operator=', 1), ('operator()', 1)],
    'auto f() -> std::optional<int> {}': [('f', 1)],
    'void f() const\n  requires X<A>\n{\n}': [('f', 4)],
    'void f() noexcept try {\n  g();\n} catch (...) {\n}': [('f', 4)],
    'int x{1};\nstd::array<int, sizeof(int)> y{1};\nauto z = [] { return 1; };': [],
    'enum class E { a, b };\nint f(E e = {}, int x = {1}) {}': [('f', 1)],
    'namespace a::b {\nvoid f() {\n  auto g = [] { if (x) { y(); } };\n  struct L { ~L() {} };\n}\n}': [('f', 4)],
    'const char* f() { return "{"; }  // {\nint g() { return \'{\' + 1\'000; }': [('f', 1), ('g', 1)],
    'auto f() { return R"x({{)x"; }\n#define M {{\nint g() {}': [('f', 1), ('g', 1)],
    'void A::B::f() && {\n}\nvoid g(int);\nint h() {}': [('A::B::f', 2), ('h', 1)],
}


class Functions(unittest.TestCase):
    def test_names_and_lengths(self):
        for code, expected in BODIES.items():
            with self.subTest(code):
                self.assertEqual([(f.name, f.lines) for f in functions.functions(code)], expected)


if __name__ == '__main__':
    unittest.main()
