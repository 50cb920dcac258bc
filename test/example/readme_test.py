#!/usr/bin/env python3
"""What the README shows is true: readme_test.py README PROGRAM-SOURCE PROGRAM SERVER"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

from server_process import DEADLINE, Server

README, SOURCE, PROGRAM, SERVER = map(pathlib.Path, sys.argv[1:5])
TEXT = README.read_text(encoding='utf-8')


def blocks(language):
    return re.findall(rf'^```{language}\n(.*?)^```$', TEXT, re.S | re.M)


class Readme(unittest.TestCase):
    def test_the_program_is_the_one_that_is_built(self):
        self.assertEqual(blocks('cpp')[0], SOURCE.read_text(encoding='utf-8'))

    def test_the_program_prints_what_is_shown(self):
        result = subprocess.run([PROGRAM], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((result.stdout, result.returncode), (blocks('text')[0], 0))

    def test_each_curl_line_answers_what_is_shown(self):
        session = next(block for block in blocks('console') if block.startswith('$ curl'))
        with Server(SERVER) as server:
            for part in re.split(r'^\$ ', session, flags=re.M)[1:]:
                command, _, expected = part.partition('\n')
                self.assertTrue(command.startswith('curl '), command)
                command = command.replace('curl ', 'curl -sS ', 1)
                command = command.replace('localhost:8080', f'127.0.0.1:{server.port}')
                with self.subTest(command):
                    result = subprocess.run(['bash', '-c', command], capture_output=True, text=True,
                                            timeout=DEADLINE)
                    self.assertEqual(result.stdout.replace('\r', '') + result.stderr, expected)

    def test_the_picture_is_what_the_server_draws(self):
        result = subprocess.run([SERVER, '--graph'], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((result.stdout, result.returncode), (blocks('mermaid')[0], 0))

    def test_files_that_are_named_are_there(self):
        named = set(re.findall(r'`((?:\.ci|include|lib|test|bench|example)/[\w./-]+)`', TEXT))
        named |= set(re.findall(r'^(\.ci/\w+)', '\n'.join(blocks('sh')), re.M))
        self.assertTrue({'.ci/serve', '.ci/test'} <= named)
        for name in named:
            with self.subTest(name):
                self.assertTrue((README.parent / name).exists())
                if name.startswith('.ci/'):
                    self.assertTrue(os.access(README.parent / name, os.X_OK))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
