#!/usr/bin/env python3
"""Finds what g++ 12 miscompiles inside a full expression that contains co_await.

    co_await_lint.py FILE-OR-FOLDER...

Inside one such expression it reports
  * a braced list (an aggregate with non-trivial members is destroyed twice),
  * a lambda that captures by value something that is not plainly trivial,
  * the conditional operator.
Reading works on tokens: comments, strings and the bodies of nested lambdas, which are statements of
their own, do not count. Markdown files are read in their ```cpp blocks. Folders named compile_fail
hold what must not compile and are left out.
"""

import pathlib
import re
import sys

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|(?:u8|[uUL])?R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"'
    r'|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"'
    r"|(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'"
    r"|^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*"
    r"|[A-Za-z_]\w*|\d(?:[\w.]|'\w)*|::|->|&&|\|\||[^\s\w]",
    re.S | re.M)
CLOSING = {'(': ')', '[': ']', '{': '}'}
HEADER_WORDS = {'if', 'for', 'while', 'switch', 'catch'}
DEFINITION_WORDS = {'namespace', 'struct', 'class', 'enum', 'union', 'extern'}
# Words after which a '[' begins a lambda and a '{' a value, although they look like names.
OPERATOR_WORDS = {'return', 'co_return', 'co_await', 'co_yield', 'throw', 'case', 'else', 'do'}
TRIVIAL = (r'(?:(?:unsigned|signed|int|bool|char|short|long|float|double)|(?:std::)?(?:size_t|ptrdiff_t)'
           r'|(?:std::)?u?int(?:8|16|32|64)_t|(?:std::)?byte|(?:std::)?chrono::\w+)')
# Braces on these call a constructor; they are no aggregates.
CONSTRUCTED = re.compile(r'std::(?:chrono::\w+|string|string_view)$')


class Token(str):
    line = 0


class Group(list):
    """A bracketed part: `opening` is one of ( [ {, or 'lambda' for the body of a lambda."""

    def __init__(self, opening, line):
        super().__init__()
        self.opening = opening
        self.line = line


def tokenize(text):
    for match in TOKEN.finditer(text):
        word = match.group()
        if word.startswith(('//', '/*')) or word.lstrip().startswith('#'):
            continue
        if word[-1] == '"' or (word[-1] == "'" and not word[0].isdigit()):
            word = '""'
        token = Token(word)
        token.line = text.count('\n', 0, match.start()) + 1
        yield token


def group(tokens):
    root = Group('{', 1)
    open_groups = [root]
    for token in tokens:
        if token in CLOSING:
            inner = Group(str(token), token.line)
            open_groups[-1].append(inner)
            open_groups.append(inner)
        elif token in CLOSING.values():
            if len(open_groups) > 1 and CLOSING[open_groups[-1].opening] == token:
                open_groups.pop()
        else:
            open_groups[-1].append(token)
    return root


def is_name(item):
    return isinstance(item, Token) and bool(re.match(r'[A-Za-z_]', item)) and item not in OPERATOR_WORDS


def is_group(item, opening):
    return isinstance(item, Group) and item.opening == opening


def begins_lambda(items, at):
    """Whether items[at], a [...] group, is the capture list of a lambda."""
    before = items[at - 1] if at else None
    after = items[at + 1] if at + 1 < len(items) else None
    if is_name(before) or is_group(before, '(') or is_group(before, '['):
        return False  # a subscript, operator[], delete[], or a structured binding
    if len(items[at]) == 1 and is_group(items[at][0], '['):
        return False  # an attribute
    return is_group(after, '(') or is_group(after, '{') or is_group(after, 'lambda') or after == '<'


def mark_lambdas(items):
    pending = False
    for at, item in enumerate(items):
        if not isinstance(item, Group):
            continue
        if item.opening == '[' and begins_lambda(items, at):
            pending = True
        elif item.opening == '{' and pending:
            item.opening = 'lambda'
            pending = False
        mark_lambdas(item)


def is_block(statement, braces):
    """Whether {...} after `statement` is a block of statements and not a braced list."""
    if any(item == ';' for item in braces):
        return True
    if not statement:
        return True
    if any(item in DEFINITION_WORDS for item in statement if isinstance(item, Token)):
        return not any(item == '=' for item in statement)
    last = statement[-1]
    if is_group(last, '(') or is_group(last, '{'):
        return True
    if last in ('else', 'do', 'try', 'const', 'noexcept', 'override', 'final', 'mutable', '&&'):
        return True
    arrow = next((i for i, item in enumerate(statement) if item == '->'), 0)
    return arrow > 0 and not any(item in ('=', 'return') or item in OPERATOR_WORDS
                                 for item in statement if isinstance(item, Token))


class Linter:
    def __init__(self, text):
        self.text = text
        self.found = []

    def run(self):
        root = group(tokenize(self.text))
        mark_lambdas(root)
        self.block(root)
        return sorted(set(self.found))

    def block(self, items):
        statement = []
        for item in items:
            if item == ';':
                self.statement(statement)
                statement = []
            elif is_group(item, '{') and is_block(statement, item):
                self.statement(statement)
                statement = []
                self.block(item)
            elif is_group(item, '(') and self.is_header(statement):
                self.block(item)  # its parts are full expressions of their own
                statement = []
            elif item == ':' and statement and statement[0] in ('case', 'default', 'public', 'private',
                                                                'protected'):
                statement = []
            else:
                statement.append(item)
        self.statement(statement)

    @staticmethod
    def is_header(statement):
        words = [item for item in statement[-2:] if isinstance(item, Token)]
        return bool(words) and (words[-1] in HEADER_WORDS or words == ['if', 'constexpr'])

    def statement(self, items):
        findings = []
        if self.expression(items, findings):
            self.found += findings

    def expression(self, items, findings):
        """Collects what is unsafe beside a co_await; gives whether there is a co_await."""
        awaits = False
        for at, item in enumerate(items):
            if isinstance(item, Token):
                awaits |= item == 'co_await'
                if item == '?':
                    findings.append((item.line, 'the conditional operator'))
            elif item.opening == 'lambda':
                self.block(item)
            else:
                if item.opening == '{' and not CONSTRUCTED.search(self.type_before(items, at)):
                    findings.append((item.line, 'a braced list'))
                if item.opening == '[' and begins_lambda(items, at):
                    capture = self.unsafe_capture(item)
                    if capture:
                        findings.append((item.line, f'a lambda that captures {capture} by value'))
                    continue
                awaits |= self.expression(item, findings)
        return awaits

    @staticmethod
    def type_before(items, at):
        name = ''
        while at and isinstance(items[at - 1], Token) and (is_name(items[at - 1]) or items[at - 1] == '::'):
            at -= 1
            name = items[at] + name
        return name

    def unsafe_capture(self, captures):
        parts = [[]]
        for item in captures:
            if item == ',':
                parts.append([])
            else:
                parts[-1].append(item)
        for part in filter(None, parts):
            words = [str(item) for item in part if isinstance(item, Token)]
            if words and words[0] in ('&', 'this'):
                continue
            if words[0] == '=' or words[0] == '*':
                return 'everything' if words[0] == '=' else '*this'
            if '=' in words and words[words.index('=') + 1:][:1] == ['&']:
                continue  # the address of something
            if '=' in words and re.fullmatch(r"\d[\w.']*|true|false|nullptr", words[-1]) and len(part) == 3:
                continue
            if '=' not in words and self.is_trivial(words[0]):
                continue
            return words[0]
        return ''

    def is_trivial(self, name):
        declared = re.search(rf'\b{TRIVIAL}(?:\s+const)?\s*\*?\s+{name}\b|\*\s*(?:const\s+)?{name}\s*[=,)]',
                             self.text)
        return declared is not None


def markdown_code(text):
    """The ```cpp blocks, everything else blanked so that line numbers stay."""
    lines, inside = [], False
    for line in text.split('\n'):
        if line.startswith('```'):
            inside = line.strip() in ('```cpp', '```c++')
            line = ''
        lines.append(line if inside else '')
    return '\n'.join(lines)


def check(path):
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.md':
        text = markdown_code(text)
    return Linter(text).run()


def files(arguments):
    for argument in map(pathlib.Path, arguments):
        if argument.is_dir():
            for path in sorted(argument.rglob('*')):
                if path.suffix in ('.cpp', '.hpp', '.ipp', '.md') and not (
                        {'compile_fail', 'node_modules'} & set(path.parts)):
                    yield path
        else:
            yield argument


def main(arguments):
    count = failures = 0
    for path in files(arguments):
        count += 1
        for line, what in check(path):
            failures += 1
            print(f'{path}:{line}: {what} in an expression with co_await: g++ 12 miscompiles it; '
                  'name it in a statement of its own first')
    if not count:
        print('co_await_lint: nothing to read', file=sys.stderr)
        return 2
    print(f'co_await_lint: {count} files, {failures} findings')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
