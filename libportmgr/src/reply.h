/* SPDX-License-Identifier: MIT */
#ifndef PT_REPLY_H
#define PT_REPLY_H

/* OK, FAIL, listing rows <- lines. */
#include "portmgr.h"

#include <stdbool.h>

/* The first line of every answer. */
struct pt_status {
    bool ok;
    uint32_t number; /* OK: 0 to 65535; what it means depends on the request */
    size_t text_len; /* FAIL: how much of buf is the server's words */
};

/* 0, or -PORTMGR_EPROTO. buf has room for len bytes. */
int pt_reply_status(const char *line, size_t len, char *buf, struct pt_status *ret);

/* What the server's words mean. */
enum portmgr_reason pt_reply_reason(const char *text, size_t len);

/* A row, its names in buf, each with a NUL behind. */
struct pt_row {
    uint16_t port;
    size_t service_len; /* at buf */
    size_t user_len;    /* at buf + service_len + 1 */
};

enum pt_row_form {
    PT_ROW_TCL,  /* from a server that ends lines in CR LF: a Tcl list */
    PT_ROW_RUST, /* LF alone: three words, which the server did not quote */
};

/* A whole record. 0; -PORTMGR_EPROTO; 1 where a brace or quote is still open, so that
 * the next line belongs to it. buf has room for len bytes. */
int pt_reply_row(const char *record, size_t len, enum pt_row_form form, char *buf,
                 struct pt_row *ret_row);

#endif
