#!/usr/bin/env python3
"""The installed library serves a program outside the tree: package_test.py BUILD SOURCE PROGRAM-SOURCE"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE, PROGRAM = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
CLANG = shutil.which('clang++-19')


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        run('meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', cls.root, check=True)
        cls.config = next(cls.root.rglob('persistance.pc'))

    def flags(self, *options, library='persistance'):
        environment = {**os.environ, 'PKG_CONFIG_PATH': str(self.config.parent),
                       'PKG_CONFIG_SYSROOT_DIR': str(self.root)}
        return run('pkg-config', *options, library, env=environment, check=True).stdout.split()

    def build_and_run(self, compiler):
        program = self.root / 'program'
        built = run(compiler, '-std=c++20', PROGRAM, '-o', program, *self.flags('--cflags', '--libs'))
        self.assertEqual(built.returncode, 0, built.stderr)
        self.assertEqual(run(program).stdout.splitlines()[0], 'Ada is 36')

    def test_gcc(self):
        self.build_and_run('g++')

    @unittest.skipUnless(CLANG, 'there is no clang++-19')
    def test_clang(self):
        self.build_and_run(CLANG)

    @unittest.skipUnless(CLANG, 'there is no clang++-19')
    def test_clang_without_the_defines_is_told_what_it_needs(self):
        flags = [flag for flag in self.flags('--cflags') if not flag.startswith('-DASIO_HAS')]
        built = run(CLANG, '-std=c++20', '-fsyntax-only', PROGRAM, *flags)
        self.assertNotEqual(built.returncode, 0)
        self.assertIn('persistance: clang needs -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE',
                      ' '.join(built.stderr.split()))

    def test_lmdb_is_a_library_of_its_own(self):
        if not list(self.root.rglob('persistance-lmdb.pc')):
            self.skipTest('built without LMDB')
        source = self.root / 'lmdb.cpp'
        source.write_text('#include <persistance/backing/lmdb.hpp>\n'
                          'int main() { persistance::layerLmdb(persistance::LmdbOptions("x")); }\n')
        built = run('g++', '-std=c++20', source, '-o', self.root / 'lmdb',
                    *self.flags('--cflags', '--libs', library='persistance-lmdb'))
        self.assertEqual(built.returncode, 0, built.stderr)

    def test_the_contract_suite_is_whole(self):
        named, = self.flags('--variable=contractdir')  # pkg-config may put the root in front, or not
        contract = self.root / named.removeprefix(str(self.root)).lstrip('/')
        sources = list((contract / 'contract').glob('*.cpp'))
        self.assertTrue(sources)
        read = run('g++', '-std=c++20', '-M', *sources, '-I', contract, *self.flags('--cflags'))
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertNotIn(str(SOURCE), read.stdout)

    def test_the_lint_is_installed(self):
        named, = self.flags('--variable=lint')
        lint = self.root / named.removeprefix(str(self.root)).lstrip('/')
        bad = self.root / 'bad.cpp'
        bad.write_text('void f() { co_await g(Agg{1}); }')
        self.assertEqual(run('python3', lint, bad).returncode, 1)

    def test_only_the_promise_is_installed(self):
        installed = {path.relative_to(self.root) for path in self.root.rglob('include/**/*.hpp')}
        promised = {path.relative_to(SOURCE / 'include') for path in (SOURCE / 'include').rglob('*.hpp')}
        self.assertEqual({pathlib.Path(*path.parts[path.parts.index('persistance'):])
                          for path in installed}, promised)

    def test_the_core_needs_neither_lmdb_nor_hiredis(self):
        flags = ' '.join(self.flags('--cflags', '--libs', '--static'))
        self.assertNotRegex(flags, 'lmdb|hiredis')


class Subproject(unittest.TestCase):
    def test_it_is_found_and_brings_no_tests(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / 'subprojects').mkdir()
            (root / 'subprojects' / 'persistance').symlink_to(SOURCE)
            (root / 'meson.build').write_text(
                "project('user', 'cpp', default_options: 'cpp_std=c++20')\n"
                "executable('user', 'user.cpp', dependencies: dependency('persistance'))\n")
            shutil.copy(PROGRAM, root / 'user.cpp')
            result = run('meson', 'setup', root / 'build', root)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            targets = (root / 'build' / 'build.ninja').read_text()
            self.assertNotIn('persistance-test', targets)
            self.assertNotIn('profile_server', targets)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
