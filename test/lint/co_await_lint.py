#!/usr/bin/env python3
"""Finds what g++ 12 miscompiles inside a full expression that contains co_await.

    co_await_lint.py FILE-OR-FOLDER...

Inside one such expression it reports
  * a braced list (an aggregate with non-trivial members is destroyed twice),
  * the same in parentheses, `User("Ada")`, where User is an aggregate that one of the files defines,
  * a lambda that captures by value something that is not plainly trivial,
  * the conditional operator.
Reading works on tokens: comments, strings and the bodies of nested lambdas, which are statements of
their own, do not count. Markdown files are read in their ```cpp blocks. Folders named compile_fail
hold what must not compile and are left out.
"""

import itertools
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


def split(items, separator):
    parts = [[]]
    for item in items:
        if item == separator:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def has_constructor(name, body):
    """Whether the struct declares one: its name and a parameter list, with nothing else in front."""
    return any(item == name and is_group(following, '(')
               and (at == 0 or body[at - 1] in (';', 'explicit', 'constexpr', ':', ')') or is_group(body[at - 1], '{'))
               for at, (item, following) in enumerate(zip(body, body[1:])))


def is_member(declaration):
    """Whether a part of a struct between semicolons is a data member that is more than numbers."""
    words = [str(item) for item in declaration if isinstance(item, Token)]
    if not words or words[0] in ('using', 'typedef', 'static', 'friend', 'struct', 'class', 'enum', 'template', 'union'):
        return False
    if any(is_group(item, '(') for item in declaration):
        return False
    front = list(itertools.takewhile(lambda item: isinstance(item, Token) and item not in ('=', ','), declaration))
    kind = ''.join(word for word in front[:-1] if word not in ('const', 'mutable', 'volatile'))
    return '*' not in front and not re.fullmatch(f'(?:{TRIVIAL})+', kind)


def aggregates(items, found, others):
    """Collects the structs that are aggregates with something to destroy, and all other classes."""
    for at, item in enumerate(items):
        if not isinstance(item, Group):
            continue
        aggregates(item, found, others)
        head = []
        while item.opening == '{' and at > len(head) and items[at - len(head) - 1] not in (';', '}') \
                and not is_group(items[at - len(head) - 1], '{'):
            head.insert(0, items[at - len(head) - 1])
        words = [str(word) for word in head if isinstance(word, Token)]
        kind = next((word for word in words if word in ('struct', 'class', 'union')), None)
        if kind is None or 'enum' in words or '=' in words or any(is_group(word, '(') for word in head):
            continue
        name = next((word for word in words[words.index(kind) + 1:] if word != 'alignas'), '')
        plain = kind == 'struct' and not has_constructor(name, item) and not (
            {'private', 'protected', 'virtual'} & {str(word) for word in item if isinstance(word, Token)})
        if plain and any(is_member(part) for part in split(item, ';')):
            found.add(name)
        elif not plain:
            others.add(name)


def tree(text):
    root = group(tokenize(text))
    mark_lambdas(root)
    return root


class Linter:
    def __init__(self, text, structs=()):
        self.text = text
        self.structs = structs
        self.found = []

    def run(self):
        self.block(tree(self.text))
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
                if item.opening == '(' and self.type_before(items, at).split('::')[-1] in self.structs:
                    findings.append((item.line, 'an aggregate'))
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
        for part in filter(None, split(captures, ',')):
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


def code(path):
    text = path.read_text(encoding='utf-8', errors='replace')
    return markdown_code(text) if path.suffix == '.md' else text


def structs_in(text):
    """The names that are aggregates in this text, and those that are something else."""
    found, others = set(), set(re.findall(r'\busing\s+(\w+)\s*=', text))
    aggregates(tree(text), found, others)
    return found, others


def structs_for(path, known):
    """What `path` may mean by a name: what it defines itself, else what a header does."""
    own, hidden = known[path]
    headers = [names for other, names in known.items() if other.suffix != '.cpp' and other != path]
    found = set().union(*(names[0] for names in headers))
    others = set().union(*(names[1] for names in headers))
    return (own - hidden) | (found - others - hidden)


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
    texts = {path: code(path) for path in files(arguments)}
    known = {path: structs_in(text) for path, text in texts.items()}
    count, failures = len(texts), 0
    for path, text in texts.items():
        for line, what in Linter(text, structs_for(path, known)).run():
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
