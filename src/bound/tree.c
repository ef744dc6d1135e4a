#include "bound/tree.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>

ho_node *ho_node_new(ho_node *parent)
{
    ho_node *node = HO_NEW(ho_node, 1);
    if (node == NULL) return NULL;
    if (parent != NULL) {
        *node = *parent;
        parent->holders++;
    }
    node->parent = parent;
    node->holders = 1;
    node->cut = (ho_cut){0};
    node->moved = 0;
    return node;
}

void ho_node_end(ho_node *node)
{
    while (node != NULL && --node->holders == 0) {
        ho_node *parent = node->parent;
        free(node);
        node = parent;
    }
}

bool ho_node_before(const ho_node *a, const ho_node *b)
{
    if (a->bound != b->bound) return a->bound > b->bound;
    return a->number < b->number;
}

ho_status ho_open_add(ho_open *open, ho_node *node, ho_error *err)
{
    if (open->count == open->room) {
        const size_t room = 2 * open->room + 64;
        ho_node **nodes = ho_grow_array(open->nodes, room, sizeof *nodes);
        if (nodes == NULL) return ho_fail_memory(err, room * sizeof *nodes, "the tree of a bound");
        open->nodes = nodes;
        open->room = room;
    }
    size_t at = open->count++;
    for (size_t up; at > 0 && ho_node_before(node, open->nodes[up = (at - 1) / 2]); at = up)
        open->nodes[at] = open->nodes[up];
    open->nodes[at] = node;
    return HO_OK;
}

ho_node *ho_open_take(ho_open *open)
{
    if (open->count == 0) return NULL;
    ho_node *first = open->nodes[0], *moved = open->nodes[--open->count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < open->count; at = child) {
        if (child + 1 < open->count && ho_node_before(open->nodes[child + 1], open->nodes[child])) child++;
        if (!ho_node_before(open->nodes[child], moved)) break;
        open->nodes[at] = open->nodes[child];
    }
    open->nodes[at] = moved;
    return first;
}

double ho_open_bound(const ho_open *open)
{
    return open->count > 0 ? open->nodes[0]->bound : -INFINITY;
}

void ho_open_clear(ho_open *open)
{
    for (size_t i = 0; i < open->count; i++)
        ho_node_end(open->nodes[i]);
    free(open->nodes);
    *open = (ho_open){0};
}
