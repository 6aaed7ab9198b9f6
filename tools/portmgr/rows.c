/* SPDX-License-Identifier: MIT */
/* Allocations on standard output: for people, for scripts, as JSON. */
#include "rows.h"
#include "json.h"
#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void
rows_put_object(const struct portmgr_row *row, const char *before)
{
    printf("{%s\"port\":%" PRIu16 ",\"service\":", before, row->port);
    json_put_string(stdout, row->service, row->service_len);
    fputs(",\"user\":", stdout);
    json_put_string(stdout, row->user, row->user_len);
    fputs("}", stdout);
}

void
rows_put_line(const struct portmgr_row *row)
{
    printf("%" PRIu16 "\t", row->port);
    cli_put_safe(stdout, row->service, row->service_len);
    fputc('\t', stdout);
    cli_put_safe(stdout, row->user, row->user_len);
    fputc('\n', stdout);
}

static void
put_json(const struct answer *answers, size_t count, bool lines)
{
    const char *between = "";

    fputs(lines ? "" : "[", stdout);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; answers[i].list && k < answers[i].list->count; k++) {
            char *host = NULL;
            size_t len = 0;
            FILE *f = answers[i].host ? open_memstream(&host, &len) : NULL;
            if (f) {
                fputs("\"host\":", f);
                json_put_string(f, answers[i].host, strlen(answers[i].host));
                fputs(",", f);
                fclose(f);
            }
            fputs(between, stdout);
            rows_put_object(&answers[i].list->rows[k], host ? host : "");
            fputs(lines ? "\n" : "", stdout);
            between = lines ? "" : ",";
            free(host);
        }
    fputs(lines ? "" : "]\n", stdout);
}

static void
put_table(const struct answer *answers, size_t count)
{
    bool hosts = count && answers[0].host;
    struct table *t = table_new(hosts ? "lrll" : "rll");
    if (!t)
        abort();
    if (hosts)
        table_add(t, "HOST", 4);
    table_add(t, "PORT", 4);
    table_add(t, "SERVICE", 7);
    table_add(t, "USER", 4);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; answers[i].list && k < answers[i].list->count; k++) {
            const struct portmgr_row *row = &answers[i].list->rows[k];
            if (hosts)
                table_add(t, answers[i].host, strlen(answers[i].host));
            table_addf(t, "%" PRIu16, row->port);
            table_add(t, row->service, row->service_len);
            table_add(t, row->user, row->user_len);
        }
    table_print(t, stdout, true);
    table_free(t);
}

void
rows_put(const struct answer *answers, size_t count, enum cli_format format)
{
    if (format != CLI_TEXT) {
        put_json(answers, count, format == CLI_JSONL);
    } else if (cli_is_terminal(stdout)) {
        put_table(answers, count);
    } else {
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; answers[i].list && k < answers[i].list->count; k++) {
                if (answers[i].host) {
                    cli_put_safe(stdout, answers[i].host, strlen(answers[i].host));
                    fputc('\t', stdout);
                }
                rows_put_line(&answers[i].list->rows[k]);
            }
    }
}
