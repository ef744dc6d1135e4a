#include "store/load_options.h"

static const ho_option options[] = {HO_LOAD_OPTION_ROWS(ho_load_options, )};

ho_option_table ho_load_option_table(void)
{
    return (ho_option_table){options, sizeof options / sizeof *options};
}
