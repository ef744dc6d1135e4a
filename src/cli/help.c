/* Help, written out of the tables of commands and options and wrapped to 80 columns. */
#include "cli/cli.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, GAP = 2, LEFT = 28 };

/* Columns that UTF-8 text takes: continuation bytes take none. */
static int columns_of(const char *text, size_t bytes)
{
    int columns = 0;
    for (size_t i = 0; i < bytes; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

/* Writes words from column `indent`, breaking lines to start there; a newline in the text is kept, and so are the
 * blanks after it. */
static void wrap(FILE *out, const char *text, int indent)
{
    int at = indent;
    for (const char *c = text; *c != '\0';) {
        if (*c == '\n') {
            fprintf(out, "\n%*s", c[1] != '\0' && c[1] != '\n' ? indent : 0, "");
            at = indent;
            c++;
            continue;
        }
        size_t blanks = strspn(c, " "), bytes = strcspn(c + blanks, " \n");
        int wide = columns_of(c + blanks, bytes), before = (int)blanks;
        if (at > indent && at + before + wide > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
            before = 0;
        }
        fprintf(out, "%*s%.*s", before, "", (int)bytes, c + blanks);
        at += before + wide;
        c += blanks + bytes;
    }
}

/* A name in the left column, its text in the right one. */
static void print_row(FILE *out, const char *name, const char *text, int left)
{
    int wide = columns_of(name, strlen(name));
    fprintf(out, "  %s", name);
    if (wide + GAP > left)
        fprintf(out, "\n%*s", 2 + left, "");
    else
        fprintf(out, "%*s", left - wide, "");
    wrap(out, text, 2 + left);
    fputc('\n', out);
}

/* "from 1 to 64", "at least 1", or nothing when the range says nothing. */
static void print_range(const ho_option *o, char *out, size_t size)
{
    const double far = 1e15;
    out[0] = '\0';
    if (o->type != HO_OPTION_INT && o->type != HO_OPTION_REAL) return;
    bool low = isfinite(o->min) && o->min > -far, high = isfinite(o->max) && o->max < far;
    if (low && high)
        snprintf(out, size, "from %.15g to %.15g", o->min, o->max);
    else if (low)
        snprintf(out, size, "at least %.15g", o->min);
    else if (high)
        snprintf(out, size, "at most %.15g", o->max);
}

static void print_choices(const ho_option *o, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "one of ");
    for (const char *c = o->choices; *c != '\0' && used + 3 < size; c++) {
        if (*c == '|') {
            out[used++] = ',';
            out[used++] = ' ';
        } else {
            out[used++] = *c;
        }
    }
    out[used] = '\0';
}

static void print_option(FILE *out, const ho_option *o)
{
    char name[128], letter[8] = "", limits[512] = "", text[2048];
    if (o->letter != 0) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(name, sizeof name, "%s--%s%s%s", letter, o->name, o->value != NULL ? " " : "",
             o->value != NULL ? o->value : "");
    if (o->type == HO_OPTION_CHOICE)
        print_choices(o, limits, sizeof limits);
    else if (o->type == HO_OPTION_LIST)
        snprintf(limits, sizeof limits, "may be given several times");
    else
        print_range(o, limits, sizeof limits);
    bool off = o->type == HO_OPTION_BOOL && (o->def == NULL || strcmp(o->def, "false") == 0);
    bool says_default = o->def != NULL && *o->def != '\0' && !off;
    bool brackets = says_default || limits[0] != '\0';
    snprintf(text, sizeof text, "%s%s%s%s%s%s%s", o->text, brackets ? " [" : "", limits,
             limits[0] != '\0' && says_default ? "; " : "", says_default ? "default " : "",
             says_default ? o->def : "", brackets ? "]" : "");
    print_row(out, name, text, LEFT);
}

static void print_options(FILE *out, ho_option_table table, ho_option_table already)
{
    for (size_t i = 0; i < table.count; i++) {
        if (ho_options_find(already, table.options[i].name) == NULL) print_option(out, &table.options[i]);
    }
}

static void print_exit_codes(FILE *out)
{
    char text[512];
    for (int code = 0; code < 6; code++) {
        size_t used = 0;
        for (int s = 0; s < HO_STATUS_COUNT && used < sizeof text; s++) {
            if (ho_status_exit_code((ho_status)s) != code) continue;
            int wrote = snprintf(text + used, sizeof text - used, "%s%s", used != 0 ? "; " : "",
                                 ho_status_sentence((ho_status)s));
            used += wrote > 0 ? (size_t)wrote : 0;
        }
        char name[16];
        snprintf(name, sizeof name, "%d", code);
        if (used != 0) print_row(out, name, text, 5);
    }
    print_row(out, "130", "interrupted; the best so far is still written", 5);
}

void cli_print_overview(FILE *out)
{
    fputs("heavyopt chooses portfolios of trading strategies by their daily results.\n\n"
          "Usage: heavyopt COMMAND [FILE ...] [--option value ...]\n\nCommands:\n",
          out);
    int left = 6;
    for (size_t i = 0; i < ho_command_count(); i++) {
        int wide = (int)strlen(ho_command_at(i)->name) + GAP;
        left = wide > left ? wide : left;
    }
    for (size_t i = 0; i < ho_command_count(); i++)
        print_row(out, ho_command_at(i)->name, ho_command_at(i)->sentence, left);
    print_row(out, "help", "says what a command does and takes: heavyopt help COMMAND", left);
    fputs("\nOptions of every command:\n", out);
    print_options(out, cli_common_options, (ho_option_table){0});
    fputs("\nExit codes:\n", out);
    print_exit_codes(out);
}

static bool is_required(const ho_command *command, const char *name)
{
    for (size_t i = 0; i < sizeof command->required / sizeof *command->required; i++) {
        if (command->required[i] == NULL) break;
        if (strcmp(command->required[i], name) == 0) return true;
    }
    return false;
}

void cli_print_command(FILE *out, const ho_command *command)
{
    fprintf(out, "Usage: heavyopt %s", command->name);
    for (size_t i = 0; i < sizeof command->positional / sizeof *command->positional; i++) {
        const char *name = command->positional[i];
        if (name == NULL) break;
        bool needed = is_required(command, name);
        fputs(needed ? " " : " [", out);
        for (const char *c = name; *c != '\0'; c++)
            fputc(toupper((unsigned char)*c), out);
        if (!needed) fputc(']', out);
    }
    fputs(" [--option value ...]\n\n", out);
    char sentence[1024];
    snprintf(sentence, sizeof sentence, "%s.", command->sentence);
    sentence[0] = (char)toupper((unsigned char)sentence[0]);
    wrap(out, sentence, 0);
    fputs("\n\nOptions:\n", out);
    print_options(out, command->options, cli_common_options);
    fputs("\nOptions of every command:\n", out);
    print_options(out, cli_common_options, (ho_option_table){0});
    if (command->more != NULL) {
        fputc('\n', out);
        wrap(out, command->more, 0);
        if (*command->more == '\0' || command->more[strlen(command->more) - 1] != '\n') fputc('\n', out);
    }
}
