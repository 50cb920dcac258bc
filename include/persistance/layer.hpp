#pragma once
/// @file
/// Layers: how a server is put together.

#include <persistance/layer/build.hpp>
#include <persistance/layer/combinators.hpp>
#include <persistance/layer/error.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/memo_map.hpp>
#include <persistance/layer/scope.hpp>
