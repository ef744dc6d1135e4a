/* A store whose files are damaged is an error, or the panel that was written, never another one (a libFuzzer target,
 * `cmake --preset fuzz`). The input says what is done to which file: bytes flipped, overwritten, cut off. It is read in a
 * child process, since the reader of pages is Arrow's: a crash there is counted and is no finding; a wrong number is. */
#include "store/parquet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    PERIODS = 40,
    STRATEGIES = 7,
    FILES = 4,
    MOST = 1 << 16,
    WRONG = 55 /* libFuzzer's own is 77 */,
    SECONDS = 20
};

static const char *const names[FILES] = {"strategies.parquet", "periods.parquet",
                                         "pnl/year=1970/month=01/part-0.parquet",
                                         "pnl/year=1970/month=02/part-0.parquet"};
static char folder[64];
static uint8_t contents[FILES][MOST];
static size_t sizes[FILES];
static ho_panel *panel;

static void path_of(size_t file, char out[160])
{
    snprintf(out, 160, "%s/%s", folder, names[file]);
}

static void write_file(size_t file, const uint8_t *bytes, size_t size)
{
    char path[160];
    path_of(file, path);
    FILE *out = fopen(path, "we");
    if (out == NULL || fwrite(bytes, 1, size, out) != size || fclose(out) != 0) abort();
}

static void remove_store(void)
{
    char path[160];
    for (size_t i = 0; i < FILES; i++) {
        path_of(i, path);
        (void)unlink(path);
        for (char *slash; (slash = strrchr(path, '/')) != NULL && slash > path + 4;) {
            *slash = '\0';
            (void)rmdir(path);
        }
    }
}

static void make_store(void)
{
    ho_error err;
    const char *name_list[STRATEGIES] = {"a", "b", "c", "d", "e", "f", "g"};
    const size_t lengths[STRATEGIES] = {1, 1, 1, 1, 1, 1, 1};
    ho_load_report report = {0};
    ho_store_options options = {0};
    if (ho_panel_new(PERIODS, STRATEGIES, &panel, &err) != HO_OK) abort();
    if (ho_panel_set_names(panel, name_list, lengths, &err) != HO_OK) abort();
    for (size_t t = 0; t < PERIODS; t++) {
        panel->periods[t].date = (int32_t)t;
        for (size_t j = 0; j < STRATEGIES; j++)
            ho_matrix_row(&panel->values, t)[j] = (double)((t * 131 + j * 17) % 97) * 1.7 - 80;
    }
    strcpy(folder, "/tmp/heavyopt-fuzz-XXXXXX");
    if (mkdtemp(folder) == NULL) abort();
    if (ho_options_defaults(ho_store_option_table(), &options, &err) != HO_OK) abort();
    options.row_group_size = 64;
    if (ho_store_write_noted(folder, panel, &report, &options, "", &err) != HO_OK) abort();
    ho_options_clear(ho_store_option_table(), &options);
    for (size_t i = 0; i < FILES; i++) {
        char path[160];
        path_of(i, path);
        FILE *in = fopen(path, "re");
        if (in == NULL) abort();
        sizes[i] = fread(contents[i], 1, MOST, in);
        fclose(in);
        if (sizes[i] == MOST) abort();
    }
    atexit(remove_store);
}

/* In the child: 0 for the right panel or a refusal. */
static int read_it(void)
{
    ho_panel *read = NULL;
    ho_load_report report = {0};
    ho_error err = {""};
    const struct rlimit time = {SECONDS, SECONDS};
    (void)setrlimit(RLIMIT_CPU, &time);
    ho_status status = ho_store_read(folder, 1, &read, &report, &err);
    if (status != HO_OK) return err.text[0] == '\0' || read != NULL ? WRONG : 0;
    if (ho_panel_periods(read) != PERIODS || ho_panel_strategies(read) != STRATEGIES) return WRONG;
    for (size_t t = 0; t < PERIODS; t++) {
        if (memcmp(ho_panel_row(read, t), ho_panel_row(panel, t), STRATEGIES * sizeof(double)) != 0)
            return WRONG;
        if (read->periods[t].date != panel->periods[t].date) return WRONG;
    }
    return 0;
}

/* Steps of five bytes: what, where (three), with which byte. */
static size_t damage(uint8_t *bytes, size_t length, const uint8_t *data, size_t size)
{
    for (; size >= 5 && length > 0; data += 5, size -= 5) {
        size_t at = ((size_t)data[1] | (size_t)data[2] << 8 | (size_t)data[3] << 16) % length;
        switch (data[0] % 6) {
        case 0:
            bytes[at] ^= (uint8_t)(1 << data[4] % 8);
            break;
        case 1:
            bytes[at] = data[4];
            break;
        case 2: /* the footer, where lengths and counts are */
            bytes[length - 1 - at % (length < 2000 ? length : 2000)] = data[4];
            break;
        case 3:
            for (size_t i = at; i < length && i < at + 8; i++)
                bytes[i] = data[4];
            break;
        case 4:
            memmove(bytes + at, bytes + length / 2,
                    length - at < 40  ? length - at
                    : length / 2 < 40 ? length / 2
                                      : 40);
            break;
        default:
            length = at;
        }
    }
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t damaged[MOST];
    if (panel == NULL) make_store();
    if (size < 6) return 0;
    size_t file = data[0] % FILES;
    memcpy(damaged, contents[file], sizes[file]);
    write_file(file, damaged, damage(damaged, sizes[file], data + 1, size - 1));
    pid_t child = fork();
    if (child < 0) abort();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (null >= 0) (void)dup2(null, STDERR_FILENO); /* a crash's own words */
        _exit(read_it());
    }
    int status = 0;
    while (waitpid(child, &status, 0) != child) {
        if (errno != EINTR) abort(); /* libFuzzer has an alarm clock */
    }
    write_file(file, contents[file], sizes[file]);
    if (WIFEXITED(status) && WEXITSTATUS(status) == WRONG) abort();
    return 0;
}
