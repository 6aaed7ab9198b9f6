/* SPDX-License-Identifier: MIT */
/* The counters of the streams as JSON. */
#include "show_event.h"

void
show_stats(struct out *o, const struct xrdmon_stats *s)
{
    const struct {
        const char *key;
        uint64_t value;
    } fields[] = {
        {"packets", s->packets},
        {"bytes", s->bytes},
        {"events", s->events},
        {"lost", s->lost},
        {"late", s->late},
        {"duplicates", s->duplicates},
        {"reordered", s->reordered},
        {"bad_truncated", s->bad_truncated},
        {"bad_malformed", s->bad_malformed},
        {"bad_unknown", s->bad_unknown},
        {"trailing_bytes", s->trailing_bytes},
        {"unresolved_users", s->unresolved_users},
        {"unresolved_paths", s->unresolved_paths},
        {"dropped_records", s->dropped_records},
        {"forged_windows", s->forged_windows},
        {"unknown_servers", s->unknown_servers},
        {"restarts", s->restarts},
        {"evicted_users", s->evicted_users},
        {"evicted_files", s->evicted_files},
        {"evicted_servers", s->evicted_servers},
        {"released_users", s->released_users},
        {"released_files", s->released_files},
        {"live_servers", s->live_servers},
        {"live_users", s->live_users},
        {"live_files", s->live_files},
        {"memory_bytes", s->memory_bytes},
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        out_key_len(o, fields[i].key, strlen(fields[i].key));
        out_u64(o, fields[i].value);
    }
    out_key(o, "packets_by_code");
    out_begin(o, '{');
    for (size_t i = 0; i < sizeof(s->packets_by_code) / sizeof(s->packets_by_code[0]);
         i++) {
        char code = (char)i;
        if (s->packets_by_code[i] == 0)
            continue;
        out_key_text(o, i ? &code : "other", i ? 1 : 5);
        out_u64(o, s->packets_by_code[i]);
    }
    out_end(o, '}');
}
