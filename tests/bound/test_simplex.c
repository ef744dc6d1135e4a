/* The simplex agrees with HiGHS on programmes that grow, shrink and change as those of a branch and bound do: the same best
 * value, a solution that keeps to all bounds, duals that prove it. */
#include "test.h"

#include "base/rng.h"
#include "bound/simplex.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 40, MOST_COLUMNS = 120 };

/* The programme as both solvers have it. */
typedef struct both {
    ho_lp *highs;
    ho_simplex *own;
    size_t rows, columns;
    double a[MOST_ROWS][MOST_COLUMNS];
    double cost[MOST_COLUMNS], low[MOST_COLUMNS], high[MOST_COLUMNS];
    double row_low[MOST_ROWS], row_high[MOST_ROWS];
} both;

/* Whole numbers now and then, so that ties and degenerate corners are met. */
static double draw(ho_rng *rng)
{
    return ho_rng_below(rng, 3) == 0 ? (double)((int)ho_rng_below(rng, 5) - 2) : ho_rng_normal(rng);
}

static void add_column(both *b, ho_rng *rng)
{
    int32_t rows[MOST_ROWS];
    double values[MOST_ROWS];
    const size_t j = b->columns++;
    ho_error err;
    for (size_t i = 0; i < b->rows; i++) {
        rows[i] = (int32_t)i;
        values[i] = b->a[i][j] = draw(rng);
    }
    b->cost[j] = draw(rng);
    b->low[j] = 0;
    b->high[j] = 1 + ho_rng_below(rng, 2);
    assert_ok(ho_lp_add_column(b->highs, b->cost[j], b->low[j], b->high[j], b->rows, rows, values, &err));
    assert_ok(ho_simplex_add_column(b->own, b->cost[j], b->low[j], b->high[j], b->rows, rows, values, &err));
}

/* A row that some shares keep, so that there is a solution to begin with. */
static void add_row(both *b, ho_rng *rng)
{
    int32_t columns[MOST_COLUMNS];
    double activity = 0;
    const size_t i = b->rows++;
    ho_error err;
    for (size_t j = 0; j < b->columns; j++) {
        columns[j] = (int32_t)j;
        b->a[i][j] = draw(rng);
        activity += b->a[i][j] * 0.3;
    }
    b->row_low[i] = activity - 0.1 * ho_rng_unit(rng);
    b->row_high[i] = ho_rng_below(rng, 4) == 0 ? b->row_low[i] + 0.2 : INFINITY;
    assert_ok(ho_lp_add_row(b->highs, b->row_low[i], b->row_high[i], b->columns, columns, b->a[i], &err));
    assert_ok(ho_simplex_add_row(b->own, b->row_low[i], b->row_high[i], b->columns, columns, b->a[i], &err));
}

static void change(both *b, ho_rng *rng)
{
    const size_t j = ho_rng_below(rng, (uint32_t)b->columns), i = ho_rng_below(rng, (uint32_t)b->rows);
    ho_error err;
    switch (ho_rng_below(rng, 4)) {
    case 0:
        b->low[j] = ho_rng_below(rng, 3) == 0 ? 1 : 0;
        b->high[j] = b->low[j] + ho_rng_below(rng, 2);
        assert_ok(ho_lp_set_bounds(b->highs, j, b->low[j], b->high[j], &err));
        ho_simplex_set_bounds(b->own, j, b->low[j], b->high[j]);
        return;
    case 1:
        b->cost[j] = draw(rng);
        assert_ok(ho_lp_set_cost(b->highs, j, b->cost[j], &err));
        ho_simplex_set_cost(b->own, j, b->cost[j]);
        return;
    case 2:
        b->row_low[i] -= 0.3 * ho_rng_unit(rng);
        if (isfinite(b->row_high[i])) b->row_high[i] += 0.3 * ho_rng_unit(rng);
        assert_ok(ho_lp_set_row_bounds(b->highs, i, b->row_low[i], b->row_high[i], &err));
        ho_simplex_set_row_bounds(b->own, i, b->row_low[i], b->row_high[i]);
        return;
    default:
        if (b->columns < MOST_COLUMNS) add_column(b, rng);
        if (b->rows < MOST_ROWS && ho_rng_below(rng, 3) == 0) add_row(b, rng);
    }
}

static void drop_rows(both *b, ho_rng *rng, const double *duals)
{
    uint8_t drop[MOST_ROWS];
    size_t kept = 0;
    ho_error err;
    for (size_t i = 0; i < b->rows; i++) {
        drop[i] = i > 0 && (ho_rng_below(rng, 8) == 0 || (duals[i] == 0 && ho_rng_below(rng, 2)));
        if (drop[i]) continue;
        memmove(b->a[kept], b->a[i], sizeof b->a[i]);
        b->row_low[kept] = b->row_low[i];
        b->row_high[kept++] = b->row_high[i];
    }
    assert_ok(ho_lp_drop_rows(b->highs, drop, &err));
    ho_simplex_drop_rows(b->own, drop);
    b->rows = kept;
}

/* What the duals prove: the least cost of any shares within their bounds, rows paid for. */
static double proven(const both *b, const double *duals)
{
    double value = 0, paid[MOST_ROWS];
    for (size_t i = 0; i < b->rows; i++) {
        paid[i] = duals[i] < 0 && !isfinite(b->row_high[i]) ? 0 : duals[i];
        value += paid[i] > 0 ? paid[i] * b->row_low[i] : paid[i] < 0 ? paid[i] * b->row_high[i] : 0;
    }
    for (size_t j = 0; j < b->columns; j++) {
        double reduced = b->cost[j];
        for (size_t i = 0; i < b->rows; i++)
            reduced -= paid[i] * b->a[i][j];
        value += reduced * (reduced > 0 ? b->low[j] : b->high[j]);
    }
    return value;
}

static bool solve(both *b, double *duals)
{
    double x[MOST_COLUMNS], highs_x[MOST_COLUMNS], highs_duals[MOST_ROWS];
    ho_lp_state state;
    ho_error err;
    assert_ok(ho_lp_solve(b->highs, &state, highs_x, highs_duals, &err));
    const ho_lp_state own = ho_simplex_solve(b->own, x, duals);
    if (state != HO_LP_OPTIMAL || own != HO_LP_OPTIMAL) {
        if (state != own) fail_msg("HiGHS says %d, the simplex %d", state, own);
        return false;
    }
    double cost = 0, highs_cost = 0;
    for (size_t j = 0; j < b->columns; j++) {
        cost += b->cost[j] * x[j];
        highs_cost += b->cost[j] * highs_x[j];
        assert_true(x[j] >= b->low[j] - 1e-7 && x[j] <= b->high[j] + 1e-7);
    }
    for (size_t i = 0; i < b->rows; i++) {
        double activity = 0;
        for (size_t j = 0; j < b->columns; j++)
            activity += b->a[i][j] * x[j];
        if (!(activity >= b->row_low[i] - 1e-6 && activity <= b->row_high[i] + 1e-6))
            fail_msg("row %d is %g, between %g and %g", (int)i, activity, b->row_low[i], b->row_high[i]);
    }
    assert_near(cost, highs_cost, 1e-6);
    assert_near(proven(b, duals), cost, 1e-6);
    return true;
}

static void both_solvers_agree(void **state)
{
    (void)state;
    size_t solved = 0, asked = 0;
    for (uint64_t number = 0; number < 60; number++) {
        ho_rng rng = ho_rng_new(number, "programmes", 0);
        both b = {0};
        double duals[MOST_ROWS] = {0};
        ho_error err;
        assert_ok(ho_lp_new(&b.highs, &err));
        assert_ok(ho_simplex_new(&b.own, &err));
        const size_t columns = 3 + ho_rng_below(&rng, 60), rows = 1 + ho_rng_below(&rng, 20);
        while (b.columns < columns)
            add_column(&b, &rng);
        while (b.rows < rows)
            add_row(&b, &rng);
        for (int turn = 0; turn < 60; turn++) {
            asked++;
            const bool found = solve(&b, duals);
            solved += found;
            for (uint32_t i = 0; i < 1 + ho_rng_below(&rng, 4); i++)
                change(&b, &rng);
            if (found && ho_rng_below(&rng, 10) == 0) drop_rows(&b, &rng, duals);
        }
        ho_lp_free(&b.highs);
        ho_simplex_free(&b.own);
    }
    print_message("%d programmes, %d with a solution\n", (int)asked, (int)solved);
    assert_true(2 * solved > asked);
}

int main(void)
{
    if (ho_highs_version() == NULL) {
        puts("skipped: no HiGHS in this build");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_solvers_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
