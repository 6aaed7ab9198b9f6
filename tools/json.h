/* SPDX-License-Identifier: MIT */
#ifndef JSON_H
#define JSON_H

/* All that knows cJSON, and JSON text written straight to a stream. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cJSON.h>

/* The length in bytes of the UTF-8 character that text starts with; 0 where it is none. */
size_t json_utf8_len(const char *text, size_t len);

/* Is that character, of n bytes, valid and yet one that drives a terminal, or hides: a C1
 * control, an invisible space, a line end, a mark of direction or its override? */
bool json_utf8_is_treacherous(const char *text, size_t n);

/* A JSON string, quotes included. What a terminal would act on is escaped. A byte that is
 * not UTF-8 becomes the lone surrogate \udcXX, from which it can be recovered. */
void json_put_string(FILE *f, const char *text, size_t len);

/* A counter, digit by digit: cJSON's own numbers are doubles. */
cJSON *json_add_u64(cJSON *object, const char *key, uint64_t value);

/* One line, or an indented document; then a newline. Frees the value. */
void json_put_line(FILE *f, cJSON *value);
void json_put_document(FILE *f, cJSON *value);

#endif
