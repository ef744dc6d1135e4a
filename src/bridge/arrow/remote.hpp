// Opening files for Arrow's readers, here or elsewhere.
#pragma once

#include <arrow/io/interfaces.h>

#include <memory>

namespace remote
{
// A local file, or the object that a URI names. Throws.
std::shared_ptr<arrow::io::RandomAccessFile> open(const char *path);
} // namespace remote
