/* SPDX-License-Identifier: MIT */
#ifndef PORTMGR_TCL_H
#define PORTMGR_TCL_H

/**
 * @file
 * Tcl lists, in which the port manager's requests, rows and refusals are written: for
 * who writes a server of this protocol, or reads what one wrote.
 *
 * A list is words between blanks. A word stands bare, in braces or in quotes; bare and
 * in quotes, a backslash begins a sequence such as \n or \u00e9. Nothing is evaluated.
 * The rules are those of Tcl 8.6. Words are bytes and may hold any, NUL among them.
 */
#include <portmgr.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Take the first word off the list of @p *list_len bytes at @p *list, and move both
 *  past it. Its value goes into @p buf, which has room for @p *list_len bytes: no value
 *  is longer than its text. Returns 1; 0 where no word is left; -EINVAL where what is
 *  left is no list, because a brace or a quote stays open or something touches a
 *  closing one. */
PORTMGR_API int portmgr_tcl_take(const char **list, size_t *list_len, char *buf,
                                 size_t *ret_len);

/** Write @p word as Tcl's own `list` writes it anywhere but in front, where a leading #
 *  would be quoted too. -ENOBUFS where it does not fit; 2 * @p len + 2 bytes always
 *  suffice. No NUL is added. */
PORTMGR_API int portmgr_tcl_quote(const void *word, size_t len, char *buf, size_t room,
                                  size_t *ret_len);

/** Write @p word as one that holds no blank, brace or quote whatever is in it: \u0020
 *  for a space. So it also passes servers that know no quoting. -ENOBUFS where it does
 *  not fit; 6 * @p len + 2 bytes always suffice. No NUL is added. */
PORTMGR_API int portmgr_tcl_quote_portable(const void *word, size_t len, char *buf,
                                           size_t room, size_t *ret_len);

#ifdef __cplusplus
}
#endif
#endif
