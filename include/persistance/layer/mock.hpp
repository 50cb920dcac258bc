#pragma once
/// @file
/// Services for tests, of which only some members work: Mock, mock, given, unimplemented.

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/layer/detail/member.hpp>
#include <persistance/layer/detail/recipe.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {

/// A member of a mock was called that the test had not given.
class Unimplemented : public std::logic_error {
 public:
  Unimplemented(std::string_view service, std::string_view member);

  [[nodiscard]] const std::string& service() const noexcept { return service_; }
  [[nodiscard]] const std::string& member() const noexcept { return member_; }

 private:
  std::string service_;
  std::string member_;
};

namespace detail {

template <auto Member>
Unimplemented unimplementedError() {
  using Class = typename MemberOf<decltype(Member)>::Class;
  return Unimplemented(typeName<Class>(), memberName<Member>());
}

}  // namespace detail

/// Fails by the name of a member: `unimplemented<&Mailer::quota>()`.
/// @par Errors  Unimplemented, always.
template <auto Member>
[[noreturn]] void unimplemented() {
  throw detail::unimplementedError<Member>();
}

/// What a member of a mock does.
template <class Service>
class GivenMember {
 public:
  GivenMember(const void* member, std::shared_ptr<const void> function)
      : member_(member), function_(std::move(function)) {}

  [[nodiscard]] const void* member() const noexcept { return member_; }
  [[nodiscard]] const void* function() const noexcept { return function_.get(); }

 private:
  const void* member_;
  std::shared_ptr<const void> function_;
};

/// `f` is what the member does: `given<&Mailer::send>([](Mail mail) { ... })`.
template <auto Member, class F>
auto given(F f) {
  using M = detail::MemberOf<decltype(Member)>;
  static_assert(M::template takes<F>,
                "persistance::layer::given: the function does not take the parameters of the "
                "member, or does not return its result");
  using Function = typename M::Function;
  return GivenMember<typename M::Class>(&detail::MemberKey<Member>::key,
                                        std::make_shared<const Function>(std::move(f)));
}

/// The base of a service's mock. It is written once for a service, a line for each member:
///
///     class MailerMock : public layer::Mock<Mailer> {
///      public:
///       using Mock::Mock;
///       asio::awaitable<void> send(Mail mail) override {
///         return call<&Mailer::send>(std::move(mail));
///       }
///       int quota() const override { return call<&Mailer::quota>(); }
///     };
///
/// A test then gives the members that it needs, and any other fails with Unimplemented, which names
/// the service and the member; where a member returns an awaitable, when that is awaited.
///
/// What it can do: members that are virtual, of any signature, const and noexcept ones too (a
/// noexcept one that was not given ends the program). What it cannot: C++ does not list the members
/// of a class, hence the line for each; a member that is not virtual is not mocked; `&S::f` of an
/// overloaded member needs a cast that chooses one.
///
/// @par Threads  As the given functions; what is given does not change.
template <class S>
class Mock : public S {
 public:
  static_assert(std::is_polymorphic_v<S>,
                "persistance::layer::Mock: the service has no virtual members to be mocked");
  using Service = S;

  explicit Mock(std::vector<GivenMember<S>> members) : members_(std::move(members)) {}

 protected:
  template <auto Member, class... A>
  auto call(A&&... arguments) const -> typename detail::MemberOf<decltype(Member)>::Result {
    using M = detail::MemberOf<decltype(Member)>;
    for (const GivenMember<S>& member : members_) {
      if (member.member() != &detail::MemberKey<Member>::key) continue;
      const auto& function = *static_cast<const typename M::Function*>(member.function());
      return function(std::forward<A>(arguments)...);
    }
    return detail::MemberResult<typename M::Result>::failing(detail::unimplementedError<Member>());
  }

 private:
  std::vector<GivenMember<S>> members_;
};

/// A layer of a service of which only the given members work.
///
///     auto mailer = layer::mock<MailerMock>(
///         layer::given<&Mailer::send>([&](Mail mail) -> asio::awaitable<void> { ... }));
///     // Layer<Requires<>, Provides<Mailer>>
template <class M, class... G>
auto mock(G... members) {
  using S = typename M::Service;
  static_assert(!std::is_abstract_v<M>,
                "persistance::layer::mock: a member of the service is missing in its mock; write a "
                "line for it: R f(P p) override { return call<&Service::f>(p); }");
  static_assert((std::is_same_v<G, GivenMember<S>> && ...),
                "persistance::layer::mock: an argument is no member of the mocked service; write "
                "given<&Service::member>(function)");
  std::vector<GivenMember<S>> all;
  (all.push_back(std::move(members)), ...);
  std::shared_ptr<S> service = std::make_shared<M>(std::move(all));
  return Layer<Requires<>, Provides<S>>(
      detail::succeedRecipe(detail::Services::one(typeIdOf<S>, std::move(service))));
}

}  // namespace persistance::layer
