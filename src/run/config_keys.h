/* The keys of the configuration files of the old system, as a table: which option each of them sets, or why it has no
 * effect. Keys of the new kind need no row: [COMMAND] OPTION = VALUE reaches every option of every command. */
#ifndef HO_RUN_CONFIG_KEYS_H
#define HO_RUN_CONFIG_KEYS_H

#include <heavyopt/command.h>

typedef enum ho_key_kind {
    HO_KEY_OPTION,    /* the value is the option's */
    HO_KEY_WEAK,      /* as OPTION; where another key of the file sets the option too, that one counts */
    HO_KEY_NOT,       /* a boolean, turned round */
    HO_KEY_IS,        /* the option, a boolean, is on where the value is `argument` */
    HO_KEY_ALL,       /* a number; "all" is 0 */
    HO_KEY_SOFT,      /* as OPTION; a value that the option does not know is warned of and left out */
    HO_KEY_PARAMETER, /* of an algorithm: `argument` is "ga.population_size" */
    HO_KEY_ALGORITHM, /* a boolean: is the algorithm `argument` one of those that run */
    HO_KEY_FIRST,     /* the smallest and the largest portfolio of a range */
    HO_KEY_LAST,
    HO_KEY_SWITCH, /* a boolean: `argument` "A|B" is A where it is on, B where it is off; an empty one changes nothing */
    HO_KEY_WEIGHT,   /* of the measure `argument`, or of the one that the key names: a user's own weights */
    HO_KEY_CLOSE,    /* the option; and the correlation that another key may make a limit */
    HO_KEY_ENFORCE,  /* a boolean: is it one */
    HO_KEY_BALANCED, /* a boolean: do the counts of labels hold */
    HO_KEY_COUNT,    /* how many members a label should have */
    HO_KEY_ZONED,    /* a boolean: a portfolio for each zone, and limits a zone */
    HO_KEY_ZONE_LIMIT,
    HO_KEY_ZONE_WEIGHT, /* of the zone that the key names */
    HO_KEY_FOLDER, /* of tables, which are the input of commands that read one; `argument` "zones": where zones are on */
    HO_KEY_NONE /* has no effect, and `why` says why */
} ho_key_kind;

typedef struct ho_config_key {
    const char *file;          /* where the old system kept it */
    const char *section, *key; /* key "*": any name */
    ho_key_kind kind;
    const char *option;   /* set in every command that has it; in no command: the key has no effect */
    const char *argument; /* see the kinds */
    double min, max;      /* of the value, where max > min */
    const char *why; /* why it has no effect: always there for NONE, and for options that a build may lack */
} ho_config_key;

size_t ho_config_key_count(void);
const ho_config_key *ho_config_key_at(size_t i);

/* The row, or NULL. Names as people write them: case, '-', '_' and ' ' do not matter. A section "" (a JSON key by
 * itself) finds the first row of that key. */
const ho_config_key *ho_config_key_find(const char *section, const char *key);

/* Is there a row of the section, or a command of that name? */
bool ho_config_section_known(const char *section);

/* The key that a slip of the pen may have turned into `key`, in the rows of the section and in the options of the
 * command that bears its name; NULL: none is near. */
const char *ho_config_key_nearest(const char *section, const char *key);

/* Is there a command with an option of that name? */
bool ho_config_option_exists(const char *option);

#endif
