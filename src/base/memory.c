#include "base/memory.h"

#include "base/memory_left.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#ifdef HO_INJECT
static atomic_long countdown;

bool ho_memory_fail_at(long n)
{
    atomic_store(&countdown, n);
    return true;
}

static bool denied(void)
{
    return atomic_load(&countdown) > 0 && atomic_fetch_sub(&countdown, 1) == 1;
}
#else
bool ho_memory_fail_at(long n)
{
    (void)n;
    return false;
}

static bool denied(void)
{
    return false;
}
#endif

/* Smaller blocks are not worth a look at the process. */
enum { LARGE = 4 << 20 };

static _Atomic int64_t cap;

void ho_memory_cap(int64_t bytes)
{
    atomic_store(&cap, bytes);
}

int64_t ho_memory_cap_now(void)
{
    return atomic_load(&cap);
}

bool ho_memory_may(size_t bytes)
{
    int64_t most = ho_memory_cap_now();
    if (most == 0 || bytes < LARGE) return true;
    int64_t now = ho_memory_resident();
    return now < most && (uint64_t)bytes <= (uint64_t)(most - now);
}

void *ho_new_array(size_t count, size_t size)
{
    if (denied() || (size != 0 && count > SIZE_MAX / size) || !ho_memory_may(count * size)) return NULL;
    return calloc(count != 0 ? count : 1, size);
}

void *ho_grow_array(void *block, size_t count, size_t size)
{
    if (denied() || (size != 0 && count > SIZE_MAX / size)) return NULL;
    size_t bytes = count * size;
    if (!ho_memory_may(bytes)) return NULL;
    return realloc(block, bytes != 0 ? bytes : 1);
}

void *ho_new_pages(size_t bytes)
{
    const size_t huge = (size_t)2 << 20;
    if (denied() || bytes > SIZE_MAX - huge || !ho_memory_may(bytes)) return NULL;
    size_t align = bytes >= 4 * huge ? huge : 64;
    size_t rounded = (bytes + align - 1) / align * align;
    void *block = aligned_alloc(align, rounded != 0 ? rounded : align);
    if (block != NULL && align == huge) (void)madvise(block, rounded, MADV_HUGEPAGE); /* a wish, no need */
    return block;
}

char *ho_copy_bytes(const char *text, size_t length)
{
    if (length == SIZE_MAX) return NULL;
    char *copy = ho_new_array(length + 1, 1);
    if (copy != NULL && length != 0) memcpy(copy, text, length);
    return copy;
}

char *ho_copy_text(const char *text)
{
    return ho_copy_bytes(text, strlen(text));
}
