#include <persistance/layer/memo_map.hpp>

#include <utility>

#include "memo.hpp"

namespace persistance::layer {

MemoMap::MemoMap() : memo_(std::make_shared<detail::Memo>()) {}

MemoMap MemoMap::fork() const { return MemoMap(std::make_shared<detail::Memo>(memo_)); }

}  // namespace persistance::layer
