#!/usr/bin/env python3
"""How long a program of many services takes to compile.

    bench/wiring.py [--compiler g++] [--sizes 10 50 200] [--keep DIRECTORY]

Writes a file that wires so many services, each of which requires up to three earlier ones, in three
ways: `wire`, one flat list; `tower`, in which each layer is put on top of all the others (the types grow by one service
each time), and `groups`, in which ten services at a time are merged and given to the next ten.
Compiles it without optimisation, takes off what an empty file with the same include costs, and
prints seconds, megabytes and the seconds for each service.
"""

import argparse
import os
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
FLAGS = ["-std=c++20", "-O0", "-I", os.path.join(ROOT, "include"),
         "-DASIO_HAS_CO_AWAIT", "-DASIO_HAS_STD_COROUTINE", "-c"]
HEAD = """#include <persistance/layer.hpp>
namespace layer = persistance::layer;
"""


def dependencies(i: int) -> list[int]:
    return sorted({i - 1, i // 2, i // 3} - {i}) if i > 0 else []


def services(count: int) -> str:
    lines = []
    for i in range(count):
        needs = ", ".join(f"Service{d}& s{d}" for d in dependencies(i))
        total = " + ".join([f"s{d}.value" for d in dependencies(i)] + ["1"])
        lines.append(f"""struct Service{i} {{ int value; }};
auto layer{i}() {{
  return layer::effect([]({needs}) -> asio::awaitable<std::shared_ptr<Service{i}>> {{
    co_return std::make_shared<Service{i}>(Service{i}{{{total}}});
  }});
}}""")
    return "\n".join(lines)


def body(app: str, count: int) -> str:
    return f"""
asio::awaitable<void> start() {{
{app}
  return layer::run(app, [](Service{count - 1}& last) {{ (void)last.value; }});
}}
"""


def tower(count: int) -> str:
    lines = ["  auto app0 = layer0();"]
    for i in range(1, count):
        lines.append(f"  auto app{i} = layer::provideMerge(layer{i}(), app{i - 1});")
    lines.append(f"  auto app = app{count - 1};")
    return HEAD + services(count) + body("\n".join(lines), count)


def wire(count: int) -> str:
    layers = ", ".join(f"layer{i}()" for i in reversed(range(count)))
    return HEAD + services(count) + body(
        f"  auto app = layer::wire<Service{count - 1}>({layers});", count)


# One group is provided with all that is below it.
def groups(count: int) -> str:
    lines = []
    for start in range(0, count, 10):
        below = f"group{start - 10}" if start else ""
        parts = []
        for i in range(start, min(start + 10, count)):
            inside = [d for d in dependencies(i) if d >= start]
            given = ", ".join(f"part{d}" for d in inside)
            lines.append(f"  auto part{i} = " + (
                f"layer::provide(layer{i}(), layer::merge({given}));" if given else f"layer{i}();"))
            parts.append(f"part{i}")
        merged = f"layer::merge({', '.join(parts)})"
        lines.append(f"  auto group{start} = " + (
            f"layer::provideMerge({merged}, {below});" if below else f"{merged};"))
    lines.append(f"  auto app = group{(count - 1) // 10 * 10};")
    return HEAD + services(count) + body("\n".join(lines), count)


def compile_(compiler: str, source: str, directory: str, name: str) -> tuple[float, float]:
    path = os.path.join(directory, name + ".cpp")
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    command = [compiler, *FLAGS, path, "-o", os.path.join(directory, name + ".o")]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{name} does not compile")
    # CPU seconds: a busy machine does not count.
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 50, 200])
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = arguments.keep or temporary
        os.makedirs(directory, exist_ok=True)
        base, memory = compile_(arguments.compiler, HEAD, directory, "include_only")
        print(f"{'':8}{'services':>9}{'seconds':>9}{'MB':>7}{'ms/service':>12}")
        print(f"{'include':8}{'':>9}{base:9.1f}{memory:7.0f}")
        for name, make in (("wire", wire), ("tower", tower), ("groups", groups)):
            for size in arguments.sizes:
                seconds, memory = compile_(arguments.compiler, make(size), directory,
                                           f"{name}_{size}")
                each = 1000 * (seconds - base) / size
                print(f"{name:8}{size:9}{seconds:9.1f}{memory:7.0f}{each:12.1f}")


if __name__ == "__main__":
    main()
