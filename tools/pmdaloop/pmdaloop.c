/* SPDX-License-Identifier: MIT */
/* pmdaloop: start, check and time the agents of Performance Co-Pilot. */
#include "cli.h"
#include "commands.h"

#include <stddef.h>

static const char options_help[] =
    "options:\n"
    "  -m, --metric NAME|PMID  this metric, or those below this name; may be repeated\n"
    "  -n, --pmns FILE         names of metrics, where the agent does not know them\n"
    "  -d, --domain N          what symbols in that file stand for\n"
    "  -s, --socket WHERE      the agent listens: unix:PATH, inet:PORT or ipv6:PORT\n"
    "  -t, --timeout SECONDS   for each answer, default 5, as pmcd has it\n"
    "  -c, --check             agent: show what pmcd has to know of it, and end\n"
    "  -l, --log FILE          agent: say things there\n"
    "      --json, --format text|json|jsonl\n";

static const struct cli_command commands[] = {
    {"probe",
     "[--metric NAME|PMID]... [--pmns FILE] [--socket WHERE] -- AGENT ARGUMENT...",
     "start an agent as pmcd would; show its metrics, values, help and labels",
     probe_command},
    {"check",
     "[--verbose] [--metric NAME|PMID]... [--pmns FILE] [--socket WHERE] -- AGENT "
     "ARGUMENT...",
     "send an agent every PDU, good and malformed; a verdict each", check_command},
    {"bench",
     "[--metrics N] [--instances N] [--seconds S] [--metric NAME|PMID]... [--pmns "
     "FILE] "
     "[--socket WHERE] -- AGENT ARGUMENT...",
     "how fast an agent answers, and what it spends on it", bench_command},
    {"agent", "[--check] [--log FILE] [--socket WHERE] CONFIG.json",
     "be an agent, fed by lines of JSON or by commands", agent_command},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    static const char *const with_value[] = {"metric",  "pmns",   "domain", "socket",
                                             "timeout", "format", "log",    NULL};
    return cli_main("pmdaloop",
                    "start, check and time the agents of Performance Co-Pilot",
                    options_help, "lmndst", with_value, commands, argc, argv);
}
