/* SPDX-License-Identifier: MIT */
#ifndef WORDS_H
#define WORDS_H

/* Requests and replies are Tcl lists, in the character set of the Tcl server. */
#include <stdbool.h>
#include <stddef.h>

#include <bytekit/queue.h>

struct word {
    const char *text;
    size_t len;
};

/* The bytes of a line as the Tcl server reads them under a UTF-8 locale: what is not
 * UTF-8 counts as Latin-1, and C0 80 as NUL. 0 or -ENOMEM; the caller frees ret_text. */
int words_decode(const char *bytes, size_t n, char **ret_text, size_t *ret_len);

/* The first `count` elements of a list; those that are not there are empty. 0, -EINVAL
 * where the line is no list, or -ENOMEM. The words lie in ret_values, which the caller
 * frees, whatever came back. */
int words_split(const char *line, size_t len, struct word *ret_words, size_t count,
                char **ret_values);

/* One element as Tcl writes it. `first` in its list: a leading # is quoted there. */
size_t words_quoted_room(size_t len);
size_t words_quote(const char *text, size_t len, bool first, char *ret_quoted);
/* The same at the end of a queue; 0, -ENOBUFS or -ENOMEM. */
int words_put(struct queue *out, const char *text, size_t len, bool first);

#endif
