/* The verdict on a walk-forward: one sentence that a trader may act on, and what it cannot say. */
#include "base/error.h"
#include "base/strings.h"
#include "run/walkforward.h"

#include <math.h>
#include <stdio.h>

static void say_ratio(double ratio, FILE *out)
{
    if (isfinite(ratio))
        fprintf(out, fabs(ratio) < 1e4 ? "%.2f" : "%.2g", ratio);
    else
        fputs(ratio > 0 ? "without bound (no drawdown)" : "without bound below 0", out);
}

static void say_kept(const ho_walkforward *w, FILE *out)
{
    const ho_kept *k = &w->kept;
    if (isnan(k->share))
        fprintf(out, "the portfolio earned %.0f a period out of sample", k->mean_out);
    else if (k->share < 0)
        fprintf(out, "the portfolio lost money out of sample, %.0f %% of what it had earned a day in sample",
                -100 * k->share);
    else
        fprintf(out, "the portfolio kept %.0f %% of its in-sample profit a day", 100 * k->share);
    if (isfinite(k->low) && isfinite(k->high))
        fprintf(out, " (nine of ten resamples: %.0f to %.0f %%)", 100 * k->low, 100 * k->high);
    fputs(" and a return over drawdown of ", out);
    say_ratio(k->ratio_out, out);
    if (2 * k->without_drawdown >= w->done) {
        fprintf(out, ", where training had shown no drawdown at all in %zu of them", k->without_drawdown);
    } else if (!(k->ratio_in < 1e4)) {
        fputs(", where training had shown next to no drawdown", out);
    } else {
        fputs(" in place of ", out);
        say_ratio(k->ratio_in, out);
    }
}

static double mean_below(const ho_walkforward *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->done; i++)
        sum += (double)w->results[i].below / (double)w->settings->folds.random;
    return sum / (double)w->done;
}

static void say_random(const ho_walkforward *w, FILE *out)
{
    if (w->random_count > 0)
        fprintf(out, "; better than %.0f %% of random portfolios (p = %.3f)",
                100 * (double)w->below / (double)w->random_count, w->p_value);
    else
        fprintf(out, "; on average better than %.0f %% of random portfolios", 100 * mean_below(w));
    fprintf(out, ", and no better than the middle one of them in %.0f %% of the %s", 100 * w->lower_half,
            w->folds.paths > 0 ? "splits" : "folds");
}

static ho_status say_limits(const ho_walkforward *w, char **text, ho_error *err)
{
    ho_text t;
    size_t shortest = w->results[0].test_days, tested = 0;
    for (size_t i = 0; i < w->done; i++) {
        shortest = w->results[i].test_days < shortest ? w->results[i].test_days : shortest;
        tested += w->results[i].test_days;
    }
    HO_TRY(ho_text_begin(&t, err));
    fprintf(
        t.file,
        "%zu days of one market are one history: %zu folds whose tests are %zu days at the shortest, %zu in "
        "all, share most of their training days, and a ratio of so few days is decided by its worst week. "
        "The figures say whether choosing this way was worth something in these days. They cannot say "
        "that the market stays as it was, nor count what a larger order would have paid; and each look "
        "at them, followed by another setting and another look, uses them up.",
        w->world.days, w->done, shortest, tested);
    return ho_text_end(&t, text, err);
}

ho_status ho_walkforward_verdict(const ho_walkforward *w, char **verdict, char **limits, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fprintf(t.file, "In %zu %s ", w->done, w->folds.paths > 0 ? "splits" : w->done == 1 ? "fold" : "folds");
    say_kept(w, t.file);
    say_random(w, t.file);
    if (w->overfit.count > 0 && !w->overfit.interrupted)
        fprintf(t.file, "; probability of overfitting %.2f in picking single strategies",
                w->overfit.probability);
    fputc('.', t.file);
    HO_TRY(ho_text_end(&t, verdict, err));
    ho_status status = say_limits(w, limits, err);
    if (status != HO_OK) {
        free(*verdict);
        *verdict = NULL;
    }
    return status;
}
