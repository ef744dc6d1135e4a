/* The way in. Apart from it, so that the tests can run the program with commands of their own. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_program(argc, argv);
}
