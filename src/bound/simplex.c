#include "bound/simplex_parts.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

static size_t padded(size_t count)
{
    return (count + 7) / 8 * 8;
}

/* Moves `count` numbers to a block of another size. */
static bool move_block(void *block, size_t item, size_t room)
{
    void **place = block;
    void *grown = ho_grow_array(*place, room, item);
    if (grown == NULL) return false;
    *place = grown;
    return true;
}

/* Logicals come after the room of the structurals: they move when that grows. */
static ho_status make_room(ho_simplex *s, size_t rows, size_t columns, ho_error *err)
{
    const size_t row_room = rows > s->row_room ? padded(2 * rows) : s->row_room,
                 column_room = columns > s->column_room ? padded(2 * columns) : s->column_room,
                 variables = row_room + column_room;
    if (row_room == s->row_room && column_room == s->column_room) return HO_OK;
    double *a = HO_NEW(double, row_room *column_room), *inverse = HO_NEW(double, row_room *row_room);
    bool all = a != NULL && inverse != NULL && move_block(&s->low, sizeof *s->low, variables) &&
               move_block(&s->high, sizeof *s->high, variables) &&
               move_block(&s->cost, sizeof *s->cost, variables) &&
               move_block(&s->reduced, sizeof *s->reduced, variables) &&
               move_block(&s->value, sizeof *s->value, variables) &&
               move_block(&s->row, sizeof *s->row, variables) &&
               move_block(&s->place, sizeof *s->place, variables) &&
               move_block(&s->turn, sizeof *s->turn, variables) &&
               move_block(&s->breaks, sizeof *s->breaks, variables) &&
               move_block(&s->basis, sizeof *s->basis, row_room) &&
               move_block(&s->norm, sizeof *s->norm, row_room) && move_block(&s->y, sizeof *s->y, row_room) &&
               move_block(&s->entering, sizeof *s->entering, row_room) &&
               move_block(&s->room, sizeof *s->room, row_room) &&
               move_block(&s->column, sizeof *s->column, row_room);
    if (!all) {
        free(a);
        free(inverse);
        return ho_fail_memory(err, row_room * column_room * sizeof *a, "a linear programme");
    }
    for (size_t i = 0; i < s->rows; i++) {
        memcpy(a + i * column_room, s->a + i * s->column_room, s->columns * sizeof *a);
        memcpy(inverse + i * row_room, s->inverse + i * s->row_room, s->rows * sizeof *inverse);
        if (s->basis[i] >= s->column_room) s->basis[i] += (uint32_t)(column_room - s->column_room);
    }
    double *const moved[] = {s->low, s->high, s->cost, s->reduced, s->value};
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
        memmove(moved[i] + column_room, moved[i] + s->column_room, s->rows * sizeof *moved[i]);
    memmove(s->place + column_room, s->place + s->column_room, s->rows * sizeof *s->place);
    free(s->a);
    free(s->inverse);
    s->a = a;
    s->inverse = inverse;
    s->row_room = row_room;
    s->column_room = column_room;
    return HO_OK;
}

ho_status ho_simplex_new(ho_simplex **simplex, ho_error *err)
{
    enum { ROWS = 32, COLUMNS = 128 };
    ho_simplex *s = HO_NEW(ho_simplex, 1);
    if (s == NULL) return ho_fail_memory(err, sizeof *s, "a linear programme");
    ho_status status = ho_kernels_choose(&s->kernels, err);
    if (status == HO_OK) status = make_room(s, ROWS, COLUMNS, err);
    if (status == HO_OK)
        *simplex = s;
    else
        ho_simplex_free(&s);
    return status;
}

void ho_simplex_free(ho_simplex **simplex)
{
    ho_simplex *s = *simplex;
    if (s == NULL) return;
    void *const blocks[] = {s->a,     s->inverse,  s->low,   s->high,   s->cost,  s->reduced,
                            s->value, s->row,      s->place, s->breaks, s->basis, s->norm,
                            s->y,     s->entering, s->room,  s->column, s->turn};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
    free(s);
    *simplex = NULL;
}

/* No bound is further away than that. */
static double near(double bound)
{
    return bound > far_away ? far_away : bound < -far_away ? -far_away : bound;
}

static void set_bounds(ho_simplex *s, size_t variable, double low, double high)
{
    s->low[variable] = near(low);
    s->high[variable] = near(high);
}

ho_status ho_simplex_add_column(ho_simplex *s, double cost, double low, double high, size_t count,
                                const int32_t *rows, const double *values, ho_error *err)
{
    HO_TRY(make_room(s, s->rows, s->columns + 1, err));
    const size_t j = s->columns++;
    for (size_t i = 0; i < s->rows; i++)
        s->a[i * s->column_room + j] = 0;
    for (size_t k = 0; k < count; k++)
        s->a[(size_t)rows[k] * s->column_room + j] = values[k];
    s->cost[j] = cost;
    s->place[j] = HO_AT_LOW;
    set_bounds(s, j, low, high);
    return HO_OK;
}

/* The new row's logical is basic: the inverse gets the row (a_B * inverse, -1). */
ho_status ho_simplex_add_row(ho_simplex *s, double low, double high, size_t count, const int32_t *columns,
                             const double *values, ho_error *err)
{
    HO_TRY(make_room(s, s->rows + 1, s->columns, err));
    const size_t n = s->rows++, logical = s->column_room + n;
    double *a = s->a + n * s->column_room, *last = s->inverse + n * s->row_room;
    memset(a, 0, s->columns * sizeof *a);
    memset(last, 0, s->row_room * sizeof *last);
    for (size_t k = 0; k < count; k++)
        a[columns[k]] = values[k];
    for (size_t r = 0; r < n; r++) {
        const double in = s->basis[r] < s->column_room ? a[s->basis[r]] : 0;
        const double *inverse = s->inverse + r * s->row_room;
        s->inverse[r * s->row_room + n] = 0;
        for (size_t i = 0; i < n && in != 0; i++)
            last[i] += in * inverse[i];
    }
    last[n] = -1;
    s->norm[n] = 0;
    for (size_t i = 0; i <= n; i++)
        s->norm[n] += last[i] * last[i];
    s->basis[n] = (uint32_t)logical;
    s->place[logical] = HO_BASIC;
    s->cost[logical] = 0;
    set_bounds(s, logical, low, high);
    return HO_OK;
}

void ho_simplex_set_bounds(ho_simplex *s, size_t column, double low, double high)
{
    set_bounds(s, column, low, high);
}

void ho_simplex_set_cost(ho_simplex *s, size_t column, double cost)
{
    s->cost[column] = cost;
}

void ho_simplex_set_row_bounds(ho_simplex *s, size_t row, double low, double high)
{
    set_bounds(s, s->column_room + row, low, high);
}

static bool goes_with_row(const ho_simplex *s, size_t position, const uint8_t *drop)
{
    const uint32_t variable = s->basis[position];
    return variable >= s->column_room && drop[variable - s->column_room];
}

/* Makes the row's logical basic, in place of the variable that gives the largest pivot. */
static void enter_logical(ho_simplex *s, size_t row, const uint8_t *drop)
{
    size_t best = s->rows;
    double largest = 0;
    for (size_t r = 0; r < s->rows; r++) {
        const double pivot = fabs(s->inverse[r * s->row_room + row]);
        if (pivot > largest && !goes_with_row(s, r, drop)) {
            largest = pivot;
            best = r;
        }
    }
    if (best == s->rows) return;
    for (size_t r = 0; r < s->rows; r++)
        s->entering[r] = -s->inverse[r * s->row_room + row];
    s->place[s->basis[best]] = HO_AT_LOW;
    ho_simplex_pivot(s, best, (uint32_t)(s->column_room + row));
}

static void move_row(ho_simplex *s, size_t from, size_t to)
{
    const size_t old = s->column_room + from, new = s->column_room + to;
    memmove(s->a + to * s->column_room, s->a + from * s->column_room, s->columns * sizeof *s->a);
    s->low[new] = s->low[old];
    s->high[new] = s->high[old];
    s->cost[new] = s->cost[old];
    s->place[new] = s->place[old];
    for (size_t r = 0; r < s->rows; r++)
        s->inverse[r * s->row_room + to] = s->inverse[r * s->row_room + from];
}

/* With the dropped rows' logicals basic, what is left of the inverse is that of what is left of the basis. */
void ho_simplex_drop_rows(ho_simplex *s, const uint8_t *drop)
{
    size_t kept = 0, positions = 0;
    for (size_t i = 0; i < s->rows; i++) {
        if (drop[i] && s->place[s->column_room + i] != HO_BASIC) enter_logical(s, i, drop);
    }
    for (size_t r = 0; r < s->rows; r++) {
        if (goes_with_row(s, r, drop)) continue;
        s->basis[positions] = s->basis[r];
        memmove(s->inverse + positions * s->row_room, s->inverse + r * s->row_room,
                s->rows * sizeof *s->inverse);
        positions++;
    }
    for (size_t i = 0; i < s->rows; i++) {
        if (drop[i]) continue;
        for (size_t r = 0; r < positions; r++) {
            if (s->basis[r] == s->column_room + i) s->basis[r] = (uint32_t)(s->column_room + kept);
        }
        move_row(s, i, kept++);
    }
    s->rows = kept;
    ho_simplex_measure(s);
}
