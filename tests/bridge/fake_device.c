/* A plug-in without a device, for tests of everything on this side of it: its device is the processor, its kernels are the
 * device's own text. HEAVYOPT_FAKE_DEVICE says how it fails: no-driver, none, version, memory, or lost:N or full:N, after N
 * calls.
 * HEAVYOPT_FAKE_LOG is a file that gets the numbers of calls when the device is closed. Parquet is read by the test:
 * beside a file stands FILE.numbers with its doubles. */
#include "kernels/device/device.h"

#include "kernels/device/arrow.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local uint32_t item[2];
#define HO_ITEM(axis)  (item[axis])
#define HO_PLACE(axis) (0U)
#define HO_GROUP(axis) (item[axis])
#define HO_BARRIER()   ((void)0)

#include "kernels/device/words.h"

#include "kernels/device/columns.inc"
#include "kernels/device/swaps.inc"

struct ho_device_engine {
    uint64_t limit;
    atomic_ullong taken, calls, sieves, sets, holds, tiles, arrays, files, parts, weighs, series, scans;
    unsigned long long lost_after;
};

struct ho_device_held {
    uint64_t rows, columns, bytes;
    float *numbers, *absolute, *scale;
    double *doubles;
};

static const char *how(void)
{
    const char *said = getenv("HEAVYOPT_FAKE_DEVICE");
    return said != NULL ? said : "";
}

static ho_device_state refuse(ho_device_state state, const char *text, ho_device_line *why)
{
    snprintf(why->text, sizeof why->text, "%s", text);
    return state;
}

/* Each call of work begins so. */
#define HO_GOES_ON(e, why)                                                                          \
    do {                                                                                            \
        if ((e)->calls++ < (e)->lost_after) break;                                                  \
        if (how()[0] == 'f') return refuse(HO_DEVICE_MEMORY, "the device has no memory left", why); \
        return refuse(HO_DEVICE_LOST, "the device is lost", why);                                   \
    } while (0)

static ho_device_state open_device(const ho_device_wish *wish, ho_device_about *about,
                                   ho_device_engine **engine, ho_device_line *why)
{
    enum { MEMORY = 1 << 30 };
    if (strcmp(how(), "no-driver") == 0)
        return refuse(HO_DEVICE_NO_DRIVER, "no CUDA device: the driver is missing", why);
    if (strcmp(how(), "none") == 0 || wish->number > 0)
        return refuse(HO_DEVICE_NONE, "no CUDA device of that number", why);
    if (strcmp(how(), "memory") == 0) return refuse(HO_DEVICE_MEMORY, "the device has no memory left", why);
    ho_device_engine *e = calloc(1, sizeof *e);
    e->limit = wish->memory_limit != 0 ? wish->memory_limit : MEMORY;
    e->lost_after = strncmp(how(), "lost:", 5) == 0 || strncmp(how(), "full:", 5) == 0
                        ? strtoull(how() + 5, NULL, 10)
                        : UINT64_MAX;
    *about = (ho_device_about){.name = "fake device", .libraries = "none", .memory = MEMORY};
    *engine = e;
    return HO_DEVICE_DONE;
}

static void close_device(ho_device_engine **engine)
{
    const char *path = getenv("HEAVYOPT_FAKE_LOG");
    ho_device_engine *e = *engine;
    FILE *file = path != NULL && e != NULL ? fopen(path, "a") : NULL;
    if (file != NULL) {
#define LOG(name) fprintf(file, #name " %llu\n", (unsigned long long)e->name)
        LOG(holds), LOG(sieves), LOG(sets), LOG(taken), LOG(tiles), LOG(arrays), LOG(files), LOG(parts),
            LOG(weighs), LOG(series), LOG(scans);
        fclose(file);
    }
    free(e);
    *engine = NULL;
}

static ho_device_state room(ho_device_engine *e, uint64_t *bytes, ho_device_line *why)
{
    (void)why;
    *bytes = e->limit - e->taken;
    return HO_DEVICE_DONE;
}

/* Memory for a matrix; NULL: the limit is reached. */
static ho_device_held *held_new(ho_device_engine *e, uint64_t rows, uint64_t columns, uint64_t bytes,
                                ho_device_line *why)
{
    if (e->taken + bytes > e->limit) {
        refuse(HO_DEVICE_MEMORY, "the limit on the device's memory is reached", why);
        return NULL;
    }
    ho_device_held *h = calloc(1, sizeof *h);
    *h = (ho_device_held){.rows = rows, .columns = columns, .bytes = bytes};
    e->taken += bytes;
    return h;
}

static ho_device_held *held_doubles(ho_device_engine *e, const ho_device_doubles *d, ho_device_line *why)
{
    ho_device_held *h = held_new(e, d->rows, d->columns, d->rows * d->columns * sizeof(double), why);
    if (h == NULL) return NULL;
    h->doubles = calloc(d->rows * d->columns, sizeof *h->doubles);
    for (uint64_t r = 0; r < d->rows; r++)
        memcpy(h->doubles + r * d->columns, d->numbers + r * d->stride, d->columns * sizeof(double));
    return h;
}

static float *copy(const float *from, uint64_t rows, uint64_t columns, uint64_t stride)
{
    float *to = calloc(rows * columns, sizeof *to);
    for (uint64_t r = 0; r < rows && from != NULL; r++)
        memcpy(to + r * columns, from + r * stride, columns * sizeof *to);
    return to;
}

static ho_device_state hold(ho_device_engine *e, const ho_device_floats *f, ho_device_held **held,
                            ho_device_line *why)
{
    ho_device_held *h = held_new(e, f->rows, f->columns, (f->rows + 2) * f->columns * sizeof(float), why);
    if (h == NULL) return HO_DEVICE_MEMORY;
    e->holds++;
    h->numbers = copy(f->numbers, f->rows, f->columns, f->stride);
    h->absolute = copy(f->absolute, 1, f->columns, 0);
    h->scale = copy(f->scale, 1, f->columns, 0);
    *held = h;
    return HO_DEVICE_DONE;
}

static void drop(ho_device_engine *e, ho_device_held **held)
{
    ho_device_held *h = *held;
    if (h == NULL) return;
    e->taken -= h->bytes;
    free(h->numbers);
    free(h->absolute);
    free(h->scale);
    free(h->doubles);
    free(h);
    *held = NULL;
}

static void keep(const ho_device_swaps *s, uint32_t slot, const float *upper, const float *lower,
                 const ho_device_kept *kept)
{
    float best = -INFINITY;
    uint32_t found = 0;
    for (uint32_t i = 0; i < s->columns; i++)
        best = lower[i] > best ? lower[i] : best;
    for (uint32_t i = 0; i < s->columns; i++) {
        if (!(upper[i] >= best) || upper[i] == -INFINITY) continue;
        if (found < HO_DEVICE_KEPT) {
            kept->column[slot * HO_DEVICE_KEPT + found] = i;
            kept->upper[slot * HO_DEVICE_KEPT + found] = upper[i];
        }
        found++;
    }
    kept->count[slot] = found <= HO_DEVICE_KEPT ? found : HO_DEVICE_KEPT + 1;
    kept->floor[slot] = best;
}

static ho_device_state sieve(ho_device_engine *e, const ho_device_held *h, const ho_device_swaps *s,
                             const ho_device_kept *kept, ho_device_line *why)
{
    HO_GOES_ON(e, why);
    e->sieves++;
    float *bound = calloc((size_t)2 * s->slots * s->columns, sizeof *bound),
          *lower = bound + (size_t)s->slots * s->columns;
    for (item[1] = 0; item[1] < s->slots; item[1]++) {
        for (item[0] = 0; item[0] < s->columns; item[0]++)
            ho_device_sieve((uint32_t)h->rows, s->first, s->columns, h->columns, s->zero_start,
                            s->open_stride, h->numbers, s->base, s->v, s->bounds, h->absolute, h->scale,
                            s->open, bound, lower);
        keep(s, item[1], bound + (size_t)item[1] * s->columns, lower + (size_t)item[1] * s->columns, kept);
    }
    free(bound);
    return HO_DEVICE_DONE;
}

/* By definition, and in the order of ho_sets; the kernel's own way of sharing a set is for kernels.device. */
static ho_device_state walk_sets(ho_device_engine *e, const ho_device_held *h, const uint32_t *members,
                                 uint32_t size, uint32_t count, uint32_t periods, uint32_t zero_start,
                                 float *out, ho_device_line *why)
{
    HO_GOES_ON(e, why);
    e->sets++;
    for (uint32_t i = 0; i < count; i++) {
        float sum = 0, below = 0, drawdown = 0, wins = 0, losses = 0, gain = 0, loss = 0;
        float square[HO_DEVICE_LANES] = {0}, shift = 0, varying = 0;
        for (uint32_t k = 0; k < size; k++) {
            const float *x = h->numbers + members[(size_t)i * size + k] * h->columns;
            shift += x[periods];
            varying += x[periods + 1] != 0 ? 1.0F : 0.0F;
        }
        for (uint32_t t = 0; t < periods; t++) {
            float r = 0, g = 0;
            for (uint32_t k = 0; k < size; k++) {
                const float *x = h->numbers + members[(size_t)i * size + k] * h->columns;
                r += x[t];
                g += x[t] * x[periods + 1];
            }
            g -= shift;
            square[t % HO_DEVICE_LANES] += g * g;
            sum += r;
            const float deeper = below - r;
            below = deeper > 0 && (t > 0 || zero_start != 0) ? deeper : 0;
            drawdown = below > drawdown ? below : drawdown;
            wins += r > 0 ? 1.0F : 0.0F;
            losses += r < 0 ? 1.0F : 0.0F;
            gain += r > 0 ? r : 0.0F;
            loss += -r > 0 ? -r : 0.0F;
        }
        for (uint32_t fold = HO_DEVICE_LANES / 2; fold > 0; fold /= 2) {
            for (uint32_t l = 0; l < fold; l++)
                square[l] += square[l + fold];
        }
        const float made[] = {sum, drawdown, square[0] - varying, wins, losses, gain, loss};
        for (uint32_t f = 0; f < HO_DEVICE_SETS_WALKED; f++)
            out[(size_t)f * count + i] = made[f];
    }
    return HO_DEVICE_DONE;
}

/* The kernels of doubles have no barriers: items may go one after the other. */
#define EACH_ITEM(items, slots)                     \
    for (item[1] = 0; item[1] < (slots); item[1]++) \
        for (item[0] = 0; item[0] < (items); item[0]++)

static ho_device_state hold_doubles(ho_device_engine *e, const ho_device_doubles *doubles,
                                    ho_device_held **held, ho_device_line *why)
{
    e->parts++;
    *held = held_doubles(e, doubles, why);
    return *held != NULL ? HO_DEVICE_DONE : HO_DEVICE_MEMORY;
}

static ho_device_state hold_arrow(ho_device_engine *e, const void *array, const void *schema, uint64_t rows,
                                  uint64_t columns, uint64_t stride, ho_device_held **held,
                                  ho_device_line *why)
{
    const ho_arrow_array *a = array;
    const ho_arrow_schema *s = schema;
    if (strcmp(s->format, "g") != 0 || a->device_type != HO_ARROW_CPU || a->buffers != 2 || a->nulls != 0 ||
        a->length != (int64_t)(rows * stride))
        return refuse(HO_DEVICE_FAULT, "no array of doubles", why);
    e->arrays++;
    *held = held_doubles(e, &(ho_device_doubles){a->buffer[1], rows, columns, stride}, why);
    return *held != NULL ? HO_DEVICE_DONE : HO_DEVICE_MEMORY;
}

static ho_device_state hold_files(ho_device_engine *e, const ho_device_files *files, ho_device_held **held,
                                  ho_device_line *why)
{
    const uint64_t count = files->rows * files->columns;
    double *numbers = calloc(count + 1, sizeof *numbers);
    uint64_t read = 0;
    for (uint64_t i = 0; i < files->count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s.numbers", files->paths[i]);
        FILE *file = fopen(path, "rb");
        if (file == NULL) continue;
        read += fread(numbers + read, sizeof *numbers, count + 1 - read, file);
        fclose(file);
    }
    e->files += files->count;
    *held = NULL;
    if (read == count)
        *held =
            held_doubles(e, &(ho_device_doubles){numbers, files->rows, files->columns, files->columns}, why);
    free(numbers);
    return *held != NULL ? HO_DEVICE_DONE : refuse(HO_DEVICE_FILE, "other numbers than expected", why);
}

static ho_device_state scan(ho_device_engine *e, const ho_device_held *h, const ho_device_scan_wish *w,
                            double *out, ho_device_line *why)
{
    HO_GOES_ON(e, why);
    e->scans++;
    EACH_ITEM(w->columns, w->slots)
    ho_device_scan(w->level, (uint32_t)h->rows, w->columns, h->columns, w->v != NULL, w->start_peak,
                   w->hurdle, h->doubles + w->first, w->base, w->v, out);
    return HO_DEVICE_DONE;
}

static ho_device_state weigh(ho_device_engine *e, const ho_device_held *h, const double *a, const double *b,
                             double *a_sum, double *b_sum, ho_device_line *why)
{
    HO_GOES_ON(e, why);
    e->weighs++;
    const uint32_t n = (uint32_t)h->columns;
    EACH_ITEM(n, 1) ho_device_weigh((uint32_t)h->rows, n, n, h->doubles, a, b, a_sum, b_sum);
    return HO_DEVICE_DONE;
}

static ho_device_state series(ho_device_engine *e, const ho_device_held *h, const ho_device_series_wish *w,
                              double *out, ho_device_line *why)
{
    HO_GOES_ON(e, why);
    e->series++;
    EACH_ITEM((w->columns + HO_DEVICE_LANES - 1) / HO_DEVICE_LANES * HO_DEVICE_LANES, 1)
    ho_device_series((uint32_t)h->rows, w->columns, w->tail, h->columns, w->rate, w->hurdle, w->mar,
                     h->doubles + w->first, out);
    return HO_DEVICE_DONE;
}

static ho_device_state units(ho_device_engine *e, const ho_device_held *h, const double *mean,
                             const double *scale, ho_device_held **held, ho_device_line *why)
{
    (void)e, (void)why;
    const uint32_t n = (uint32_t)h->columns;
    ho_device_held *made = calloc(1, sizeof *made);
    *made = (ho_device_held){
        .rows = h->rows, .columns = n, .numbers = calloc(h->rows * n, sizeof *made->numbers)};
    EACH_ITEM(n, (uint32_t)h->rows)
    ho_device_units((uint32_t)h->rows, n, n, h->doubles, mean, scale, made->numbers);
    *held = made;
    return HO_DEVICE_DONE;
}

static ho_device_state correlate(ho_device_engine *e, const ho_device_held *h, uint64_t row, uint64_t rows,
                                 uint64_t column, uint64_t columns, float *out, ho_device_line *why)
{
    HO_GOES_ON(e, why);
    e->tiles++;
    memset(out, 0, rows * columns * sizeof *out);
    for (uint64_t t = 0; t < h->rows; t++) {
        const float *u = h->numbers + t * h->columns;
        for (uint64_t i = 0; i < rows; i++) {
            for (uint64_t j = 0; j < columns; j++)
                out[i * columns + j] += u[row + i] * u[column + j];
        }
    }
    return HO_DEVICE_DONE;
}

extern ho_device_plugin_of ho_device_plugin;
__attribute__((visibility("default"))) const ho_device_table *ho_device_plugin(uint32_t interface)
{
    static const ho_device_table table = {.interface = HO_DEVICE_INTERFACE,
                                          .bytes = sizeof table,
                                          .open = open_device,
                                          .close = close_device,
                                          .room = room,
                                          .hold = hold,
                                          .hold_doubles = hold_doubles,
                                          .hold_arrow = hold_arrow,
                                          .hold_files = hold_files,
                                          .drop = drop,
                                          .sieve = sieve,
                                          .walk_sets = walk_sets,
                                          .scan = scan,
                                          .weigh = weigh,
                                          .series = series,
                                          .units = units,
                                          .correlate = correlate};
    return interface == HO_DEVICE_INTERFACE && strcmp(how(), "version") != 0 ? &table : NULL;
}
