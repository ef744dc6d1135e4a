#include "bridge/arrow/inflate.h"

#include "bridge/arrow/wall.hpp"

#include <arrow/util/compression.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

using wall::doing;
using wall::guarded;

namespace
{
std::unique_ptr<arrow::util::Codec> codec_of(ho_packing packing)
{
    std::unique_ptr<arrow::util::Codec> codec;
    if (packing == HO_PACKED_ZSTD) {
        PARQUET_ASSIGN_OR_THROW(codec, arrow::util::Codec::Create(arrow::Compression::ZSTD));
        return codec;
    }
    arrow::util::GZipCodecOptions options;
    options.gzip_format =
        packing == HO_PACKED_GZIP ? arrow::util::GZipFormat::GZIP : arrow::util::GZipFormat::DEFLATE;
    PARQUET_ASSIGN_OR_THROW(codec, arrow::util::Codec::Create(arrow::Compression::GZIP, options));
    return codec;
}

// Memory that C can free, growing by halves.
struct growing {
    char *bytes = nullptr;
    size_t used = 0, room = 0;

    growing() = default;
    growing(const growing &) = delete;
    growing &operator=(const growing &) = delete;
    ~growing()
    {
        std::free(bytes);
    }

    void grow(size_t to)
    {
        auto *grown = static_cast<char *>(ho_grow_array(bytes, to, 1));
        if (grown == nullptr) throw std::bad_alloc();
        bytes = grown;
        room = to;
    }
};
} // namespace

ho_packing ho_packing_of(const void *bytes, size_t size)
{
    if (size >= 2 && std::memcmp(bytes, "\x1f\x8b", 2) == 0) return HO_PACKED_GZIP;
    if (size >= 4 && std::memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0) return HO_PACKED_ZSTD;
    return HO_PACKED_NOT;
}

ho_status ho_inflate(const char *name, ho_packing packing, const void *bytes, size_t size, size_t most,
                     char **out, size_t *out_size, ho_error *err)
{
    return guarded(name, doing::reading, err, [&] {
        const auto codec = codec_of(packing);
        std::shared_ptr<arrow::util::Decompressor> stream;
        PARQUET_ASSIGN_OR_THROW(stream, codec->MakeDecompressor());
        growing text;
        text.grow(std::max<size_t>(1024, std::min(most, 5 * size)));
        const auto *at = static_cast<const uint8_t *>(bytes), *end = at + size;
        while (at != end) {
            if (stream->IsFinished()) PARQUET_THROW_NOT_OK(stream->Reset()); // another member
            arrow::util::Decompressor::DecompressResult step;
            PARQUET_ASSIGN_OR_THROW(
                step, stream->Decompress(end - at, at, static_cast<int64_t>(text.room - text.used),
                                         reinterpret_cast<uint8_t *>(text.bytes) + text.used));
            at += step.bytes_read;
            text.used += static_cast<size_t>(step.bytes_written);
            if (text.used > most)
                return ho_fail(err, HO_ERR_DATA, "%s: unpacks to more than %zu bytes; that is no table", name,
                               most);
            if (step.need_more_output || text.used == text.room)
                text.grow(text.room + text.room / 2);
            else if (step.bytes_read == 0 && step.bytes_written == 0)
                break;
        }
        // the last of the input may have left some output behind
        while (!stream->IsFinished() && text.used <= most) {
            arrow::util::Decompressor::DecompressResult step;
            if (text.used == text.room) text.grow(text.room + text.room / 2);
            PARQUET_ASSIGN_OR_THROW(step,
                                    stream->Decompress(0, end, static_cast<int64_t>(text.room - text.used),
                                                       reinterpret_cast<uint8_t *>(text.bytes) + text.used));
            text.used += static_cast<size_t>(step.bytes_written);
            if (step.bytes_written == 0) break;
        }
        if (!stream->IsFinished() || at != end)
            return ho_fail(err, HO_ERR_DATA, "%s: the compressed file ends too early or is damaged", name);
        *out_size = text.used;
        *out = text.bytes;
        text.bytes = nullptr;
        return HO_OK;
    });
}

struct ho_inflater {
    std::unique_ptr<arrow::util::Codec> codec;
    std::shared_ptr<arrow::util::Decompressor> stream;
};

ho_status ho_inflater_new(const char *name, ho_packing packing, ho_inflater **inflater, ho_error *err)
{
    return guarded(name, doing::reading, err, [&] {
        auto made = std::make_unique<ho_inflater>();
        made->codec = codec_of(packing);
        PARQUET_ASSIGN_OR_THROW(made->stream, made->codec->MakeDecompressor());
        *inflater = made.release();
        return HO_OK;
    });
}

ho_status ho_inflater_step(ho_inflater *inflater, const char *name, const void *bytes, size_t *size,
                           void *out, size_t *room, ho_error *err)
{
    return guarded(name, doing::reading, err, [&] {
        auto &stream = *inflater->stream;
        if (stream.IsFinished() && *size > 0) PARQUET_THROW_NOT_OK(stream.Reset()); // another member
        arrow::util::Decompressor::DecompressResult step;
        PARQUET_ASSIGN_OR_THROW(
            step, stream.Decompress(static_cast<int64_t>(*size), static_cast<const uint8_t *>(bytes),
                                    static_cast<int64_t>(*room), static_cast<uint8_t *>(out)));
        *size = static_cast<size_t>(step.bytes_read);
        *room = static_cast<size_t>(step.bytes_written);
        return HO_OK;
    });
}

bool ho_inflater_done(ho_inflater *inflater)
{
    return inflater->stream->IsFinished();
}

void ho_inflater_free(ho_inflater **inflater)
{
    delete *inflater;
    *inflater = nullptr;
}
