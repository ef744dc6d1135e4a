/* A gnuplot that works through a file of commands, without a shell and for a limited time. */
#ifndef HO_REPORT_GNUPLOT_H
#define HO_REPORT_GNUPLOT_H

#include <sys/types.h>

/* Starts gnuplot in `folder` with the file of commands as its input; what it says goes to the file `said`, both names
 * being of files in the folder. 0 or an errno; ENOENT: there is no gnuplot. */
int ho_gnuplot_start(const char *folder, const char *commands, const char *said, pid_t *process);

/* Waits up to `seconds`, then kills it and whatever it started. 0: it ended by itself, else ETIME. */
int ho_gnuplot_wait(pid_t process, double seconds);

#endif
