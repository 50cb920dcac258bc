"""The words that CONTRIBUTING.md rules out in include/ and lib/, and what is said in their place."""

import re

EVERYWHERE = {
    r'\bInvalidEntry::seed\b': 'InvalidEntry::perOperation',
    r'\boperationTimeout\b': 'deadline',
    r'\bclearTimeout\b': 'clearDeadline',
    r'\bcloseTimeout\b': 'closeDeadline',
    r'\bmaxValueSize\b': 'valueLimit',
    r'\bmaxReplySize\b': 'replyLimit',
    r'\bmaxReplyElements\b': 'replyElementLimit',
    r'\bmaxRedirects\b': 'redirectLimit',
    r'\breconnectFirst\b': 'reconnectDelay',
    r'\breconnectLast\b': 'reconnectDelayLimit',
    r'\bqueueBound\b': 'queueLimit',
    r'\bpatience\b': 'deadline',
    r'\bspellOut\b|\bwayRound\b|\bhurry_|\bwaitForCompany\b|\bcompany_|\btake\(wish\)': "the field's term",
    r'no answer to what was asked|at its very end it is absent|No seed is worth waiting for':
        'a plain sentence',
}
# In an engine a seed is a node to begin with, or what a hash begins with.
OUTSIDE_OF_ENGINES = {
    r"(?i)\bthe seed(?:'s)?\b": "Effect's Persistance",
    r'\bseed: \w': "Effect's Persistance: ...",
}
ENGINES = ('lib/backing/', 'include/persistance/backing/')


def ruled_out(tree):
    found = []
    for path, text in tree.items():
        if not path.startswith(('include/', 'lib/')) or not path.endswith(('.hpp', '.cpp')):
            continue
        wrong = EVERYWHERE | ({} if path.startswith(ENGINES) else OUTSIDE_OF_ENGINES)
        for number, line in enumerate(text.split('\n'), 1):
            found += [f'{path}:{number}: "{match[0]}": say {instead}' for word, instead in wrong.items()
                      if (match := re.search(word, line))]
    return found
