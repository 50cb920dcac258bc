#!/usr/bin/env python3
"""The lint finds each unsafe form and says nothing about the safe ones."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import co_await_lint

BAD = {
    'aggregate': 'co_await f(Agg{1, "x"});',
    'aggregate of a template': 'co_await f(Agg<int>{1});',
    'qualified aggregate': 'co_await ns::f(1, ns::Agg{});',
    'bare list': 'co_await f({1, 2});',
    'designated': 'co_await f({.n = 4, .tag = s});',
    'two lists': 'co_await f(std::vector<T>{T{1}, T{2}});',
    'awaits in a list': 'R r{co_await a(), co_await b()};',
    'co_return of awaits': 'co_return R{co_await a(), 1};',
    'assignment': 'x = {co_await a(), 1};',
    'condition in front': 'auto x = c ? co_await f(T(1)) : T(5);',
    'condition inside': 'co_await f(c ? a : b);',
    'condition awaited': 'co_await (c ? f(1) : f(2));',
    'lambda by value': 'std::string s; co_await f([s] { use(s); });',
    'lambda with everything': 'co_await f([=] { use(s); });',
    'lambda with a moved value': 'co_await f([p = std::move(q)] { use(p); });',
    'lambda, mixed captures': 'co_await f([&a, s] { use(s); });',
    'called lambda': 'co_await [t]() -> task<int> { co_return 1; }();',
    'copy of this': 'co_await f([*this] { use(); });',
    'in a condition': 'if (co_await f(Agg{1})) { g(); }',
    'in an if with init': 'if (auto r = co_await f(Agg{1}); r) g();',
    'in a macro': 'CHECK(co_await f(Agg{1}) == 2);',
    'after else': 'if (x) { g(); } else co_await f(Agg{1});',
    'in a lambda in a call': 'run([&]() -> asio::awaitable<void> { co_await f(Agg{1}); });',
    'in a range': 'for (auto& x : co_await f(Agg{1})) g(x);',
    'over lines': 'co_await\n  f(\n   Agg{\n 1});',
    'in a case': 'switch (x) { case 1: co_await f(Agg{1}); }',
    'after a char with a quote': "auto c = '\"'; co_await f(Agg{1});",
    'aggregate in parentheses': 'struct Named { std::string name; int age = 0; }; co_await f(Named("x", 1));',
    'aggregate in a value_or': 'struct Named { std::string name; }; auto x = (co_await f()).value_or(Named("x"));',
    'aggregate inside of another': 'struct Named { std::string name; }; co_await f(std::optional<Named>(Named("x")));',
    'aggregate of a base': 'struct Named : Base { std::vector<int> all; }; co_await f(Named(1));',
    'after a digit separator': "auto n = 1'000; co_await f(Agg{1});",
}
GOOD = {
    'named': 'Agg a{1, "x"}; co_await f(std::move(a));',
    'parentheses': 'co_await f(std::string("x"), Key("a", 1));',
    'constructed with braces': 'co_await f(std::string{"x"}, std::chrono::seconds{3});',
    'captureless': 'co_await f([](int x) { return x; });',
    'by reference': 'co_await f([&x] { use(x); });',
    'all by reference': 'co_await f([&] { use(x); });',
    'this': 'co_await f([this, &x] { use(x); });',
    'an int': 'const int i = 1; co_await f([i] { use(i); });',
    'a size': 'std::size_t n = 1; co_await f([n, &x] { use(n); });',
    'a literal': 'co_await f([n = 3] { use(n); });',
    'an address': 'co_await f([p = &x] { use(p); });',
    'lambda body is its own': 'co_await f([]() -> awaitable<int> { Agg a{1}; co_return c ? 1 : 2; });',
    'lambda without co_await': 'auto l = [s] { use(s); }; co_await f(l);',
    'split': 'auto op = f(Agg{1}); co_await std::move(op);',
    'co_return alone': 'co_return Agg{1, 2};',
    'neighbours': 'Agg a{1}; co_await f(); auto b = c ? 1 : 2; Agg d{2};',
    'condition in a header': 'if (c ? a : b) co_await f();',
    'list in a loop header': 'for (int x : {1, 2}) co_await f(x);',
    'subscript': 'co_await list[i](3); co_await a[i];',
    'structured binding': 'auto [a, b] = co_await f();',
    'structured binding by reference': 'auto& [a, b] = co_await f();',
    'function bodies': 'asio::awaitable<void> f() { co_await g(); }\nint h() { return c ? 1 : 2; }',
    'trailing return': 'auto f() -> asio::awaitable<void> { co_await g(); }',
    'member functions': 'struct A : B { int x{1}; awaitable<void> f() const { co_await g(); } };',
    'constructor': 'A::A(int x) : x_{x}, y_(1) { spawn([&]() -> awaitable<void> { co_await g(); }); }',
    'comments': '// co_await f(Agg{1})\n/* co_await f({1}) */ co_await f();',
    'strings': 'co_await f("Agg{1} ? :"); co_await f(R"(a"{?})");',
    'attribute': '[[nodiscard]] awaitable<void> f() { co_await g(); }',
    'preprocessor': '#define X(a) {a ? 1 : 2}\nco_await f();',
    'nothing awaited': 'auto x = c ? Agg{1} : Agg{2}; f([s] { use(s); });',
    'class with a constructor': 'struct Key { Key(int x); std::string text; }; co_await f(Key(1));',
    'class with an explicit one': 'struct Key { std::string a; explicit Key(int x); }; co_await f(Key(1));',
    'trivial aggregate': 'struct Point { int x; double y = 0; }; co_await f(Point(1, 2));',
    'class with private members': 'class Key { std::string text; }; co_await f(Key());',
    'function of that name elsewhere': 'struct Named { std::string name; }; co_await f(named("x"));',
    'try and catch': 'try { co_await f(); } catch (const E& e) { x = c ? 1 : 2; Agg a{1}; }',
    'do and while': 'do { co_await f(); } while (c ? a : b);',
}


def findings(code):
    text = f'asio::awaitable<void> body() {{\n{code}\n}}\n'
    return co_await_lint.Linter(text, co_await_lint.structs_in(text)[0]).run()


class Snippets(unittest.TestCase):
    def test_bad_ones_are_found(self):
        for name, code in BAD.items():
            with self.subTest(name):
                self.assertTrue(findings(code))

    def test_good_ones_are_left_alone(self):
        for name, code in GOOD.items():
            with self.subTest(name):
                self.assertEqual(findings(code), [])

    def test_the_line_is_named(self):
        self.assertEqual(findings('f();\nco_await f(Agg{1});'), [(3, 'a braced list')])


class Program(unittest.TestCase):
    def run_on(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            return subprocess.run([sys.executable, co_await_lint.__file__, folder], capture_output=True,
                                  text=True)

    def test_a_finding_fails(self):
        result = self.run_on('a.cpp', 'void f() { co_await g(Agg{1}); }')
        self.assertEqual(result.returncode, 1)
        self.assertIn('a.cpp:1:', result.stdout)

    def test_code_of_a_readme_is_read_and_its_prose_is_not(self):
        self.assertEqual(self.run_on('R.md', 'co_await f({})\n```cpp\nco_await f();\n```\n').returncode, 0)
        self.assertEqual(self.run_on('R.md', '```cpp\nco_await f(A{1});\n```\n').returncode, 1)

    def test_a_struct_of_a_header_is_known_and_one_of_another_source_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, 'user.hpp').write_text('struct User { std::string name; };')
            pathlib.Path(folder, 'a.cpp').write_text('struct Options { std::string name; };')
            pathlib.Path(folder, 'b.cpp').write_text('void f() {\nco_await g(User("x"));\nco_await g(Options(1));\n}')
            result = subprocess.run([sys.executable, co_await_lint.__file__, folder], capture_output=True, text=True)
            self.assertIn('b.cpp:2:', result.stdout)
            self.assertIn('1 findings', result.stdout)

    def test_what_must_not_compile_is_left_out(self):
        result = self.run_on('compile_fail/a.cpp', 'void f() { co_await g(Agg{1}); }')
        self.assertEqual(result.returncode, 2)

    def test_reading_nothing_is_no_success(self):
        self.assertEqual(self.run_on('a.txt', '').returncode, 2)


if __name__ == '__main__':
    unittest.main()
