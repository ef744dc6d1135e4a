/* The way in. Apart from it, so that the tests can run the program with commands of their own. */
#include "cli/cli.h"

#include <heavyopt/command.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const ho_command *command = argc > 1 ? ho_command_find(argv[1]) : NULL;
    const char *core = command != NULL && command->multiplies ? ho_better_blas_core() : NULL;
    if (core != NULL && setenv("OPENBLAS_CORETYPE", core, 0) == 0)
        (void)execv("/proc/self/exe",
                    argv); /* the library is loaded already; where this fails, it is slower */
    return cli_program(argc, argv);
}
