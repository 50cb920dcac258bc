#include <persistance/detail/guard.hpp>

#include <new>

#include <persistance/backing/store.hpp>
#include <persistance/error.hpp>

namespace persistance::detail {
namespace {

// At some 300 ns an operation, a turn is a third of a millisecond; the detour through the scheduler
// costs one operation in a thousand.
constexpr std::size_t operationsPerTurn = 1024;

std::string shown(const std::string& text, Messages messages) {
  return messages == Messages::full ? text : std::string();
}

}  // namespace

void checkKey(std::string_view method, const std::string& key, Messages messages) {
  if (key.size() <= backing::maxKeySize) return;
  throw PersistanceBackingError(std::string(method), shown(key, messages), BackingErrc::tooLarge,
                                "a key of " + std::to_string(key.size()) + " bytes, the limit is " +
                                    std::to_string(backing::maxKeySize));
}

void checkSlots(std::size_t expected, std::size_t actual) {
  if (expected == actual) return;
  throw backing::Failure(BackingErrc::protocol, "the backing answered " + std::to_string(actual) +
                                                    " slots for " + std::to_string(expected) +
                                                    " keys");
}

void rethrowAs(std::string_view method, const std::string& key, Messages messages) {
  const auto fail = [&](std::error_code code, const std::string& detail) {
    throw PersistanceBackingError(std::string(method), shown(key, messages), code,
                                  shown(detail, messages), std::current_exception());
  };
  try {
    throw;
  } catch (const PersistanceBackingError& error) {
    if (messages == Messages::full) throw;
    throw PersistanceBackingError(error.method(), "", error.code(), "", std::current_exception());
  } catch (const PersistanceError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const backing::Failure& failure) {
    fail(failure.code(), failure.detail());
  } catch (const std::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    const bool ours = error.code().category() == backingCategory();
    fail(ours ? error.code() : make_error_code(BackingErrc::unavailable), error.what());
  } catch (const std::exception& error) {
    fail(BackingErrc::unavailable, error.what());
  } catch (...) {
    fail(BackingErrc::unavailable, "an exception of unknown type");
  }
  std::abort();  // not reached: every branch throws
}

void rethrowIfCancelled() {
  try {
    throw;
  } catch (const std::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
  } catch (...) {  // something else: the caller goes on
  }
}

bool turnIsOver(std::size_t operations) noexcept {
  thread_local std::size_t done = 0;
  done += operations;
  if (done < operationsPerTurn) return false;
  done = 0;
  return true;
}

asio::awaitable<void> nextTurn() {
  const auto executor = co_await asio::this_coro::executor;
  co_await asio::post(executor, asio::use_awaitable);
}

}  // namespace persistance::detail
