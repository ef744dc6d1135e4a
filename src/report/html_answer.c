/* The answer: what was chosen and what it earned, in one sentence and six figures; how it stands beside the best
 * possible, beside luck and beside choosing strategies one by one. */
#include "report/page.h"

#include <math.h>
#include <string.h>

static void card(const ho_page *page, const char *name, ho_unit unit, double value, const char *note)
{
    fprintf(page->file, "<div class=card><dt>%s</dt><dd>", name);
    ho_page_value(page, unit, value);
    fprintf(page->file, "</dd><p>%s</p></div>\n", note);
}

static double metric(const ho_page *page, const char *key)
{
    return ho_page_number(json_object_get(page->best, "metrics"), key);
}

static void put_cards(const ho_page *page)
{
    const json_t *worst =
        json_array_get(json_object_get(json_object_get(page->details, "extremes"), "worst"), 0);
    char winning[64], longest[64], day[64];
    snprintf(winning, sizeof winning, "Winning %s", page->periods);
    snprintf(longest, sizeof longest, "%s on end", page->periods);
    snprintf(day, sizeof day, "on %.20s", ho_page_string(worst, "date"));
    fputs("<dl class=cards>\n", page->file);
    card(page, "Total profit", HO_UNIT_MONEY, metric(page, "total_roi"), "one lot of each strategy");
    card(page, "Maximum drawdown", HO_UNIT_MONEY, metric(page, "max_drawdown"), "deepest fall from a peak");
    card(page, "Return over drawdown", HO_UNIT_NUMBER, metric(page, "roi_dd_ratio"),
         "profit for each unit of it");
    card(page, "Fitness", HO_UNIT_NUMBER, ho_page_number(page->best, "fitness"), "what the search maximised");
    card(page, winning, HO_UNIT_SHARE, metric(page, "win_rate"), "with a profit");
    card(page, page->periods[0] == 'd' ? "Worst day" : "Worst period", HO_UNIT_MONEY,
         metric(page, "worst_period"), day);
    card(page, "Longest below a high", HO_UNIT_COUNT, metric(page, "drawdown_duration"), longest);
    card(page, "Average correlation", HO_UNIT_NUMBER, ho_page_number(page->best, "average_correlation"),
         "between its strategies");
    fputs("</dl>\n", page->file);
}

static void put_sentence(const ho_page *page)
{
    const json_t *input = json_object_get(page->root, "input"),
                 *dates = json_object_get(page->series, "dates");
    const size_t count = json_array_size(dates);
    const char *first = json_string_value(json_array_get(dates, 0));
    const char *last = count > 0 ? json_string_value(json_array_get(dates, count - 1)) : NULL;
    fputs("<p class=lead>", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(page->best, "size"));
    fputs(" of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(input, "strategies"));
    fputs(" strategies, one lot each, made <b>", page->file);
    ho_page_value(page, HO_UNIT_MONEY, metric(page, "total_roi"));
    fputs("</b> in ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, (double)count);
    fprintf(page->file, " %s from %s to %s, with a deepest fall of <b>", page->periods,
            first != NULL ? first : "", last != NULL ? last : "");
    ho_page_value(page, HO_UNIT_MONEY, metric(page, "max_drawdown"));
    fputs("</b>.</p>\n", page->file);
}

/* What branch and bound has done to the gap. */
static void put_tree(const ho_page *page, const json_t *tree)
{
    const double given_up = ho_page_number(tree, "given_up");
    if (!json_is_object(tree)) return;
    fputs(" Branch and bound looked into ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(tree, "nodes"));
    fputs(" parts of what lies between (before it, nothing above ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(tree, "value_before"));
    fputs(" could be ruled out", page->file);
    if (given_up > 0) {
        fputs("; ", page->file);
        ho_page_value(page, HO_UNIT_COUNT, given_up);
        fputs(" parts were given up and count as they stood", page->file);
    }
    fputs(").", page->file);
}

static void put_bound(const ho_page *page)
{
    const json_t *bound = json_object_get(page->root, "bound");
    const double value = ho_page_number(bound, "value"), best = ho_page_number(page->best, "fitness");
    fputs("<li>", page->file);
    if (json_is_true(json_object_get(page->best, "proven_optimum"))) {
        const bool branched = json_is_object(json_object_get(bound, "tree"));
        fprintf(page->file, "<b>Proven optimum:</b> %s, and none is better.",
                branched ? "branch and bound left no portfolio of this size out"
                         : "every portfolio of this size was looked at");
    } else if (isfinite(value)) {
        fputs("<b>Beside the best possible:</b> no portfolio of ", page->file);
        ho_page_value(page, HO_UNIT_COUNT, ho_page_number(page->best, "size"));
        fputs(" can score above ", page->file);
        ho_page_value(page, HO_UNIT_NUMBER, value);
        fputs("; this one scores ", page->file);
        ho_page_value(page, HO_UNIT_NUMBER, best);
        if (value > 0 && best > 0) {
            fputs(", ", page->file);
            ho_page_value(page, HO_UNIT_SHARE, best / value);
            fputs(" of it", page->file);
        }
        fputs(".", page->file);
        put_tree(page, json_object_get(bound, "tree"));
    } else {
        fputs("<b>Beside the best possible:</b> not known, this run has no bound.", page->file);
    }
    fputs("</li>\n", page->file);
}

static void put_luck(const ho_page *page)
{
    const json_t *random = json_object_get(page->details, "random_portfolios");
    const json_t *fitness = json_object_get(random, "fitness");
    const double count = ho_page_number(random, "count"), below = ho_page_number(random, "below");
    if (!(count > 0)) return;
    fputs("<li><b>Beside luck:</b> ", page->file);
    if (below == count)
        fputs("all ", page->file);
    else
        ho_page_value(page, HO_UNIT_COUNT, below);
    if (below != count) fputs(" of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, count);
    fputs(" random portfolios of its size score lower; the best of them reaches ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(fitness, "largest"));
    fputs(", half of them at most ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(fitness, "median"));
    fputs(ho_page_has_held(page)
              ? ". That is on the days it was chosen by: see <a href=#held>what it does on others</a>.</li>\n"
              : ". That is on the days it was chosen by; <code>heavyopt walkforward</code> tells what such a "
                "choice "
                "does on others.</li>\n",
          page->file);
}

static void put_singles(const ho_page *page)
{
    const json_t *singles = json_object_get(page->details, "best_singles");
    const json_t *single = json_object_get(page->details, "best_single");
    if (singles == NULL || single == NULL) return;
    fputs("<li><b>Beside choosing one by one:</b> the strategies that are best alone, as many, score ",
          page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(singles, "fitness"));
    fputs(" together and fall ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_page_number(singles, "max_drawdown"));
    fputs("; the very best one, ", page->file);
    ho_page_text(page, ho_page_string(single, "name"));
    fputs(", scores ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(single, "fitness"));
    fputs(".</li>\n", page->file);
}

/* A goal that must hold in each block of days is not the ratio of all days that the page shows. */
static void put_robust(const ho_page *page)
{
    const char *robust = ho_page_string(json_object_get(page->root, "settings"), "robust");
    if (robust[0] == '\0') return;
    fputs(" The search took it as <code>--robust ", page->file);
    ho_page_text(page, robust);
    fputs("</code> says, by blocks of the days or with a price on near-duplicates; what the page shows "
          "beside it "
          "is of all days.",
          page->file);
}

/* What the fitness is, and what it does not see. */
static void put_fitness(const ho_page *page)
{
    static const struct {
        const char *kind, *text;
    } kinds[] = {{"legacy", " of the mean series less 10 times the average correlation"},
                 {"ratio", "return over maximum drawdown"},
                 {"weighted", "a weighted sum of measures"},
                 {"enhanced", "Kelly fraction times Sharpe ratio"},
                 {"penalised", "return over drawdown less penalties"},
                 {"hybrid", "return over drawdown less penalties, and Kelly fraction times Sharpe ratio"},
                 {"zone", " of the zones by weight less 10 times the average correlation"}};
    const json_t *settings = json_object_get(page->root, "settings");
    const char *kind = ho_page_string(settings, "fitness"), *metric_name = ho_page_string(settings, "metric");
    const double whole = metric(page, "max_drawdown"), later = metric(page, "max_drawdown_first_peak");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, kind) != 0) continue;
        const bool of_metric = kinds[i].text[0] == ' ';
        fputs("<li><b>Fitness:</b> ", page->file);
        if (of_metric)
            ho_page_text(page,
                         strcmp(metric_name, "ratio") == 0 ? "return over maximum drawdown" : metric_name);
        fprintf(page->file, "%s.", kinds[i].text);
        if (of_metric && whole > later * (1 + 1e-9)) {
            fputs(
                " It does not count a fall before the first high: without that one the deepest drawdown is ",
                page->file);
            ho_page_value(page, HO_UNIT_MONEY, later);
            fputs(" and not ", page->file);
            ho_page_value(page, HO_UNIT_MONEY, whole);
            fputs(".", page->file);
        }
        put_robust(page);
        fputs("</li>\n", page->file);
    }
}

/* Strategies that are one under two names spread no risk. */
static void put_alike(const ho_page *page)
{
    const json_t *members = json_object_get(page->details, "members");
    size_t same = 0;
    for (size_t k = 0; k < json_array_size(members); k++)
        same += json_is_integer(json_object_get(json_array_get(members, k), "same_as"));
    if (same == 0) return;
    fprintf(page->file,
            "<li><b>Alike:</b> %zu of the strategies had the same result as another one of them on every "
            "date: they are %zu different ones, some with more lots. <code>--distinct</code> chooses one of "
            "each.</li>\n",
            same, json_array_size(members) - same);
}

void ho_page_answer(const ho_page *page)
{
    put_sentence(page);
    put_cards(page);
    fputs("<ul class=beside>\n", page->file);
    put_bound(page);
    put_luck(page);
    put_singles(page);
    put_fitness(page);
    put_alike(page);
    if (json_is_true(json_object_get(page->root, "interrupted")))
        fputs("<li><b>Interrupted:</b> this is the best that was found until then.</li>\n", page->file);
    if (json_is_true(json_object_get(json_object_get(page->root, "regimes"), "weighed")))
        fputs("<li><b>Weighed:</b> each row counts by the confidence of its market regime; the plain figures "
              "are "
              "under <a href='#parts'>market regimes</a>.</li>\n",
              page->file);
    fprintf(page->file,
            "</ul>\n<p class=caution>All figures are of the %s that the portfolio was chosen on. On %s that "
            "it has not seen, expect less.</p>\n",
            page->periods, page->periods);
}
