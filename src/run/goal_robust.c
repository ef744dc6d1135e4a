#include "run/goal_robust.h"

#include "base/error.h"
#include "base/strings.h"
#include "stats/tiles.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ho_status wrong(const char *part, ho_error *err)
{
    return ho_fail(
        err, HO_ERR_USAGE,
        "--robust: '%.100s': expected blocks=2 to %d, take=minimum, mean or quantile, quantile=0 to 1, "
        "half-life=BLOCKS, drawdown=deepest or own, duplicates=COST",
        part, HO_FITNESS_BLOCKS_MOST);
}

/* A number that is all of the text. */
static bool read_number(const char *text, double low, double high, double *number)
{
    char *end = NULL;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && *number >= low && *number <= high;
}

static bool read_take(const char *text, ho_blocks_take *take)
{
    static const char *const names[] = {"minimum", "mean", "quantile"};
    for (int i = 0; i < 3; i++) {
        if (!ho_text_same(names[i], text)) continue;
        *take = (ho_blocks_take)i;
        return true;
    }
    return false;
}

/* "take=minimum" */
static bool read_part(const char *part, ho_robust *r)
{
    char key[32];
    double number = 0;
    const char *equals = strchr(part, '=');
    if (equals == NULL || equals - part >= (ptrdiff_t)sizeof key) return false;
    (void)snprintf(key, sizeof key, "%.*s", (int)(equals - part), part);
    const char *value = equals + 1;
    if (ho_text_same(key, "take")) return read_take(value, &r->blocks.take);
    if (ho_text_same(key, "drawdown")) {
        r->blocks.own_drawdown = ho_text_same(value, "own");
        return r->blocks.own_drawdown || ho_text_same(value, "deepest");
    }
    if (ho_text_same(key, "quantile")) return read_number(value, 0, 1, &r->blocks.quantile);
    if (ho_text_same(key, "half-life")) return read_number(value, 1e-3, 1e6, &r->blocks.half_life);
    if (ho_text_same(key, "duplicates")) return read_number(value, 0, 1e12, &r->duplicates);
    if (!ho_text_same(key, "blocks") || !read_number(value, 2, HO_FITNESS_BLOCKS_MOST, &number)) return false;
    r->blocks.count = (size_t)number;
    return number == floor(number);
}

ho_status ho_robust_parse(const char *text, size_t periods, ho_robust *robust, ho_error *err)
{
    ho_robust r = {.blocks = {.quantile = 0.25}};
    *robust = (ho_robust){.duplicates = 0};
    if (text == NULL || *text == '\0') return HO_OK;
    for (const char *at = text; *at != '\0'; at += strspn(at, ", ")) {
        char part[128];
        const size_t length = strcspn(at, ", ");
        (void)snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length : sizeof part - 1), at);
        if (!read_part(part, &r)) return wrong(part, err);
        at += length;
    }
    if (r.blocks.count == 0 && r.duplicates == 0) return wrong(text, err);
    if (r.blocks.count > periods)
        return ho_fail(err, HO_ERR_USAGE,
                       "--robust: %zu blocks of %zu periods: a block has a period at least", r.blocks.count,
                       periods);
    *robust = r;
    return HO_OK;
}

ho_status ho_near_clusters(const ho_panel *panel, int threads, uint32_t **cluster, ho_error *err)
{
    ho_pairs pairs = {0};
    const ho_tiles_run run = {.threads = threads};
    HO_TRY(ho_pairs_count(panel, &run, &pairs, err));
    *cluster = pairs.cluster;
    pairs.cluster = NULL;
    ho_pairs_clear(&pairs);
    return HO_OK;
}
