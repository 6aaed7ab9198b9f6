/* SPDX-License-Identifier: MIT */
#ifndef LC_JSON_H
#define LC_JSON_H

/* JSON as daemons write it. A document is checked once, strictly and to a limited depth;
 * after that its values are slices of it, and walking them cannot fail. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_json {
    const char *at; /* of the value, without white space around it; NULL for none */
    size_t len;
};

/* The whole text as one value: 0, or -LDMSCTL_EPROTO and the place of the first fault. */
int lc_json_check(const char *text, size_t len, struct lc_json *ret_value,
                  size_t *ret_fault);

/* The first element or member, and the next one; false when there is no more. key may be
 * NULL; an array's elements have an empty one. */
struct lc_json_walk {
    const char *at, *end;
};
struct lc_json_walk lc_json_walk(struct lc_json value);
bool lc_json_next(struct lc_json_walk *walk, struct lc_json *ret_key,
                  struct lc_json *ret_value);

/* A member by its name; .at is NULL if there is none. */
struct lc_json lc_json_get(struct lc_json object, const char *name);
/* Whether it is that string, which needs no escapes. */
bool lc_json_is(struct lc_json value, const char *text);
/* Decode a string, or copy any other value as it is written, and end it with NUL.
 * out has room for value.len + 1. Returns the length. */
size_t lc_json_text(struct lc_json value, char *out);
/* A number without sign or fraction, bare or in a string; 0 for anything else. */
uint64_t lc_json_u64(struct lc_json value);

#endif
