/* SPDX-License-Identifier: MIT */
#ifndef MEMBERS_H
#define MEMBERS_H

/* Members of the configuration's objects, each of the kind that it has to be. False: it is
 * not, and c->why says so. What is not there has its default. */
#include "config.h"

#include <cJSON.h>

/* False, and why. */
bool config_wrong(struct config *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* An object with these keys alone, each once at most; up to 32, and the list ends with
 * NULL. */
bool member_object(struct config *c, const cJSON *object, const char *what,
                   const char *const *keys);
/* A string, or NULL where there is none; the caller's. */
bool member_text(struct config *c, const cJSON *object, const char *key, char **ret);
/* Words of the library's, which has them const. */
bool member_words(struct config *c, const cJSON *object, const char *key,
                  const char **ret);
bool member_labels(struct config *c, const cJSON *object, char **ret);
/* Help, a longer text, labels. */
bool member_explanations(struct config *c, const cJSON *one, const char **ret_help,
                         const char **ret_text, const char **ret_labels);
/* A number from 0 to `most`, or `otherwise`. */
bool member_number(struct config *c, const cJSON *object, const char *key,
                   uint32_t most, uint32_t otherwise, uint32_t *ret);
/* Seconds as milliseconds, or `otherwise`. */
bool member_seconds(struct config *c, const cJSON *object, const char *key,
                    uint64_t otherwise, uint64_t *ret_ms);
bool member_flag(struct config *c, const cJSON *object, const char *key, bool *ret);
/* A word of a list that ends with NULL: its place. "" in the list is no word. */
bool member_choice(struct config *c, const cJSON *object, const char *key,
                   const char *const *words, int otherwise, int *ret);
/* A list, or nothing. Its length. */
bool member_list(struct config *c, const cJSON *object, const char *key, size_t *ret_n,
                 const cJSON **ret);
/* What went wrong, and within what. */
bool config_within(struct config *c, const char *what);

#endif
