#include "store/guess.h"

#include "base/error.h"
#include "base/memory.h"

static ho_status grow(ho_guess *g, ho_error *err)
{
    const size_t room = g->room == 0 ? 64 : 2 * g->room;
    uint64_t *places = ho_grow_array(g->places, room, sizeof *places);
    if (places == NULL) return ho_fail_memory(err, room * sizeof *places, "texts");
    g->places = places;
    uint32_t *next = ho_grow_array(g->next, room, sizeof *next);
    if (next == NULL) return ho_fail_memory(err, room * sizeof *next, "texts");
    g->next = next;
    g->room = room;
    return HO_OK;
}

ho_status ho_guess_add(ho_guess *g, const char *text, size_t length, uint64_t place, uint32_t *number,
                       ho_error *err)
{
    const size_t known = g->texts.count;
    if (known == g->room) HO_TRY(grow(g, err));
    HO_TRY(ho_texts_add(&g->texts, text, length, number, err));
    if (*number < known) return HO_OK;
    g->places[known] = place;
    g->next[known] = 0;
    return HO_OK;
}

void ho_guess_clear(ho_guess *g)
{
    ho_texts_clear(&g->texts);
    free(g->places);
    free(g->next);
    *g = (ho_guess){0};
}
