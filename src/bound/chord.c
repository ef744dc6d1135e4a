#include "bound/chord.h"

#include <math.h>
#include <stdbool.h>

double ho_chord_highest(const ho_chord *c)
{
    return c->left > c->right ? c->left : c->right;
}

double ho_chord_height(const ho_chord *c, double rate)
{
    if (rate <= c->from || c->left == -INFINITY) return c->left;
    if (rate >= c->to) return c->right;
    const double part = (rate - c->from) / (c->to - c->from), value = c->left + part * (c->right - c->left);
    return value + 1e-13 * (fabs(c->left) + fabs(c->right));
}

double ho_chord_peak(const ho_chord *a, const ho_chord *b, double *rate)
{
    const double left = fmin(a->left, b->left), right = fmin(a->right, b->right);
    const bool crosses =
        (a->left < b->left) != (a->right < b->right) && a->left != b->left && a->right != b->right;
    *rate = left > right ? a->from : a->to;
    double peak = left > right ? left : right;
    if (!isfinite(left) || !isfinite(right)) return fmin(ho_chord_highest(a), ho_chord_highest(b));
    if (!crosses) return peak;
    const double apart_left = fabs(a->left - b->left), apart_right = fabs(a->right - b->right);
    const double at = a->from + (a->to - a->from) * (apart_left / (apart_left + apart_right));
    const double value = fmax(ho_chord_height(a, at), ho_chord_height(b, at));
    if (value > peak) {
        *rate = at;
        peak = value;
    }
    return peak;
}

double ho_middle_rate(double from, double to)
{
    return to > 4 * from ? sqrt(from) * sqrt(to) : from + (to - from) / 2;
}
