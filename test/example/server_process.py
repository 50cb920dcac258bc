"""A server in a process of its own, and a client for it."""

import http.client
import json
import socket
import subprocess
import time

ADA = {'name': 'Ada', 'age': 36, 'email': 'ada@example.org', 'tags': ['first', 'poet']}
DEADLINE = 30  # seconds after which something hangs


def wait_for(condition):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError('waited in vain')
        time.sleep(0.01)


class Server:
    """Runs `binary` on a free port until the end of the `with` block."""

    def __init__(self, binary, *options):
        self.process = subprocess.Popen([binary, '--port', '0', *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith('listening on http://127.0.0.1:'):
            raise AssertionError(f'the server did not start: {line}{self.process.communicate()[1]}')
        self.port = int(line.rsplit(':', 1)[1])
        self.connections = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self.connections:
            connection.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def connect(self):
        """A connection that stays open until it is closed, at the latest with the server."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=DEADLINE)
        self.connections.append(connection)
        return connection

    def request(self, method, path, body=None, connection=None):
        """(status, body as JSON or None, headers); dicts and lists are sent as JSON."""
        own = connection or self.connect()
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        own.request(method, path, body)
        response = own.getresponse()
        text = response.read()
        if not connection:
            own.close()
        return response.status, json.loads(text) if text else None, response.headers

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """(exit status, what was said on stderr), once it has ended."""
        _, errors = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, errors

    def wait_until_refused(self):
        def refused():
            try:
                socket.create_connection(('127.0.0.1', self.port), DEADLINE).close()
                return False
            except ConnectionError:
                return True
        wait_for(refused)
