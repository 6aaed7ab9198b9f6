/* SPDX-License-Identifier: MIT */
/* Options, exit codes and words on stderr, alike in every tool. */
#include "cli.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *tool_name = "labwire";
static int output_errno; /* why standard output failed, where that is known */

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
        (void)cli_misused("%s wants seconds, above 0 and at most ten years, not '%s'",
                          option, text);
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
        printf("  %s%s%s\n      %s\n", c->name, c->synopsis[0] ? " " : "", c->synopsis,
               c->help);
    printf("\n%s  -h, --help\n      --version\n", options_help);
}

static bool
is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Does this option word take the next word as its value? A long one may be cut short, as
 * getopt has it. */
static bool
takes_next(const char *word, const char *shorts, const char *const *longs)
{
    if (word[0] != '-' || !word[1] || is_help(word))
        return false;
    if (word[1] != '-')
        return !word[2] && strchr(shorts, word[1]);
    for (; word[2] && longs && *longs; longs++)
        if (strncmp(word + 2, *longs, strlen(word + 2)) == 0)
            return true;
    return false;
}

/* --help behind the command's word, but not behind --: that is another's. */
static bool
wants_help(const char *shorts, const char *const *longs, int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (is_help(argv[i]))
            return true;
        i += takes_next(argv[i], shorts, longs);
    }
    return false;
}

static int
put_command_help(const struct cli_command *c)
{
    printf("usage: %s %s%s%s\n%s\n", tool_name, c->name, c->synopsis[0] ? " " : "",
           c->synopsis, c->help);
    return CLI_DONE;
}

static int
no_command(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (argv[i][0] == '-')
            return cli_misused("no command beside '%s'", argv[i]);
    return cli_misused("no command");
}

/* The command's word moves to the front, the options before it follow. */
static int
run_command(const struct cli_command *c, int at, int argc, char **argv)
{
    char *word = argv[at];

    memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof(*argv));
    argv[1] = word;
    return c->run(argc - 1, argv + 1);
}

/* A closed standard descriptor would be given to the next file or socket, which then got
 * what is meant for a person. What is put in its place cannot be used either. */
static void
keep_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
            _exit(CLI_FAILED);
}

void
cli_begin(const char *tool)
{
    tool_name = tool;
    keep_standard_descriptors();
}

bool
cli_flush(void)
{
    if (fflush(stdout) != 0 && output_errno == 0)
        output_errno = errno;
    return !ferror(stdout);
}

int
cli_end(int code)
{
    if (cli_flush() && output_errno == 0)
        return code;
    /* It failed where nobody asked why: the next byte will tell. */
    if (output_errno == 0 && write(STDOUT_FILENO, "\n", 1) < 0)
        output_errno = errno;
    if (output_errno == 0)
        cli_say("standard output lacks a part that could not be written");
    else if (output_errno != EPIPE)
        cli_say("cannot write to standard output: %s", strerror(output_errno));
    return code == CLI_DONE ? CLI_FAILED : code;
}

int
cli_main(const char *tool, const char *about, const char *options_help,
         const char *short_options_with_value,
         const char *const *long_options_with_value, const struct cli_command *commands,
         int argc, char **argv)
{
    const char *shorts = short_options_with_value;
    const char *const *longs = long_options_with_value;
    int at = 1;

    cli_begin(tool);
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        if (is_help(argv[at])) {
            put_help(about, options_help, commands);
            return cli_end(CLI_DONE);
        }
        if (strcmp(argv[at], "--version") == 0) {
            printf("%s %s\n", tool, LABWIRE_VERSION);
            return cli_end(CLI_DONE);
        }
        if (strcmp(argv[at], "--") == 0) {
            memmove(argv + at, argv + at + 1, (size_t)(argc - at) * sizeof(*argv));
            argc--;
            break;
        }
        at += takes_next(argv[at], shorts, longs);
    }
    if (at >= argc)
        return cli_end(no_command(argc, argv));
    for (const struct cli_command *c = commands; c->name; c++)
        if (strcmp(argv[at], c->name) == 0)
            return cli_end(wants_help(shorts, longs, argc - at, argv + at)
                               ? put_command_help(c)
                               : run_command(c, at, argc, argv));
    return cli_end(cli_misused("no command '%s'", argv[at]));
}
