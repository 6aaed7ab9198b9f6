/* SPDX-License-Identifier: MIT */
#ifndef PL_LABELJSON_H
#define PL_LABELJSON_H

/* The index that goes with a JSON object of labels. */
#include "pdu.h"

/*
 * Read a JSON object of labels, {"name": value, ...}: names start with a letter, which
 * letters, digits and '_' follow, and none occurs twice; values are any JSON. The
 * object without its white space goes to ret_json, which has room for len bytes, and its
 * length to ret_json_len. Returns the number of labels, sorted by name, or -EINVAL, or
 * -E2BIG past max of them or past the lengths that a LABEL can express.
 */
int pl_labeljson_parse(const char *json, size_t len, uint8_t flags, char *ret_json,
                       size_t *ret_json_len, struct pl_label *ret, int max);

#endif
