/* Texts with numbers, as pivot.h has them, for columns whose texts come again and again in the same order: the text of
 * the last row, and the one that followed it the last time, are tried before a text is hashed. */
#ifndef HO_STORE_GUESS_H
#define HO_STORE_GUESS_H

#include "store/pivot.h"

#include <string.h>

/* Zeroed memory is empty. */
typedef struct ho_guess {
    ho_texts texts;
    uint64_t *places; /* owned: where each text came first, as the caller counts */
    uint32_t *next;   /* owned: what followed each the last time */
    size_t room;      /* of both */
    uint32_t last;
    int luck; /* how well guessing goes */
} ho_guess;

/* Whether a guess is worth its try: where texts come in no order, the look at another text is not. */
static inline bool ho_guess_ready(const ho_guess *g)
{
    return g->luck > 0 && g->texts.count != 0;
}

/* Whether the `most` bytes at p begin with the text of that number. */
static inline bool ho_guess_fits(const ho_guess *g, uint32_t number, const char *p, size_t most,
                                 size_t *length)
{
    const char *text = ho_texts_at(&g->texts, number, length);
    return *length <= most && memcmp(text, p, *length) == 0;
}

/* To be called with the number of every row's text, in order. */
static inline void ho_guess_follow(ho_guess *g, uint32_t number)
{
    enum { MOST = 16 };
    const bool right = number == g->last || number == g->next[g->last];
    g->luck += right ? g->luck < MOST : -(g->luck > 0);
    g->next[g->last] = number;
    g->last = number;
}

/* Numbers a text by its hash; a new one came first at `place`. */
HO_MUST_USE ho_status ho_guess_add(ho_guess *guess, const char *text, size_t length, uint64_t place,
                                   uint32_t *number, ho_error *err);
void ho_guess_clear(ho_guess *guess);

#endif
