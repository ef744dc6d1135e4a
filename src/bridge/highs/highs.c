/* HiGHS' header declares a static function that it never defines, and the check comes at the end of the file. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "bridge/highs/highs.h"

#include <interfaces/highs_c_api.h>

const char *ho_highs_version(void)
{
    return Highs_version();
}
