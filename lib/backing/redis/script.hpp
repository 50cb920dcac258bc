#pragma once
/// @file
/// Scripts that run in the server.

#include <string>
#include <string_view>

namespace persistance::backing::redis {

/// A script of one key. It is called by its hash; a server that does not have it,
/// because it is new, was restarted or was told to forget, says NOSCRIPT and has run nothing: then
/// the same call goes there with the source, which the server keeps.
class Script {
 public:
  /// `arguments` are those behind the key.
  Script(std::string_view source, std::size_t arguments);

  /// What a call by the hash begins with: all but the key and the arguments.
  [[nodiscard]] const std::string& call() const noexcept { return byHash_; }

  /// Makes a call by the hash one with the source.
  void useSource(std::string& wire) const { wire.replace(0, byHash_.size(), bySource_); }

 private:
  std::string byHash_;
  std::string bySource_;
};

}  // namespace persistance::backing::redis
