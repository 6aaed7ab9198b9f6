/* SPDX-License-Identifier: MIT */
/* xrdmon generate: packets of servers that do not exist, to try things out. */
#include "../cli.h"
#include "commands.h"
#include "settings.h"
#include "synth.h"

#include <unistd.h>

enum { DEFAULT_PACKETS = 10000, WRITE_BYTES = 65536 };

struct generating {
    const struct settings *settings;
    struct out out;
    uint64_t packets, records;
};

static bool
take_seed(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 0, UINT64_MAX, &s->seed);
}

static bool
take_servers(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, 10000, &s->servers);
}

static bool
take_users(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, 1000000, &s->users);
}

static bool
take_packets(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, UINT64_MAX, &s->packets);
}

static bool
take_records(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, UINT64_MAX, &s->records);
}

static const struct option_row options_generate[] = {
    {"seed", 0, "N", "the same number gives the same packets, default 1", take_seed},
    {"servers", 0, "N", "at most 10000, default 2", take_servers},
    {"users", 0, "N", "at most 1000000, default 10", take_users},
    {"packets", 0, "N", "stop after so many, default 10000", take_packets},
    {"records", 0, "N", "stop after so many records", take_records},
    {NULL, 0, NULL, NULL, NULL},
};

static bool
take_packet(void *arg, const uint8_t *packet, size_t len, uint64_t records)
{
    struct generating *g = (struct generating *)arg;

    out_put(&g->out, (const char *)packet, len);
    if (g->out.len >= WRITE_BYTES)
        out_flush(&g->out);
    g->packets++;
    g->records += records;
    return g->out.err == 0 &&
           !(g->settings->packets && g->packets >= g->settings->packets) &&
           !(g->settings->records && g->records >= g->settings->records);
}

int
command_generate(int argc, char **argv)
{
    static const struct option_row *const tables[] = {options_generate, NULL};
    struct settings s = {.seed = 1, .servers = 2, .users = 10};
    struct generating g = {.settings = &s};
    int code;

    if (!settings_take(&s, argc, argv, tables, &code))
        return code;
    if (s.paths[0])
        return cli_misused("generate takes no '%s'", s.paths[0]);
    if (isatty(1))
        return cli_misused(
            "packets are nothing for a terminal: give generate a file or "
            "a pipe");
    if (!s.packets && !s.records)
        s.packets = DEFAULT_PACKETS;
    if (out_open(&g.out, 1) < 0) {
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    struct synth *synth =
        synth_new(s.seed, (uint32_t)s.servers, (uint32_t)s.users, take_packet, &g);
    if (!synth) {
        out_close(&g.out);
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    while (synth_session(synth))
        continue;
    synth_flush(synth);
    synth_free(synth);
    return commands_end(&g.out, CLI_DONE);
}
