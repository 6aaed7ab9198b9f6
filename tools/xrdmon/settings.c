/* SPDX-License-Identifier: MIT */
/* What the command line says: the options in tables, which also make the help. */
#include "settings.h"
#include "../cli.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { MOST_OPTIONS = 40, FIRST_CODE = 256 };

static bool
take_format(struct settings *s, const char *option, const char *value)
{
    static const char *const words[] = {[FORMAT_TEXT] = "text",
                                        [FORMAT_JSON] = "json",
                                        [FORMAT_JSONL] = "jsonl",
                                        [FORMAT_NONE] = "none"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i] && strcmp(value, words[i]) == 0) {
            s->format = (enum format)i;
            return true;
        }
    (void)cli_misused("%s is text, json, jsonl or none, not '%s'", option, value);
    return false;
}

static bool
take_json(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->format = FORMAT_JSON;
    return true;
}

static bool
take_port(struct settings *s, const char *option, const char *value)
{
    uint64_t port;
    if (!cli_take_uint(option, value, 1, UINT16_MAX, &port))
        return false;
    s->capture_port = (uint16_t)port;
    return true;
}

static bool
take_quiet(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->is_quiet = true;
    return true;
}

const struct option_row options_reading[] = {
    {"format", 0, "FORMAT",
     "text, json, jsonl or none; default: text on a terminal, else jsonl", take_format},
    {"json", 0, NULL, "the same as --format=json: one document", take_json},
    {"port", 'p', "PORT", "of a capture, only what was sent to this UDP port",
     take_port},
    {"quiet", 'q', NULL, "no progress on the terminal", take_quiet},
    {NULL, 0, NULL, NULL, NULL},
};

static void
put_help(const char *command, const struct option_row *const *tables)
{
    bool reads = tables[0] == options_reading;
    printf("usage: xrdmon %s [OPTION]...%s\n", command, reads ? " [FILE]..." : "");
    for (; *tables; tables++)
        for (const struct option_row *row = *tables; row->name; row++) {
            int width = printf("  ");
            if (row->letter)
                width += printf("-%c, ", row->letter);
            width += printf("--%s%s%s", row->name, row->value ? " " : "",
                            row->value ? row->value : "");
            printf("%*s  %s\n", width < 28 ? 28 - width : 0, "", row->help);
        }
}

bool
settings_take(struct settings *s, int argc, char **argv,
              const struct option_row *const *tables, int *ret_code)
{
    const struct option_row *rows[MOST_OPTIONS];
    struct option longs[MOST_OPTIONS + 2] = {{NULL, 0, NULL, 0}};
    char shorts[2 * MOST_OPTIONS + 3] = ":h";
    size_t n = 0, at = 2;

    for (size_t t = 0; tables[t]; t++)
        for (const struct option_row *row = tables[t]; row->name; row++, n++) {
            rows[n] = row;
            longs[n] =
                (struct option){row->name, row->value ? required_argument : no_argument,
                                NULL, FIRST_CODE + (int)n};
            if (!row->letter)
                continue;
            shorts[at++] = row->letter;
            if (row->value)
                shorts[at++] = ':';
        }
    longs[n] = (struct option){"help", no_argument, NULL, 'h'};

    *ret_code = CLI_MISUSED;
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (c == 'h') {
            put_help(argv[0], tables);
            *ret_code = CLI_DONE;
            return false;
        }
        const struct option_row *row = NULL;
        for (size_t i = 0; i < n; i++)
            if (c == FIRST_CODE + (int)i || (rows[i]->letter && c == rows[i]->letter))
                row = rows[i];
        if (!row) {
            const char *word = argv[optind - 1];
            if (c == ':')
                (void)cli_misused("'%s' wants a value", word);
            else
                (void)cli_misused("%s has no option '%s'", argv[0], word);
            return false;
        }
        char option[64];
        snprintf(option, sizeof(option), "--%s", row->name);
        if (!row->take(s, option, optarg))
            return false;
    }
    s->paths = argv + optind;
    s->stream.size = sizeof(s->stream);
    if (s->format == FORMAT_AUTO)
        s->format = cli_is_terminal(stdout) ? FORMAT_TEXT : FORMAT_JSONL;
    return true;
}
