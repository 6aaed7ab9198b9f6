/* SPDX-License-Identifier: MIT */
/* Options, exit codes and words on stderr, alike in every tool. */
#include "cli.h"
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *tool_name = "labwire";

void
cli_put_safe(FILE *f, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = json_utf8_len(text + i, len - i);
        bool control = c < 0x20 || c == 0x7f || json_utf8_is_treacherous(text + i, n);

        if (n == 0 || control) {
            size_t bytes = n ? n : 1;
            const char *short_forms = "abtnvfr";
            for (size_t k = 0; k < bytes; k++) {
                unsigned char b = (unsigned char)text[i + k];
                if (b >= 7 && b <= 13)
                    fprintf(f, "\\%c", short_forms[b - 7]);
                else
                    fprintf(f, "\\x%02x", b);
            }
            i += bytes;
        } else if (c == '\\') {
            fputs("\\\\", f);
            i++;
        } else {
            fwrite(text + i, 1, n, f);
            i += n;
        }
    }
}

static void __attribute__((format(printf, 1, 0))) say(const char *format, va_list args)
{
    char line[2048];
    int n = vsnprintf(line, sizeof(line), format, args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1;

    fprintf(stderr, "%s: ", tool_name);
    for (size_t i = 0; i < len; i++) /* a sentence may hold \xHH made safe already */
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            fprintf(stderr, "\\x%02x", (unsigned char)line[i]);
        else
            fputc(line[i], stderr);
    fputc('\n', stderr);
}

void
cli_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

int
cli_misused(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
    fprintf(stderr, "try '%s --help'\n", tool_name);
    return CLI_MISUSED;
}

bool
cli_take_uint(const char *option, const char *text, uint64_t min, uint64_t max,
              uint64_t *ret_value)
{
    char *end = NULL;
    errno = 0;
    uintmax_t v = text[0] >= '0' && text[0] <= '9' ? strtoumax(text, &end, 10) : 0;
    if (!end || *end || errno || v < min || v > max) {
        (void)cli_misused("%s wants a number from %" PRIu64 " to %" PRIu64 ", not '%s'",
                          option, min, max, text);
        return false;
    }
    *ret_value = v;
    return true;
}

bool
cli_take_seconds(const char *option, const char *text, uint64_t *ret_ms)
{
    char *end = NULL;
    double s =
        (text[0] >= '0' && text[0] <= '9') || text[0] == '.' ? strtod(text, &end) : -1;
    if (!end || *end || !isfinite(s) || s <= 0 || s > 10 * 366 * 86400.0) {
        (void)cli_misused("%s wants seconds above 0, not '%s'", option, text);
        return false;
    }
    uint64_t ms = (uint64_t)(s * 1000 + 0.5);
    *ret_ms = ms ? ms : 1;
    return true;
}

bool
cli_take_format(const char *text, enum cli_format *ret_format)
{
    static const char *const names[] = {"text", "json", "jsonl"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(text, names[i]) == 0) {
            *ret_format = (enum cli_format)i;
            return true;
        }
    (void)cli_misused("--format is text, json or jsonl, not '%s'", text);
    return false;
}

bool
cli_is_terminal(FILE *f)
{
    return isatty(fileno(f)) == 1;
}

bool
cli_wants_colour(FILE *f)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return cli_is_terminal(f) && !(no && no[0]) && !(term && strcmp(term, "dumb") == 0);
}

static void
put_help(const char *about, const char *options_help,
         const struct cli_command *commands)
{
    printf("usage: %s [OPTION]... COMMAND [ARGUMENT]...\n%s\n\n", tool_name, about);
    for (const struct cli_command *c = commands; c->name; c++)
        printf("  %s %s\n      %s\n", c->name, c->synopsis, c->help);
    printf("\n%s  --help\n  --version\n", options_help);
}

/* Does this option word take the next word as its value? */
static bool
takes_next(const char *word, const char *shorts, const char *const *longs)
{
    if (word[1] != '-')
        return word[1] && !word[2] && strchr(shorts, word[1]);
    for (; longs && *longs; longs++)
        if (strcmp(word + 2, *longs) == 0)
            return true;
    return false;
}

/* --help behind the command's word, but not behind --: that is another's. */
static bool
wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

static int
dispatch(const struct cli_command *commands, const char *shorts,
         const char *const *longs, int argc, char **argv)
{
    int at = 1;
    while (at < argc && argv[at][0] == '-' && argv[at][1] &&
           strcmp(argv[at], "--") != 0)
        at += takes_next(argv[at], shorts, longs) ? 2 : 1;
    if (at < argc && strcmp(argv[at], "--") == 0)
        at++;
    if (at >= argc) {
        for (int i = 1; i < argc; i++)
            if (argv[i][0] == '-')
                return cli_misused("no command beside '%s'", argv[i]);
        return cli_misused("no command");
    }
    for (const struct cli_command *c = commands; c->name; c++)
        if (strcmp(argv[at], c->name) == 0) {
            if (wants_help(argc - at, argv + at)) {
                printf("usage: %s %s%s%s\n%s\n", tool_name, c->name,
                       c->synopsis[0] ? " " : "", c->synopsis, c->help);
                return CLI_DONE;
            }
            /* The command's word moves to the front, the options before it follow. */
            char *word = argv[at];
            memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof(*argv));
            argv[1] = word;
            return c->run(argc - 1, argv + 1);
        }
    return cli_misused("no command '%s'", argv[at]);
}

void
cli_begin(const char *tool)
{
    tool_name = tool;
}

int
cli_end(int code)
{
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == CLI_DONE) {
        if (errno != EPIPE)
            cli_say("cannot write to standard output: %s", strerror(errno));
        code = CLI_FAILED;
    }
    return code;
}

int
cli_main(const char *tool, const char *about, const char *options_help,
         const char *short_options_with_value,
         const char *const *long_options_with_value, const struct cli_command *commands,
         int argc, char **argv)
{
    int code = CLI_DONE;

    cli_begin(tool);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        printf("%s %s\n", tool, LABWIRE_VERSION);
    else if (argc == 2 &&
             (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        put_help(about, options_help, commands);
    else
        code = dispatch(commands, short_options_with_value, long_options_with_value,
                        argc, argv);
    return cli_end(code);
}
