"""Sums the test cases of some build folders: summary.py BROKEN-BUILDS SKIPPED-BUILDS FOLDER..."""

import json
import pathlib
import re
import sys

DOCTEST = re.compile(r'test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed')
UNITTEST = re.compile(r'^Ran (\d+) tests? in', re.M)
UNITTEST_FAILED = re.compile(r'^FAILED \((.*)\)', re.M)


def cases(test):
    """(passed, failed, skipped) of one meson test; one that does not say counts as one case."""
    if test['result'] == 'SKIP':
        return 0, 0, 1
    text = re.sub(r'\x1b\[[0-9;]*m', '', test.get('stdout', '') + test.get('stderr', ''))
    passed, failed = 1, 0
    if match := DOCTEST.search(text):
        passed, failed = int(match[1]), int(match[2])
    elif match := UNITTEST.search(text):
        wrong = UNITTEST_FAILED.search(text)
        failed = sum(map(int, re.findall(r'(?:failures|errors)=(\d+)', wrong[1]))) if wrong else 0
        passed = int(match[1]) - failed
    if test['result'] in ('OK', 'EXPECTEDFAIL'):
        return passed, failed, 0
    return (passed if failed else 0), max(failed, 1), 0


def main(broken, late, folders):
    total = [0, int(broken), int(late)]
    for folder in folders:
        log = pathlib.Path(folder, 'meson-logs', 'testlog.json')
        tests = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        if not tests:
            total[1] += 1
            print(f'{folder}: no test ran')
        for test in tests:
            counts = cases(test)
            total = [a + b for a, b in zip(total, counts)]
            if counts[1]:
                print(f'{folder}: {test["name"]}: {test["result"]}')
    passed, failed, skipped = total
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
