/* SPDX-License-Identifier: MIT */
#ifndef SHOW_H
#define SHOW_H

/* What was read of a metric, for people and for programs. */
#include "json.h"
#include "reading.h"

/* "250.0.1", "250.0", into room for 16. */
void show_pmid(uint32_t pmid, char ret[16]);
void show_indom(uint32_t indom, char ret[16]);
/* Of pmcd's codes and of this library's: never NULL. */
const char *show_code(int code);

/* As pminfo -dtTlf, and -x, do. */
void show_text(const struct reading *r, FILE *f);
/* show_json.c: an object. The caller hands it on, or frees it. */
cJSON *show_json(const struct reading *r);

#endif
