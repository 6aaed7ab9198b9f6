/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_SETTINGS_H
#define XRDMON_TOOL_SETTINGS_H

/* What the command line says. Each command takes a selection of the options. */
#include "input.h"

#include <xrdmon.h>

enum format { FORMAT_AUTO, FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMAT_NONE };

enum summary_by { BY_SERVER, BY_USER, BY_PATH, BY_VO };

struct settings {
    enum format format; /* settled by settings_take(): never FORMAT_AUTO */
    bool is_quiet;
    uint16_t capture_port;

    /* the streams layer */
    struct xrdmon_options stream;
    bool wants_counts;
    bool wants_lines; /* the records of text-form g-streams as events */

    /* summary */
    enum summary_by by;
    uint64_t depth, top, most_rows;

    /* generate */
    uint64_t seed, servers, users, packets, records;

    char **paths; /* ends with NULL; what is not an option */
};

/* One option of a command. `take` is false after it has said what is wrong. */
struct option_row {
    const char *name;
    char letter;       /* or 0 */
    const char *value; /* what it wants, in words; NULL: nothing */
    const char *help;
    bool (*take)(struct settings *s, const char *option, const char *value);
};

/* The options that all commands which read have, and those of the streams layer. */
extern const struct option_row options_reading[], options_streams[];

/* Take argv, as cli_command.run gets it. `tables` ends with NULL, each table with a row
 * without a name. False: leave with *ret_code. */
bool settings_take(struct settings *s, int argc, char **argv,
                   const struct option_row *const *tables, int *ret_code);

#endif
