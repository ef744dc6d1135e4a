/* Zones of a trading day by the clock, for rows that only have times. */
#ifndef HO_PANEL_ZONE_CLOCK_H
#define HO_PANEL_ZONE_CLOCK_H

#include <heavyopt/status.h>
#include <stddef.h>
#include <stdint.h>

enum { HO_ZONE_WINDOWS_MOST = 64, HO_CLOCK_LABEL = 32 };

typedef enum ho_clock_method {
    HO_CLOCK_EQUAL,    /* the time between open and close in equal parts: Zone 1, Zone 2, ... */
    HO_CLOCK_FREEFORM, /* between one boundary and the next: Zone 1, Zone 2, ... */
    HO_CLOCK_CUSTOM    /* in the windows given: Custom Zone 1, Custom Zone 2, ... */
} ho_clock_method;

/* Windows are half-open; where they overlap, the first holds. */
typedef struct ho_zone_clock {
    ho_clock_method method;
    int32_t open, close; /* of the market, seconds since midnight */
    size_t count;        /* zones; 0: every time of the market is undefined */
    int32_t begin[HO_ZONE_WINDOWS_MOST], end[HO_ZONE_WINDOWS_MOST]; /* not of EQUAL */
} ho_zone_clock;

/* Texts as a configuration has them: "equal", "09:15:00", "09:15,11:00,15:30" (boundaries), "09:15-10:30,10:30-12:00"
 * (windows); the ones that the method does not ask for are not read. HO_ERR_USAGE: a time that is none, an order that is
 * none; the message begins with the option's name. */
typedef struct ho_zone_texts {
    const char *method, *open, *close, *boundaries, *windows;
    int64_t count; /* of EQUAL */
} ho_zone_texts;
HO_MUST_USE ho_status ho_zone_clock_make(const ho_zone_texts *texts, ho_zone_clock *clock, ho_error *err);

enum { HO_ZONE_OUTSIDE = -1, HO_ZONE_UNDEFINED = -2 };

/* The zone of a moment, counted from 0; OUTSIDE before the open and from the close on, else UNDEFINED where no zone
 * holds it. */
int ho_zone_clock_at(const ho_zone_clock *clock, int32_t seconds);

/* "Zone 1", "Custom Zone 1", "Outside Market", "Undefined". */
void ho_zone_clock_label(const ho_zone_clock *clock, int zone, char label[HO_CLOCK_LABEL]);

#endif
