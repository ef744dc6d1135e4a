/* The side of highs.h that a build without HiGHS has. */
#include "bridge/highs/highs.h"

#include <stddef.h>

const char *ho_highs_version(void)
{
    return NULL;
}
