#pragma once
/// @file
/// Schemas: how a value is written, read and checked.

#include <persistance/schema/array.hpp>
#include <persistance/schema/boolean.hpp>
#include <persistance/schema/identity.hpp>
#include <persistance/schema/issue.hpp>
#include <persistance/schema/json.hpp>
#include <persistance/schema/map.hpp>
#include <persistance/schema/number.hpp>
#include <persistance/schema/object.hpp>
#include <persistance/schema/of.hpp>
#include <persistance/schema/optional.hpp>
#include <persistance/schema/refine.hpp>
#include <persistance/schema/schema.hpp>
#include <persistance/schema/string.hpp>
#include <persistance/schema/transform.hpp>
