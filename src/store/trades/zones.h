/* Which zone of the trading day a time lies in. */
#ifndef HO_STORE_TRADES_ZONES_H
#define HO_STORE_TRADES_ZONES_H

#include "store/trades/kinds.h"

enum { HO_TRADE_ZONES = 1440 };

typedef enum ho_zone_method {
    HO_ZONES_NONE,
    HO_ZONES_EQUAL,
    HO_ZONES_FREEFORM,
    HO_ZONES_CUSTOM
} ho_zone_method;

typedef struct ho_zones {
    ho_zone_method method;
    int32_t open, close; /* seconds of the day */
    size_t count;
    int32_t *begin, *end; /* owned: of each zone, the end excluded; NULL of equal ones */
} ho_zones;

/* HO_ERR_USAGE: a time or a list that does not read, an opening not before the close. The caller clears it. */
HO_MUST_USE ho_status ho_zones_of(const ho_trade_settings *settings, ho_zones *zones, ho_error *err);
void ho_zones_clear(ho_zones *zones);

/* Writes "Zone 2", "Custom Zone 1", "Outside Market" or "Undefined"; true for a zone proper. seconds -1: no time. */
enum { HO_ZONE_LABEL = 48 };
bool ho_zone_label(const ho_zones *zones, int32_t seconds, char out[HO_ZONE_LABEL]);

#endif
