/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_SIMPLE_TABLE_H
#define PMDALOOP_SIMPLE_TABLE_H

/* An agent with the metrics of PCP's `simple`, and one of each other type. */
#include "pmdaloop.h"

static const struct pmdaloop_instance simple_colors[] = {
    {0, "red"}, {1, "green"}, {2, "blue"}};
static const struct pmdaloop_instance simple_times[] = {
    {0, "sec"}, {1, "min"}, {2, "hour"}};

static const struct pmdaloop_indom simple_table_indoms[] = {
    {.serial = 0, .instances = simple_colors, .n_instances = 3, .help = "colors"},
    {.serial = 1, .instances = simple_times, .n_instances = 3, .labels = "{\"a\":1}"},
};

static const struct pmdaloop_metric simple_table_metrics[] = {
    {.item = 0,
     .name = "simple.numfetch",
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_INSTANT},
    {.item = 1,
     .name = "simple.color",
     .type = PMDALOOP_32,
     .sem = PMDALOOP_INSTANT,
     .indom = &simple_table_indoms[0],
     .help = "color"},
    {.cluster = 1,
     .item = 2,
     .name = "simple.time.user",
     .type = PMDALOOP_DOUBLE,
     .sem = PMDALOOP_COUNTER,
     .units = PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0)},
    {.cluster = 1,
     .item = 3,
     .name = "simple.time.sys",
     .type = PMDALOOP_DOUBLE,
     .sem = PMDALOOP_COUNTER,
     .units = PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0)},
    {.cluster = 2,
     .item = 4,
     .name = "simple.now",
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_INSTANT,
     .indom = &simple_table_indoms[1]},
    {.cluster = 3, .item = 0, .type = PMDALOOP_64, .sem = PMDALOOP_INSTANT},
    {.cluster = 3, .item = 1, .type = PMDALOOP_FLOAT, .sem = PMDALOOP_INSTANT},
    {.cluster = 3, .item = 2, .type = PMDALOOP_STRING, .sem = PMDALOOP_INSTANT},
    {.cluster = 3, .item = 3, .type = PMDALOOP_AGGREGATE, .sem = PMDALOOP_INSTANT},
    {.cluster = 3, .item = 4, .type = PMDALOOP_EVENT, .sem = PMDALOOP_INSTANT},
};

static inline int
simple_table_fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                   struct pmdaloop_value *ret)
{
    static const uint8_t no_records[4];

    (void)pl;
    switch (m->type) {
    case PMDALOOP_DOUBLE:
        ret->as.d = 0.5;
        break;
    case PMDALOOP_FLOAT:
        ret->as.f = 0.5F;
        break;
    case PMDALOOP_STRING:
        ret->as.bytes = "words";
        break;
    case PMDALOOP_AGGREGATE:
    case PMDALOOP_EVENT:
        ret->as.bytes = no_records;
        ret->len = 4;
        break;
    default:
        ret->as.i64 = inst;
    }
    return PMDALOOP_VALUE;
}

static inline int
simple_table_store(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                   const struct pmdaloop_value *value)
{
    (void)pl;
    (void)inst;
    if (m->cluster != 0)
        return PMDALOOP_PM_PERMISSION;
    return m->item == 1 && (value->as.i32 < 0 || value->as.i32 > 255)
               ? PMDALOOP_PM_BADSTORE
               : 0;
}

static const struct pmdaloop_table simple_table = {
    .size = sizeof(simple_table),
    .metrics = simple_table_metrics,
    .n_metrics = sizeof(simple_table_metrics) / sizeof(simple_table_metrics[0]),
    .indoms = simple_table_indoms,
    .n_indoms = 2,
    .fetch = simple_table_fetch,
    .store = simple_table_store,
};

#endif
