/* The steps of the dual simplex. */
#include "bound/simplex_parts.h"

#include <math.h>
#include <string.h>

static const double feasible = 1e-9, dual_feasible = 1e-9, least_pivot = 1e-7, no_pivot = 1e-11,
                    singular = 1e-9, no_gain = 1e-12;

enum { STEPS_OF_INVERSE = 200, MOST_STEPS = 2000, SHIFT_AFTER = 20 };

static ho_dense rows_of(const ho_simplex *s)
{
    return (ho_dense){.a = s->a, .rows = s->rows, .columns = s->columns, .stride = s->column_room};
}

static ho_dense inverse_of(const ho_simplex *s)
{
    return (ho_dense){.a = s->inverse, .rows = s->rows, .columns = s->rows, .stride = s->row_room};
}

/* The variable's column of the tableau, into s->entering. */
static void enter_column(ho_simplex *s, uint32_t variable)
{
    const ho_dense inverse = inverse_of(s);
    if (variable >= s->column_room) {
        for (size_t r = 0; r < s->rows; r++)
            s->entering[r] = -s->inverse[r * s->row_room + variable - s->column_room];
        return;
    }
    for (size_t i = 0; i < s->rows; i++)
        s->column[i] = s->a[i * s->column_room + variable];
    s->kernels->dense_dots(&inverse, s->column, s->entering);
}

void ho_simplex_measure(ho_simplex *s)
{
    const ho_dense inverse = inverse_of(s);
    memset(s->column, 0, s->rows * sizeof *s->column);
    s->kernels->dense_eliminate(&inverse, 0, s->column, s->norm);
}

void ho_simplex_pivot(ho_simplex *s, size_t position, uint32_t variable)
{
    double *pivot = s->inverse + position * s->row_room;
    const ho_dense inverse = inverse_of(s);
    const double by = 1 / s->entering[position];
    for (size_t i = 0; i < s->rows; i++)
        pivot[i] *= by;
    s->kernels->dense_eliminate(&inverse, position, s->entering, s->norm);
    s->basis[position] = variable;
    s->place[variable] = HO_BASIC;
    s->steps++;
}

/* The basis of all logicals, of which every programme has one. */
static void begin_anew(ho_simplex *s)
{
    for (size_t j = 0; j < s->columns; j++) {
        if (s->place[j] == HO_BASIC) s->place[j] = HO_AT_LOW;
    }
    for (size_t i = 0; i < s->rows; i++) {
        s->basis[i] = (uint32_t)(s->column_room + i);
        s->place[s->column_room + i] = HO_BASIC;
        memset(s->inverse + i * s->row_room, 0, s->rows * sizeof *s->inverse);
        s->inverse[i * s->row_room + i] = -1;
    }
}

/* The inverse of the same basis from scratch: its structurals take the places of the logicals that it lacks, by the largest
 * pivot each. Where it is singular, logicals stay. */
static void invert(ho_simplex *s)
{
    double *leaves = s->room; /* 1: the logical of that row is not in the basis */
    size_t count = 0;
    for (size_t i = 0; i < s->rows; i++)
        leaves[i] = s->place[s->column_room + i] == HO_BASIC ? 0 : 1;
    for (uint32_t j = 0; j < s->columns; j++) {
        if (s->place[j] == HO_BASIC) s->breaks[count++].variable = j;
    }
    begin_anew(s);
    ho_simplex_measure(s);
    for (size_t k = 0; k < count; k++) {
        const uint32_t variable = s->breaks[k].variable;
        size_t best = s->rows;
        double largest = singular;
        enter_column(s, variable);
        for (size_t r = 0; r < s->rows; r++) {
            if (leaves[r] == 0 || !(fabs(s->entering[r]) > largest)) continue;
            largest = fabs(s->entering[r]);
            best = r;
        }
        if (best == s->rows) continue;
        leaves[best] = 0;
        s->place[s->basis[best]] = HO_AT_LOW;
        ho_simplex_pivot(s, best, variable);
    }
    s->steps = 0;
}

/* y = cost of the basis * inverse, and the reduced costs of all variables. */
static void price(ho_simplex *s)
{
    const ho_dense inverse = inverse_of(s), rows = rows_of(s);
    for (size_t r = 0; r < s->rows; r++)
        s->room[r] = s->cost[s->basis[r]];
    s->kernels->dense_sum(&inverse, s->room, s->y);
    s->kernels->dense_sum(&rows, s->y, s->reduced);
    for (size_t j = 0; j < s->columns; j++)
        s->reduced[j] = s->cost[j] - s->reduced[j];
    memcpy(s->reduced + s->column_room, s->y, s->rows * sizeof *s->y);
    for (size_t r = 0; r < s->rows; r++)
        s->reduced[s->basis[r]] = 0;
}

/* Puts a variable that is not basic at a bound. */
static void put(ho_simplex *s, size_t variable, ho_place place)
{
    const bool fixed = s->low[variable] == s->high[variable];
    s->place[variable] = (uint8_t)place;
    s->value[variable] = place == HO_AT_LOW ? s->low[variable] : s->high[variable];
    s->turn[variable] = fixed ? 0 : place == HO_AT_LOW ? 1 : -1;
}

static void rest_at(ho_simplex *s, size_t variable)
{
    s->turn[variable] = 0;
    if (s->place[variable] == HO_BASIC) return;
    if (s->reduced[variable] < -dual_feasible) s->place[variable] = HO_AT_HIGH;
    if (s->reduced[variable] > dual_feasible || s->low[variable] == s->high[variable])
        s->place[variable] = HO_AT_LOW;
    put(s, variable, s->place[variable]);
}

/* x_B = inverse * what the others leave. */
static void find_values(ho_simplex *s)
{
    const ho_dense inverse = inverse_of(s), rows = rows_of(s);
    for (size_t r = 0; r < s->rows; r++)
        s->value[s->basis[r]] = 0;
    s->kernels->dense_dots(&rows, s->value, s->room);
    for (size_t i = 0; i < s->rows; i++)
        s->room[i] = s->value[s->column_room + i] - s->room[i];
    s->kernels->dense_dots(&inverse, s->room, s->column);
    for (size_t r = 0; r < s->rows; r++)
        s->value[s->basis[r]] = s->column[r];
}

/* Everything that follows from the basis. With two bounds each, all variables that are not basic can rest where their
 * reduced costs are right, so that any basis will do to begin with. */
static void settle(ho_simplex *s)
{
    price(s);
    for (size_t j = 0; j < s->columns; j++)
        rest_at(s, j);
    for (size_t i = 0; i < s->rows; i++)
        rest_at(s, s->column_room + i);
    find_values(s);
}

/* How far a basic variable is out of its bounds: below 0 under the low one. */
static double outside(const ho_simplex *s, size_t variable)
{
    const double value = s->value[variable], low = s->low[variable], high = s->high[variable];
    if (value < low - feasible * (1 + fabs(low))) return value - low;
    if (value > high + feasible * (1 + fabs(high))) return value - high;
    return 0;
}

/* The position whose variable leaves: the furthest out for the length of its row. rows: none. */
static size_t choose_leaving(const ho_simplex *s)
{
    size_t best = s->rows;
    double most = 0;
    for (size_t r = 0; r < s->rows; r++) {
        const double out = outside(s, s->basis[r]), merit = out * out / s->norm[r];
        if (!(merit > most)) continue;
        most = merit;
        best = r;
    }
    return best;
}

/* A row of the tableau. */
static void find_row(ho_simplex *s, size_t position)
{
    const double *inverse = s->inverse + position * s->row_room;
    const ho_dense rows = rows_of(s);
    s->kernels->dense_sum(&rows, inverse, s->row);
    for (size_t i = 0; i < s->rows; i++)
        s->row[s->column_room + i] = -inverse[i];
}

/* A heap of breakpoints with the smallest ratio on top; of equal ones that with the largest pivot. */
static bool comes_first(const ho_break *a, const ho_break *b)
{
    if (a->ratio != b->ratio) return a->ratio < b->ratio;
    if (a->pivot != b->pivot) return a->pivot > b->pivot;
    return a->variable < b->variable;
}

static void sift(ho_break *heap, size_t count, size_t at)
{
    const ho_break moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && comes_first(&heap[child + 1], &heap[child])) child++;
        if (!comes_first(&heap[child], &moved)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Lists the variables from `first` on whose moving from where they are brings the leaving one back. */
static size_t list_breaks(ho_simplex *s, size_t first, size_t variables, double sign, size_t count)
{
    for (size_t j = first; j < first + variables; j++) {
        const double entry = sign * s->turn[j] * s->row[j];
        if (!(entry < -no_pivot)) continue;
        const double reduced = s->turn[j] * s->reduced[j];
        s->breaks[count++] = (ho_break){(reduced > 0 ? reduced : 0) / -entry, -entry, (uint32_t)j};
    }
    return count;
}

/* Variables in the order in which they turn round while the leaving one is brought back by `out`: those that may go all the
 * way from one bound to the other without bringing it home do. breaks[first] enters, those from first + 1 to end - 1
 * pass. False: all together do not suffice. */
static bool choose_entering(ho_simplex *s, double out, size_t *first, size_t *end)
{
    const double sign = out < 0 ? 1 : -1;
    double slope = fabs(out);
    size_t count = list_breaks(s, 0, s->columns, sign, 0);
    count = list_breaks(s, s->column_room, s->rows, sign, count);
    *end = count;
    for (size_t at = count / 2; at-- > 0;)
        sift(s->breaks, count, at);
    bool enough = false;
    while (count > 0 && !enough) { /* what is taken from the top goes to the end */
        const ho_break top = s->breaks[0];
        s->breaks[0] = s->breaks[--count];
        sift(s->breaks, count, 0);
        s->breaks[count] = top;
        slope -= top.pivot * (s->high[top.variable] - s->low[top.variable]);
        enough = slope <= feasible * (1 + fabs(out));
    }
    *first = count;
    while (enough && *first + 1 < *end && s->breaks[*first].pivot < least_pivot)
        ++*first; /* too small to divide by: the one before it enters in its place */
    return enough;
}

/* Those that pass go to their other bounds, and the basic values follow. */
static void pass(ho_simplex *s, size_t first, size_t end)
{
    if (first == end) return;
    memset(s->room, 0, s->rows * sizeof *s->room);
    for (size_t k = first; k < end; k++) {
        const uint32_t variable = s->breaks[k].variable;
        const bool up = s->place[variable] == HO_AT_LOW;
        const double move = (up ? 1 : -1) * (s->high[variable] - s->low[variable]);
        put(s, variable, up ? HO_AT_HIGH : HO_AT_LOW);
        if (variable >= s->column_room) {
            s->room[variable - s->column_room] -= move;
            continue;
        }
        for (size_t i = 0; i < s->rows; i++)
            s->room[i] += move * s->a[i * s->column_room + variable];
    }
    const ho_dense inverse = inverse_of(s);
    s->kernels->dense_dots(&inverse, s->room, s->column);
    for (size_t r = 0; r < s->rows; r++)
        s->value[s->basis[r]] -= s->column[r];
}

/* The leaving variable goes to the bound that it is outside of, the entering one takes its place. */
static void exchange(ho_simplex *s, size_t position, bool below, uint32_t enters)
{
    const uint32_t leaves = s->basis[position];
    const double target = below ? s->low[leaves] : s->high[leaves];
    const double step = (s->value[leaves] - target) / s->entering[position];
    const double dual = s->reduced[enters] / s->row[enters];
    s->idle = fabs(dual) < no_gain ? s->idle + 1 : 0;
    for (size_t r = 0; r < s->rows; r++)
        s->value[s->basis[r]] -= step * s->entering[r];
    s->value[enters] += step;
    put(s, leaves, below ? HO_AT_LOW : HO_AT_HIGH);
    for (size_t j = 0; j < s->columns; j++)
        s->reduced[j] -= dual * s->row[j];
    for (size_t i = 0; i < s->rows; i++)
        s->reduced[s->column_room + i] -= dual * s->row[s->column_room + i];
    ho_simplex_pivot(s, position, enters);
    s->reduced[leaves] = -dual;
    s->reduced[enters] = 0;
    s->turn[enters] = 0;
}

/* After some steps that gained nothing: all reduced costs a little further from 0, each by another amount. Where few
 * variables cost anything, as where the least depth is asked for, the steps go round in circles without it. */
static void shift(ho_simplex *s)
{
    for (size_t k = 0; k < s->columns + s->rows; k++) {
        const size_t variable = k < s->columns ? k : s->column_room + k - s->columns;
        const double by = 1e-7 * (1 + (double)(k * 2654435761u % 1024) / 1024);
        s->reduced[variable] += s->turn[variable] * by;
    }
    s->idle = 0;
}

typedef enum outcome { STEPPED, FAILED, IMPOSSIBLE } outcome;

/* One exchange for the position. IMPOSSIBLE: nothing can bring its variable back. */
static outcome step(ho_simplex *s, size_t position)
{
    const double out = outside(s, s->basis[position]);
    size_t first, end;
    find_row(s, position);
    if (!choose_entering(s, out, &first, &end)) return IMPOSSIBLE;
    const ho_break enters = s->breaks[first];
    enter_column(s, enters.variable);
    const double entry = s->row[enters.variable], pivot = s->entering[position];
    if (enters.pivot < least_pivot || fabs(pivot - entry) > 1e-6 * (1 + fabs(entry))) return FAILED;
    pass(s, first + 1, end);
    exchange(s, position, out < 0, enters.variable);
    return STEPPED;
}

static ho_lp_state run(ho_simplex *s)
{
    bool fresh = s->steps == 0; /* the inverse is as good as it gets */
    for (size_t steps = 0; steps < MOST_STEPS; steps++) {
        const size_t position = choose_leaving(s);
        if (position == s->rows) return HO_LP_OPTIMAL;
        const outcome o = s->steps < STEPS_OF_INVERSE ? step(s, position) : FAILED;
        if (o != STEPPED && fresh) return o == IMPOSSIBLE ? HO_LP_INFEASIBLE : HO_LP_STUCK;
        fresh = o != STEPPED;
        if (s->idle >= SHIFT_AFTER) shift(s);
        if (!fresh) continue;
        invert(s);
        settle(s);
    }
    return HO_LP_STUCK;
}

ho_lp_state ho_simplex_solve(ho_simplex *s, double *columns, double *duals)
{
    settle(s);
    s->idle = 0;
    const ho_lp_state state = run(s);
    price(s);
    memcpy(columns, s->value, s->columns * sizeof *columns);
    memcpy(duals, s->y, s->rows * sizeof *duals);
    return state;
}
