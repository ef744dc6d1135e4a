#include "store/load_options.h"

#include "base/memory.h"

static const ho_option options[] = {HO_LOAD_OPTION_ROWS(ho_load_options, )};

ho_option_table ho_load_option_table(void)
{
    return (ho_option_table){options, sizeof options / sizeof *options};
}

void ho_load_cap(const ho_load_options *of)
{
    const double gb = of != NULL ? of->memory_limit : 0;
    ho_memory_cap(gb > 0 ? (int64_t)(gb * 1e9) : 0);
}
