"""Finds the function bodies of C++ as clang-format leaves it: by braces, without a compiler."""

import re
from dataclasses import dataclass

NOISE = re.compile(r'''R"(?P<end>[^(\s]*)\(.*?\)(?P=end)"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'(?!\w)|'''
                   r'''//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*''', re.S | re.M)
OPERATOR = re.compile(r'\boperator\s*(?:\(\s*\)|\[\s*\]|[^\w\s(]+)')
ASSIGNMENT = re.compile(r'(?<![=!<>])=(?!=)')
INHERITS = re.compile(r'(?<!:):(?!:).*|alignas\(\)', re.S)
IN_FRONT = re.compile(r'\s*(?:template\s*(?=<)|\[\[[^\]]*\]\]|requires\b)')
CATCH = re.compile(r'\s*catch\s*\([^)]*\)\s*\{')
ACCESS = re.compile(r'\b(?:public|private|protected)\s*$')
NAME = re.compile(r'[\w>]\s*$')  # what stands before the braces of a value: `int x{1}`, `: x_{1}`
SPECIFIER = re.compile(r'\b(?:const|volatile|noexcept|override|final|mutable|try)\s*$')


@dataclass
class Function:
    name: str
    line: int   # where its declaration begins, the template line left out
    lines: int  # from there to the closing brace
    only_switch: bool
    end: int    # the index of that brace


def blank(match):
    return re.sub(r'[^\n]', ' ', match[0])


def code_of(text):
    """The text without comments, literals and directives, every character that is left at its place."""
    digits = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", '_', text)
    return NOISE.sub(blank, digits)


def matching(code, at, pair='{}'):
    """The index of the bracket that closes the one at `at`."""
    depth = 0
    for here in range(at, len(code)):
        if code[here] == pair[0]:
            depth += 1
        elif code[here] == pair[1]:
            depth -= 1
            if depth == 0:
                return here
    raise ValueError(f'unbalanced {pair}')


def after_angles(head, at):
    """The index behind the `>` that belongs to the `<` at `at`."""
    depth = 0
    for here in range(at, len(head)):
        depth += (head[here] == '<') - (head[here] == '>' and head[here - 1] != '-')
        if depth == 0:
            return here + 1
    return len(head)


def after_constraint(head, at):
    """The index behind the requires clause whose word ends at `at`."""
    while True:
        at += len(head[at:]) - len(head[at:].lstrip(' \n!'))
        if head.startswith('requires', at):  # requires(T t) {...}, the braces made parentheses
            at = matching(head, head.index('(', at), '()') + 1
            at = matching(head, head.index('(', at), '()') + 1
        elif head.startswith('(', at):
            at = matching(head, at, '()') + 1
        else:
            at = re.compile(r'[\w:.]+').match(head, at).end()
            if head.startswith('<', at):
                at = after_angles(head, at)
            if head.startswith('(', at):
                at = matching(head, at, '()') + 1
        joined = re.compile(r'\s*(?:&&|\|\|)').match(head, at)
        if not joined:
            return at
        at = joined.end()


def without_templates(head):
    """(head without template<...>, requires clause and attributes in front, how much that was)."""
    at = 0
    while found := IN_FRONT.match(head, at):
        at = found.end()
        if found[0].endswith('requires'):
            at = after_constraint(head, at)
        elif head.startswith('<', at):
            at = after_angles(head, at)
    at += len(head[at:]) - len(head[at:].lstrip())
    return head[at:], at


def flat(head):
    """The head with what stands in parentheses taken out: only what is at its top level."""
    found, depth = [], 0
    for character in OPERATOR.sub('operator', head):
        depth -= character == ')'
        if depth == 0:
            found.append(character)
        depth += character == '('
    return ''.join(found)


def kind(head):
    """What a brace opens after `head`: 'scope', 'function', 'value' (ends the declaration or is in it)."""
    if re.search(r'\brequires\s*(?:\(\))?\s*$', flat(head)):
        return 'value'
    declared, _ = without_templates(head)
    top = flat(declared)
    if re.match(r'(?:inline\s+)?namespace\b|extern\s*$', declared):
        return 'scope'
    if re.match(r'(?:typedef\s+)?enum\b', declared):
        return 'value'
    if re.match(r'(?:class|struct|union)\b', declared) and ')' not in INHERITS.sub('', top):
        return 'scope'
    if ASSIGNMENT.search(top) or ')' not in top:
        return 'value'
    if INHERITS.search(top):
        return 'value' if NAME.search(top) else 'function'
    if '->' in top or re.search(r'\)[^()]*\brequires\b', top) or SPECIFIER.search(top):
        return 'function'
    return 'value' if NAME.search(top) else 'function'


def name_of(head):
    declared, _ = without_templates(head)
    found = re.search(r'([~\w:]*\boperator\s*(?:\(\s*\)|\[\s*\]|[^\w\s(]+|[^(]+)|[~\w:]+)\s*\(', declared)
    return found[1].strip() if found else declared.split('(')[0].strip()


def is_only_switch(body):
    """Whether the body is one switch, with at most one more statement after it."""
    body = body.strip()
    if not body.startswith('switch'):
        return False
    after = matching(body, body.index('{', matching(body, body.index('('), '()'))) + 1
    return body[after:].count(';') <= 1 and '{' not in body[after:]


def function(code, begin, brace):
    head = code[begin:brace]
    _, taken = without_templates(head)
    end = matching(code, brace)
    while caught := CATCH.match(code, end + 1):  # the handlers of a function-try-block
        end = matching(code, caught.end() - 1)
    first = code.count('\n', 0, begin + taken)
    last = code.count('\n', 0, end)
    return Function(name_of(head), first + 1, last - first + 1, is_only_switch(code[brace + 1:end]), end)


def functions(text):
    """All functions that have a body here, in order. A lambda is a part of what it stands in."""
    code = code_of(text)
    found, begin, at, depth = [], 0, 0, 0
    while at < len(code):
        character = code[at]
        depth += (character == '(') - (character == ')')
        if character == '{':
            what = 'value' if depth else kind(code[begin:at])
            if what == 'function':
                found.append(function(code, begin, at))
                at = found[-1].end
            elif what == 'value':
                end = matching(code, at)  # as if it had been parentheses, for what may follow it
                code = code[:at] + '(' + re.sub(r'[^\n]', ' ', code[at + 1:end]) + ')' + code[end + 1:]
                at = end
            if what != 'value':
                begin = at + 1
        elif character == '}' or (character == ';' and depth == 0):
            begin = at + 1
        elif character == ':' and ACCESS.search(code[begin:at]):
            begin = at + 1
        at += 1
    return found
