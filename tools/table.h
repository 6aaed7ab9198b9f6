/* SPDX-License-Identifier: MIT */
#ifndef TABLE_H
#define TABLE_H

/* Rows of text in aligned columns. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table;

/* One letter a column: 'l' left, 'r' right, 'c' left and cut where the lines would be
 * wider than a terminal. NULL without memory. */
struct table *table_new(const char *columns);
void table_free(struct table *t);
/* The next cell, row by row; copied, and made safe for a terminal. */
void table_add(struct table *t, const char *text, size_t len);
void table_addf(struct table *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The first row is a heading: bold where the stream may be coloured. */
void table_print(const struct table *t, FILE *f, bool has_heading);

#endif
