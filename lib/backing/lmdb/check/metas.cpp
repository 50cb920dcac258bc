#include "backing/lmdb/check/metas.hpp"

#include "backing/lmdb/failure.hpp"
#include "backing/lmdb/growth.hpp"
#include "backing/lmdb/guards.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <thread>
#include <vector>

namespace persistance::backing::lmdb {

namespace {

constexpr std::size_t minPageSize = 512;
constexpr std::size_t maxPageSize = 32768;
constexpr int attempts = 5;

[[noreturn]] void damaged(const std::string& what) {
  throw Failure(BackingErrc::corrupt, "the data file is damaged: " + what);
}

std::vector<std::byte> readStart(const FileDescriptor& file, std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(file.get(), bytes.data() + done, size - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw LmdbError(errno, "reading the data file");
    if (got == 0) damaged("it ends inside its first pages");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

bool isTree(const TreeHead& tree, std::uint16_t flags, PageNumber last) {
  if (tree.flags != flags || tree.depth > maxDepth) return false;
  if (tree.root == noPage) return tree.depth == 0 && tree.entries == 0;
  return tree.depth > 0 && tree.root >= metaPages && tree.root <= last;
}

/// LMDB 1.0 has another format, and a longer head before it.
void refuseOtherVersion(Bytes start) {
  constexpr std::size_t headOfVersion1 = sizeof(PageHead);
  constexpr std::size_t headOfVersion2 = sizeof(PageHead) + 8;
  for (const std::size_t at : {headOfVersion1, headOfVersion2}) {
    const auto version = valueAt<std::uint32_t>(start, at + sizeof(std::uint32_t));
    if (valueAt<std::uint32_t>(start, at) != metaMagic || version == metaVersion) continue;
    throw Failure(BackingErrc::wrongType,
                  "the file has LMDB data version " + std::to_string(version) +
                      ", as LMDB 1.0 writes it; this library is built on LMDB 0.9, which has data "
                      "version " +
                      std::to_string(metaVersion));
  }
}

Meta metaAt(Bytes start, PageNumber slot) {
  const std::size_t at = slot == 0 ? 0 : start.size() / 2;
  const auto page = valueAt<PageHead>(start, at);
  const auto meta = valueAt<Meta>(start, at + sizeof(PageHead));
  if (page.number != slot || page.flags != metaPage || meta.magic != metaMagic ||
      meta.version != metaVersion || meta.address != nullptr)
    damaged("page " + std::to_string(slot) + " is no header");
  return meta;
}

// Only of the newest: where writing a meta failed, LMDB leaves the new trees under the old number.
Meta withinFile(const Meta& meta, std::uint64_t fileSize) {
  if (meta.lastPage < metaPages - 1 || meta.lastPage >= fileSize / meta.pageSize())
    damaged("it was cut: its header names " + std::to_string(meta.lastPage + 1) +
            " pages and it has " + std::to_string(fileSize) + " bytes");
  // The main tree of another program's environment may have flags; openKeyspace() refuses it.
  if (!isTree(meta.free, integerKeys, meta.lastPage) ||
      !isTree(meta.main, meta.main.flags, meta.lastPage))
    damaged("its header describes trees that cannot be");
  return meta;
}

// Each transaction writes the meta whose slot is its number's last bit, so the two differ by one.
Meta newestOf(const FileDescriptor& file) {
  const auto head = readStart(file, sizeof(PageHead) + sizeof(Meta));
  refuseOtherVersion(head);
  const std::size_t pageSize = valueAt<Meta>(head, sizeof(PageHead)).pageSize();
  if (!std::has_single_bit(pageSize) || pageSize < minPageSize || pageSize > maxPageSize)
    damaged("its first page is no header");
  const auto start = readStart(file, metaPages * pageSize);
  const std::array metas{metaAt(start, 0), metaAt(start, 1)};
  if (metas[1].pageSize() != pageSize) damaged("its two headers belong to different files");
  const std::size_t even = metas[0].transaction;
  const std::size_t odd = metas[1].transaction;
  const bool next = even % 2 == 0 && (odd == even + 1 || odd + 1 == even);
  const bool first = metas[0].lastPage < metaPages;  // transaction 0 has no pages yet
  if (even == 0 ? !first || odd > 1 : !next) damaged("its two headers do not follow one another");
  return withinFile(metas[odd > even ? 1 : 0], sizeOf(file.get()));
}

}  // namespace

Meta readNewestMeta(const std::filesystem::path& dataFile) {
  const FileDescriptor file(::open(dataFile.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw LmdbError(errno, "opening " + dataFile.string());
  for (int attempt = 1;; ++attempt) {
    try {
      return newestOf(file);
    } catch (const Failure& failure) {
      // Another process may have been writing one of them.
      if (failure.code() != make_error_code(BackingErrc::corrupt) || attempt == attempts) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace persistance::backing::lmdb
