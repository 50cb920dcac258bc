#!/usr/bin/env python3
"""Talks HTTP to the example server: profile_server_test.py SERVER FAULTY-SERVER"""

import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from server_process import ADA, DEADLINE, Server, wait_for

SERVER, FAULTY = sys.argv[1:3]


def in_background(work, *arguments):
    """Starts work(*arguments); the function that comes back waits for its result."""
    results = []
    thread = threading.Thread(target=lambda: results.append(work(*arguments)))
    thread.start()

    def join():
        thread.join(DEADLINE)
        return results[0]
    return join


class Profiles(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(SERVER))

    def status(self, method, path, body=None):
        return self.server.request(method, path, body)[0]

    def test_put_get_delete(self):
        self.assertEqual(self.server.request('PUT', '/profiles/ada', ADA)[:2], (200, ADA))
        self.assertEqual(self.server.request('GET', '/profiles/ada')[:2], (200, ADA))
        self.assertEqual(self.server.request('DELETE', '/profiles/ada')[:2], (204, None))
        self.assertEqual(self.server.request('GET', '/profiles/ada')[:2],
                         (404, {'error': 'no such profile'}))
        self.assertEqual(self.status('DELETE', '/profiles/ada'), 204)

    def test_put_replaces_and_leaves_out_what_the_schema_does_not_know(self):
        self.status('PUT', '/profiles/ada', {**ADA, 'nickname': 'the countess'})
        self.assertEqual(self.server.request('GET', '/profiles/ada')[1]['nickname'], 'the countess')
        self.status('PUT', '/profiles/ada', {**ADA, 'admin': True})
        self.assertEqual(self.server.request('GET', '/profiles/ada')[1], ADA)

    def test_many(self):
        bob = {**ADA, 'name': 'Bob'}
        self.status('PUT', '/profiles/ada', ADA)
        self.status('PUT', '/profiles/bob', bob)
        for query, expected in (('?id=bob&id=nobody&id=ada&id=bob', [bob, None, ADA, bob]),
                                ('?id=nobody', [None]), ('', []), ('?other=1', [])):
            with self.subTest(query):
                self.assertEqual(self.server.request('GET', '/profiles' + query)[:2], (200, expected))
        self.assertEqual(self.status('GET', '/profiles?' + '&'.join(['id=a'] * 100)), 200)
        self.assertEqual(self.status('GET', '/profiles?' + '&'.join(['id=a'] * 101)), 400)

    def test_every_issue_is_told_with_its_path(self):
        body = {'name': '', 'age': 151, 'email': 'nowhere', 'tags': ['fine', 7], 'nickname': ''}
        status, answer, _ = self.server.request('PUT', '/profiles/ada', body)
        self.assertEqual(status, 422)
        self.assertEqual(sorted(issue['path'] for issue in answer['issues']),
                         ['/age', '/email', '/name', '/nickname', '/tags/1'])
        for issue in answer['issues']:
            self.assertTrue(issue['expected'] and issue['actual'])
        self.assertEqual(self.status('GET', '/profiles/ada'), 404)

    def test_bodies_that_are_json_and_no_profile(self):
        deep = '[' * 10000 + ']' * 10000
        bodies = ({}, [], 'null', '7', '"x"', {**ADA, 'age': 36.5}, {**ADA, 'age': 2 ** 40},
                  {**ADA, 'age': '36'}, {**ADA, 'age': True}, {**ADA, 'tags': 'x'},
                  {**ADA, 'tags': ['x'] * 17}, {**ADA, 'name': 'x' * 101}, deep)
        for body in bodies:
            with self.subTest(str(body)[:60]):
                self.assertEqual(self.status('PUT', '/profiles/ada', body), 422)

    def test_bodies_that_are_no_json(self):
        for body in ('', '{', 'name=Ada', '{"name": NaN}', '{"age": 1e400}', b'\xff\xfe', b'\x00',
                     b'{"name": "\xff"}', json.dumps(ADA) + 'x'):
            with self.subTest(str(body)[:60]):
                self.assertEqual(self.status('PUT', '/profiles/ada', body), 400)

    def test_large_bodies(self):
        self.assertEqual(self.status('PUT', '/profiles/ada', 'x' * (64 * 1024 + 1)), 413)
        try:  # over a megabyte the server does not even listen to the end
            self.status('PUT', '/profiles/ada', 'x' * (20 * 1024 * 1024))
        except ConnectionError:
            pass
        self.assertEqual(self.status('GET', '/profiles/ada'), 404)

    def test_ids_are_percent_decoded(self):
        ids = {'a%20b': 'a%20b', 'a+b': 'a%2Bb', 'a%2Fb': 'a%2Fb', '%C3%A9': '%C3%A9', '%00': '%00',
               "~!$&'()*,;=:@": "~!$%26'()*,;=:@", '%3Fid=a': '%3Fid=a'}
        for number, path in enumerate(ids):
            self.assertEqual(self.status('PUT', '/profiles/' + path, {**ADA, 'age': number}), 200)
        for number, (path, query) in enumerate(ids.items()):
            with self.subTest(path):
                self.assertEqual(self.server.request('GET', '/profiles/' + path)[1]['age'], number)
                self.assertEqual(self.server.request('GET', '/profiles?id=' + query)[1][0]['age'],
                                 number)
        for wrong in ('/profiles/%zz', '/profiles/%', '/profiles/%ff', '/profiles?id=%zz',
                      '/profiles?id=%c3'):
            with self.subTest(wrong):
                self.assertEqual(self.status('GET', wrong), 400)

    def test_routes_that_are_not_there(self):
        for path in ('/', '/nothing', '/profiles/a/b', '/profile', '/profiles//'):
            with self.subTest(path):
                self.assertEqual(self.status('GET', path), 404)

    def test_wrong_methods(self):
        for method, path, allowed in (('POST', '/profiles/ada', 'GET, HEAD, PUT, DELETE'),
                                      ('PATCH', '/profiles/ada', 'GET, HEAD, PUT, DELETE'),
                                      ('DELETE', '/profiles', 'GET, HEAD'),
                                      ('PUT', '/profiles?id=a', 'GET, HEAD')):
            with self.subTest(f'{method} {path}'):
                status, _, headers = self.server.request(method, path)
                self.assertEqual((status, headers['Allow']), (405, allowed))

    def test_head_answers_as_get_without_the_body(self):
        self.status('PUT', '/profiles/ada', ADA)
        get, head = (self.server.request(method, '/profiles/ada') for method in ('GET', 'HEAD'))
        self.assertEqual(head[:2], (200, None))
        self.assertEqual(head[2]['Content-Length'], get[2]['Content-Length'])
        self.assertEqual(self.status('HEAD', '/profiles/nobody'), 404)

    def test_one_connection_serves_many_requests(self):
        connection = self.server.connect()
        for age in range(100):
            self.assertEqual(self.server.request('PUT', '/profiles/ada', {**ADA, 'age': age},
                                                 connection)[0], 200)
            self.assertEqual(self.server.request('GET', '/profiles/ada', None, connection)[1]['age'],
                             age)
        connection.close()

    def test_many_connections_at_once(self):
        def client(number):
            connection = self.server.connect()
            for age in range(50):
                profile = {**ADA, 'name': f'client {number}', 'age': age}
                self.server.request('PUT', f'/profiles/{number}', profile, connection)
                if self.server.request('GET', f'/profiles/{number}', None, connection)[1] != profile:
                    return 'a profile of somebody else'
            connection.close()
            return 'ok'
        results = [in_background(client, number) for number in range(16)]
        self.assertEqual({join() for join in results}, {'ok'})

    def test_bytes_that_are_no_http(self):
        for garbage in (b'\x00' * 1000, b'GET\r\n\r\n', b'PUT /profiles/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
                        b'GET /' + b'a' * 200000 + b' HTTP/1.1\r\n\r\n'):
            with self.subTest(garbage[:30]), socket.create_connection(
                    ('127.0.0.1', self.server.port), DEADLINE) as connection:
                try:
                    connection.sendall(garbage)
                    self.assertFalse(connection.recv(1000).startswith(b'HTTP/1.1 2'))
                except ConnectionError:
                    pass
        self.assertEqual(self.status('GET', '/profiles/ada'), 404)

    def test_clients_that_leave_in_the_middle(self):
        for part in (b'PUT /profiles/a HTTP/1.1\r\nContent-Le', b'PUT /profiles/a HTTP/1.1\r\n'
                     b'Content-Length: 100\r\n\r\n{"name"', b'GET /profiles/a HTTP/1.1\r\n\r\n'):
            with socket.create_connection(('127.0.0.1', self.server.port), DEADLINE) as connection:
                connection.sendall(part)
        self.assertEqual(self.status('GET', '/profiles/a'), 404)


class FaultyStore(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(FAULTY))

    def test_a_failing_store_is_503(self):
        for method, path, body in (('GET', '/profiles/fails', None), ('PUT', '/profiles/fails', ADA),
                                   ('DELETE', '/profiles/fails', None),
                                   ('GET', '/profiles?id=a&id=fails', None)):
            with self.subTest(f'{method} {path}'):
                status, answer, _ = self.server.request(method, path, body)
                self.assertEqual(status, 503)
                self.assertTrue(answer['error'])

    def test_a_stored_profile_that_no_longer_fits_is_500_and_missing_among_many(self):
        self.assertEqual(self.server.request('GET', '/profiles/unreadable')[0], 500)
        self.assertEqual(self.server.request('GET', '/profiles?id=unreadable')[:2], (200, [None]))

    def test_a_slow_request_does_not_hold_up_others(self):
        slow = in_background(self.server.request, 'GET', '/profiles/slow')
        self.assertEqual(self.server.request('GET', '/profiles/other')[0], 404)
        self.assertEqual(slow()[0], 404)

    def test_a_client_that_does_not_wait_for_its_answer(self):
        connection = self.server.connect()
        connection.request('GET', '/profiles/slow')
        connection.close()
        self.assertEqual(self.server.request('GET', '/profiles/slow')[0], 404)


class Stopping(unittest.TestCase):
    def started(self, server, path):
        """A request for `path` that the server has begun to handle."""
        connection = server.connect()
        connection.request('GET', path)
        server.request('GET', '/profiles/other')  # answered after it has seen the one before
        return connection

    def test_signals_end_it_with_0(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), Server(SERVER) as server:
                idle = server.connect()
                server.request('GET', '/profiles/a', None, idle)
                server.signal(number)
                self.assertEqual(server.end(), (0, ''))

    def test_what_runs_is_finished(self):
        with Server(FAULTY) as server:
            idle = server.connect()
            server.request('GET', '/profiles/other', None, idle)
            running = self.started(server, '/profiles/slow')
            server.signal(signal.SIGTERM)
            server.wait_until_refused()
            self.assertEqual(server.request('GET', '/profiles/other', None, idle)[0], 503)
            self.assertEqual(running.getresponse().status, 404)
            self.assertEqual(server.end(), (0, ''))

    def test_what_does_not_end_by_the_deadline_is_cancelled(self):
        with Server(FAULTY, '--shutdown-deadline', '1') as server:
            running = self.started(server, '/profiles/stuck')
            server.signal(signal.SIGTERM)
            self.assertEqual(running.getresponse().status, 503)
            status, errors = server.end()
            self.assertEqual(status, 0)
            self.assertIn('shutdown deadline', errors)

    def test_a_second_signal_ends_it_at_once(self):
        with Server(FAULTY, '--shutdown-deadline', '3600') as server:
            self.started(server, '/profiles/stuck')
            server.signal(signal.SIGTERM)
            server.wait_until_refused()
            server.signal(signal.SIGTERM)
            self.assertEqual(server.end()[0], -signal.SIGTERM)


def backings():
    return subprocess.run([SERVER, '--help'], capture_output=True, text=True, check=True).stdout


@unittest.skipUnless('lmdb:' in backings(), 'built without LMDB')
class OnDisk(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.backing = ['--backing', f'lmdb:{folder}/profiles']

    def test_profiles_outlive_the_server_however_it_ends(self):
        for number, expected in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
            with self.subTest(number):
                with Server(SERVER, *self.backing) as server:
                    profile = {**ADA, 'age': int(number)}
                    self.assertEqual(server.request('PUT', '/profiles/ada', profile)[0], 200)
                    server.signal(number)
                    self.assertEqual(server.end()[0], expected)
                with Server(SERVER, *self.backing) as server:
                    self.assertEqual(server.request('GET', '/profiles/ada')[:2], (200, profile))
                    self.assertEqual(server.request('GET', '/profiles?id=ada&id=bob')[1],
                                     [profile, None])
                    self.assertEqual(server.request('DELETE', '/profiles/ada')[0], 204)
                    self.assertEqual(server.request('GET', '/profiles/ada')[0], 404)

    def test_a_place_that_cannot_be_is_one_sentence_and_1(self):
        result = subprocess.run([SERVER, '--port', '0', '--backing', 'lmdb:/proc/none/such'],
                                capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((result.returncode, result.stdout), (1, ''))
        self.assertRegex(result.stderr, r'\Aprofile_server: [^\n]+\n\Z')


@unittest.skipUnless('redis:' in backings(), 'built without Redis')
@unittest.skipUnless(shutil.which('redis-server'), 'redis-server is not installed')
class OnRedis(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.redis = subprocess.Popen(
            ['redis-server', '--port', '0', '--unixsocket', f'{folder}/socket', '--save', '',
             '--dir', folder], stdout=subprocess.DEVNULL)
        self.addCleanup(self.redis.wait)
        self.addCleanup(self.redis.kill)
        wait_for(lambda: pathlib.Path(folder, 'socket').exists())
        self.server = self.enterContext(Server(SERVER, '--backing', f'redis:unix://{folder}/socket'))

    def test_profiles_outlive_the_server(self):
        self.assertEqual(self.server.request('PUT', '/profiles/ada', ADA)[0], 200)
        self.server.signal(signal.SIGTERM)
        self.assertEqual(self.server.end(), (0, ''))
        with Server(*self.server.process.args[:1], *self.server.process.args[3:]) as again:
            self.assertEqual(again.request('GET', '/profiles?id=ada&id=bob')[:2], (200, [ADA, None]))

    def test_a_store_that_is_gone_is_503(self):
        self.assertEqual(self.server.request('PUT', '/profiles/ada', ADA)[0], 200)
        self.redis.kill()
        self.redis.wait()
        for method, path, body in (('GET', '/profiles/ada', None), ('PUT', '/profiles/ada', ADA),
                                   ('DELETE', '/profiles/ada', None), ('GET', '/profiles?id=a', None)):
            with self.subTest(f'{method} {path}'):
                self.assertEqual(self.server.request(method, path, body)[0], 503)

    def test_what_runs_in_the_store_is_finished(self):
        self.server.request('PUT', '/profiles/ada', ADA)
        self.redis.send_signal(signal.SIGSTOP)
        running = self.server.connect()
        running.request('GET', '/profiles/ada')
        self.server.request('GET', '/nothing')
        self.server.signal(signal.SIGTERM)
        self.server.wait_until_refused()
        self.redis.send_signal(signal.SIGCONT)
        response = running.getresponse()
        self.assertEqual((response.status, json.loads(response.read())), (200, ADA))
        self.assertEqual(self.server.end(), (0, ''))


@unittest.skipUnless('redis:' in backings(), 'built without Redis')
class NoRedis(unittest.TestCase):
    def test_a_place_that_cannot_be_is_one_sentence_and_1(self):
        for url in ('redis:redis://127.0.0.1:1', 'redis://127.0.0.1:1', 'redis:nonsense'):
            with self.subTest(url):
                result = subprocess.run([SERVER, '--port', '0', '--backing', url],
                                        capture_output=True, text=True, timeout=DEADLINE)
                self.assertEqual((result.returncode, result.stdout), (1, ''))
                self.assertRegex(result.stderr, r'\Aprofile_server: [^\n]+\n\Z')


class CommandLine(unittest.TestCase):
    def run_with(self, *options):
        return subprocess.run([SERVER, *options], capture_output=True, text=True, timeout=DEADLINE)

    def test_help(self):
        result = self.run_with('--help')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        for option in ('--address', '--port', '--backing', '--shutdown-deadline', '--graph',
                       '--timeline', '--help'):
            self.assertIn(option, result.stdout)

    def test_wrong_options_are_one_sentence_and_2(self):
        for options in (['--port', '65536'], ['--port', '-1'], ['--port', 'x'], ['--port', ''],
                        ['--port'], ['--unknown'], ['-x'], ['something'], ['--backing', 'paper'],
                        ['--backing', 'memory:x'], ['--backing', 'lmdb:'],
                        ['--shutdown-deadline', '-1'], ['--shutdown-deadline', '99999999999']):
            with self.subTest(options):
                result = self.run_with(*options)
                self.assertEqual((result.returncode, result.stdout), (2, ''))
                self.assertRegex(result.stderr, r'\Aprofile_server: [^\n]+\n\Z')

    def test_a_port_in_use_is_one_sentence_and_1(self):
        with Server(SERVER) as server:
            result = self.run_with('--port', str(server.port))
            self.assertEqual((result.returncode, result.stdout), (1, ''))
            self.assertRegex(result.stderr, r'\Aprofile_server: [^\n]+in use\n\Z')

    def test_the_timeline_has_each_layer_in_the_order_of_the_start(self):
        with Server(SERVER, '--timeline') as server:
            server.signal(signal.SIGTERM)
            status, said = server.end()
        self.assertEqual(status, 0)
        lines = [re.fullmatch(r' *\d+\.\d ms  (\S+)', line) for line in said.splitlines()]
        self.assertEqual([line and line[1] for line in lines],
                         ['persistance/BackingPersistance', 'persistance/SchemaPersistance',
                          '@profile-server/Profiles', '@profile-server/Listener'])

    def test_an_address_that_is_none(self):
        self.assertEqual(self.run_with('--address', 'nowhere').returncode, 1)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
