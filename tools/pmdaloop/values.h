/* SPDX-License-Identifier: MIT */
#ifndef VALUES_H
#define VALUES_H

/* Values as JSON has them, and as metrics do. */
#include <cJSON.h>
#include <pmdaloop.h>
#include <stdbool.h>

/* A value of this type; a string's bytes are the JSON's. Numbers may be strings; whole ones
 * may be true or false. False: it is none. */
bool value_take(const cJSON *json, int32_t type, struct pmdaloop_value *ret);

/* The same the other way, with all digits. The caller's; NULL without memory. */
cJSON *value_give(const struct pmdaloop_value *v);

/* One JSON value, as cJSON_ParseWithLength() reads it, but nothing may stand behind it, no
 * string may hold a NUL, and whole numbers of more than 15 digits, which cJSON would
 * round, keep all of them, for value_take() alone. NULL: it is none. */
cJSON *value_parse(const char *text, size_t len);

#endif
