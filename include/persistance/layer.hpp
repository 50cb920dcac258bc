#pragma once
/// @file
/// Layers: a server is put together from parts that say what they need.
///
///     auto config     = layer::succeed(Config{...});
///     auto database   = layer::scoped([](Config& config, layer::Scope& scope)
///                           -> asio::awaitable<std::shared_ptr<Database>> { ... });
///     auto users      = layer::effect([](Database& database)
///                           -> asio::awaitable<std::shared_ptr<Users>> { ... });
///     auto app        = layer::provide(users, layer::provide(database, config));
///     co_await layer::run(app, [](Users& users) -> asio::awaitable<void> { ... });
///
/// A **service** is an object of a class. A **layer** is a recipe for services: it knows which
/// services it requires (they are read from the parameters of its function) and which it provides.
/// Layers are put together into one that requires nothing; `run` builds that, each layer once
/// however many others use it, those that do not need each other side by side, and releases
/// everything in reverse, whatever happens. What does not fit together does not compile, and the
/// message names the service.
///
/// Six words are enough to start: **succeed, effect, scoped** make a layer; **provide, merge** put
/// layers together; **run** runs one.

// One service: succeed, sync, effect, scoped, effectDiscard, empty.
#include <persistance/layer/make.hpp>
// Put together: merge, provide, provideMerge, fresh, updateService.
#include <persistance/layer/combine.hpp>
// A flat list that puts itself together: wire.
#include <persistance/layer/wire.hpp>
// Programs: run, launch, build.
#include <persistance/layer/run.hpp>
// A layer as a whole program: runMain.
#include <persistance/layer/main.hpp>
// Services that outlive what is built: reference.
#include <persistance/layer/reference.hpp>
// Layers by key: layerMap, LayerMap.
#include <persistance/layer/layer_map.hpp>
// Layers for code that is not itself made of layers: ManagedRuntime.
#include <persistance/layer/runtime.hpp>
// Failure: orElse, catchAll, retry, tapError; and what goes wrong: CloseError and others.
#include <persistance/layer/error.hpp>
#include <persistance/layer/recover.hpp>
// Layers that are made while they are built: suspend, unwrap, flatMap; and tap.
#include <persistance/layer/dynamic.hpp>
// What is told of a build, and how long it may take: observe, timeout.
#include <persistance/layer/observe.hpp>
// Pictures: graph.
#include <persistance/layer/graph.hpp>
