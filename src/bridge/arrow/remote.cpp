#include "bridge/arrow/remote.h"

#include "bridge/arrow/remote.hpp"
#include "bridge/arrow/wall.hpp"

#include <arrow/buffer.h>
#include <arrow/filesystem/filesystem.h>
#include <arrow/io/file.h>
#include <arrow/util/config.h>

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

extern "C" {
#include "base/files.h"
}

using wall::doing;

namespace
{
constexpr int64_t piece = 8 << 20;

struct place {
    std::shared_ptr<arrow::fs::FileSystem> system;
    std::string path; // inside the system
};

// File systems that were opened, by what of the URI makes one. Never destroyed: S3 has to be ended by finish(), before
// the program's own end and after the last of its objects.
struct systems {
    std::mutex lock;
    std::map<std::string, std::shared_ptr<arrow::fs::FileSystem>> open;
    bool ends = false;
};

systems &all()
{
    static auto *made = new systems;
    return *made;
}

void finish()
{
    all().open.clear();
    arrow::fs::EnsureFinalized();
}

// S3 that is not ended before the program is ends it by a crash. The C library calls what was registered last first, so
// this must come after whatever S3 registers for itself, success or not.
void end_later()
{
    if (all().ends) return;
    all().ends = true;
    (void)std::atexit(finish);
}

// The module beside libarrow; by its bare name libarrow finds it too, but for programs that wrap the loader, as the
// address sanitizer does.
std::string s3_module()
{
    const std::string name = "libarrow_s3.so." ARROW_SO_VERSION;
    Dl_info where{};
    if (dladdr(reinterpret_cast<void *>(&arrow::fs::EnsureFinalized), &where) == 0) return name;
    const std::string library = where.dli_fname;
    const std::string path = library.substr(0, library.rfind('/') + 1) + name;
    return access(path.c_str(), R_OK) == 0 ? path : name;
}

arrow::Result<std::shared_ptr<arrow::fs::FileSystem>> system_of(const std::string &uri, std::string *path)
{
    auto system = arrow::fs::FileSystemFromUri(uri, path);
    if (!system.ok() && uri.rfind("s3://", 0) == 0 &&
        system.status().message().find("Unrecognized filesystem type") != std::string::npos) {
        // from Arrow 26 on a module of its own, beside libarrow
        const auto loaded = arrow::fs::LoadFileSystemFactories(s3_module().c_str());
        if (loaded.ok()) system = arrow::fs::FileSystemFromUri(uri, path);
    }
    end_later();
    return system;
}

std::string key_of(const std::string &uri)
{
    const size_t query = uri.find('?');
    return uri.substr(0, uri.find("://")) + (query == std::string::npos ? "" : uri.substr(query));
}

place find(const char *text)
{
    const std::string uri = text;
    std::lock_guard<std::mutex> hold(all().lock);
    auto &known = all().open[key_of(uri)];
    place found;
    if (known == nullptr) {
        PARQUET_ASSIGN_OR_THROW(known, system_of(uri, &found.path));
        found.system = known;
        return found;
    }
    found.system = known;
    PARQUET_ASSIGN_OR_THROW(found.path, known->PathFromUri(uri));
    return found;
}

// The other side's silence is no fault of the data.
ho_status refused(const char *uri, doing what, const arrow::Status &status, ho_error *err)
{
    static const char *const silence[] = {
        "NETWORK_CONNECTION", "Timeout",          "TIMEOUT", "SERVICE_UNAVAILABLE",
        "SLOW_DOWN",          "INTERNAL_FAILURE", "connect"};
    const std::string text = status.message();
    if (text.find("Unrecognized filesystem type") != std::string::npos)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "%s: this copy of Arrow knows no such file system", uri);
    if (status.IsInvalid() || status.IsTypeError())
        return ho_fail(err, HO_ERR_USAGE, "%s: %s", uri, text.c_str());
    for (const char *word : silence) {
        if (text.find(word) != std::string::npos) return ho_fail(err, HO_ERR_IO, "%s: %s", uri, text.c_str());
    }
    return wall::told(uri, what, status, err);
}

template <class Work> ho_status reached(const char *uri, doing what, ho_error *err, Work &&work) noexcept
{
    const char *host = std::strstr(uri, "://");
    if (host != nullptr) {
        const size_t length = std::strcspn(host + 3, "/?");
        if (std::memchr(host + 3, '@', length) != nullptr)
            return ho_fail(err, HO_ERR_USAGE,
                           "a URI must not carry keys: put them into AWS_ACCESS_KEY_ID and "
                           "AWS_SECRET_ACCESS_KEY, or a profile");
    }
    try {
        return work();
    } catch (const parquet::ParquetStatusException &e) {
        return refused(uri, what, e.status(), err);
    } catch (const std::bad_alloc &) {
        return ho_fail(err, HO_ERR_MEMORY, "%s: out of memory in Arrow", uri);
    } catch (const std::exception &e) {
        return ho_fail(err, HO_ERR_IO, "%s: %s", uri, e.what());
    } catch (...) {
        return ho_fail(err, HO_ERR_INTERNAL, "%s: Arrow threw something unknown", uri);
    }
}

void copy(arrow::io::InputStream &from, arrow::io::OutputStream &to)
{
    for (;;) {
        std::shared_ptr<arrow::Buffer> buffer;
        PARQUET_ASSIGN_OR_THROW(buffer, from.Read(piece));
        if (buffer->size() == 0) return;
        PARQUET_THROW_NOT_OK(to.Write(buffer));
    }
}
} // namespace

std::shared_ptr<arrow::io::RandomAccessFile> remote::open(const char *path)
{
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    if (ho_path_is_remote(path)) {
        const place at = find(path);
        PARQUET_ASSIGN_OR_THROW(file, at.system->OpenInputFile(at.path));
    } else {
        PARQUET_ASSIGN_OR_THROW(file, arrow::io::ReadableFile::Open(path, wall::pool()));
    }
    return file;
}

ho_status ho_remote_look(const char *uri, ho_remote_facts *facts, ho_error *err)
{
    return reached(uri, doing::reading, err, [&] {
        const place at = find(uri);
        arrow::fs::FileInfo info;
        PARQUET_ASSIGN_OR_THROW(info, at.system->GetFileInfo(at.path));
        *facts = {HO_REMOTE_NOTHING, 0, 0};
        if (info.IsDirectory()) facts->kind = HO_REMOTE_FOLDER;
        if (info.IsFile()) {
            const auto since = info.mtime().time_since_epoch();
            *facts = {HO_REMOTE_FILE, info.size(),
                      std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
        }
        return HO_OK;
    });
}

ho_status ho_remote_list(const char *uri, ho_remote_take take, void *user, ho_error *err)
{
    return reached(uri, doing::reading, err, [&] {
        const place at = find(uri);
        arrow::fs::FileSelector selector;
        selector.base_dir = at.path;
        selector.recursive = true;
        selector.allow_not_found = true;
        std::vector<arrow::fs::FileInfo> infos;
        PARQUET_ASSIGN_OR_THROW(infos, at.system->GetFileInfo(selector));
        std::vector<std::string> names;
        std::string base = at.path;
        while (!base.empty() && base.back() == '/')
            base.pop_back();
        for (const auto &info : infos) {
            if (info.IsFile() && info.path().size() > base.size() + 1)
                names.push_back(info.path().substr(base.size() + 1));
        }
        std::sort(names.begin(), names.end());
        for (const auto &name : names) {
            const ho_status status = take(user, name.c_str(), err);
            if (status != HO_OK) return status;
        }
        return HO_OK;
    });
}

ho_status ho_remote_fetch(const char *uri, const char *path, ho_error *err)
{
    return reached(uri, doing::reading, err, [&] {
        const place at = find(uri);
        std::shared_ptr<arrow::io::InputStream> from;
        std::shared_ptr<arrow::io::FileOutputStream> to;
        PARQUET_ASSIGN_OR_THROW(from, at.system->OpenInputStream(at.path));
        PARQUET_ASSIGN_OR_THROW(to, arrow::io::FileOutputStream::Open(path));
        copy(*from, *to);
        PARQUET_THROW_NOT_OK(to->Close());
        return HO_OK;
    });
}

ho_status ho_remote_put(const char *path, const char *uri, ho_error *err)
{
    return reached(uri, doing::writing, err, [&] {
        const place at = find(uri);
        std::shared_ptr<arrow::io::ReadableFile> from;
        std::shared_ptr<arrow::io::OutputStream> to;
        PARQUET_ASSIGN_OR_THROW(from, arrow::io::ReadableFile::Open(path));
        PARQUET_ASSIGN_OR_THROW(to, at.system->OpenOutputStream(at.path));
        copy(*from, *to);
        PARQUET_THROW_NOT_OK(to->Close());
        return HO_OK;
    });
}

ho_status ho_remote_remove(const char *uri, ho_error *err)
{
    return reached(uri, doing::writing, err, [&] {
        const place at = find(uri);
        PARQUET_THROW_NOT_OK(at.system->DeleteFile(at.path));
        return HO_OK;
    });
}
