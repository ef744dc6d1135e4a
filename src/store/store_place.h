/* A folder that appears whole or not at all: it is filled beside its place and renamed. What stands at the place is
 * replaced only if it is a store (or an empty folder). */
#ifndef HO_STORE_STORE_PLACE_H
#define HO_STORE_STORE_PLACE_H

#include <heavyopt/status.h>

typedef struct ho_place {
    char *target; /* where the store is to stand */
    char *parent; /* the folder that holds it */
    char *temp;   /* where it is filled */
    int lock;     /* the temporary folder, held while its writer lives */
} ho_place;

/* Makes the temporary folder, and removes those that killed writers of the same place left. HO_ERR_USAGE: another
 * thing stands there; HO_ERR_IO: nothing can be made there. On success end it by commit or abandon. */
HO_MUST_USE ho_status ho_place_begin(const char *folder, ho_place *place, ho_error *err);

/* Puts the filled folder in its place. On failure the temporary folder is removed and the place is as it was. */
HO_MUST_USE ho_status ho_place_commit(ho_place *place, ho_error *err);

void ho_place_abandon(ho_place *place);

#endif
