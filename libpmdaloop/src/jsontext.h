/* SPDX-License-Identifier: MIT */
#ifndef PL_JSONTEXT_H
#define PL_JSONTEXT_H

/* JSON text, checked while its white space is left out. */
#include <stdbool.h>
#include <stddef.h>

/* Reads up to end and writes to out, which has room for as many bytes. */
struct pl_jsontext {
    const char *at, *end;
    char *out;
    size_t n; /* written */
};

/* The next character, or NUL at the end. */
char pl_jsontext_peek(const struct pl_jsontext *s);
void pl_jsontext_space(struct pl_jsontext *s);
/* One punctuation mark, with the space around it. */
bool pl_jsontext_take(struct pl_jsontext *s, char mark);
/* A string, its quotes included; bytes from 0x80 on are taken as they are. */
bool pl_jsontext_string(struct pl_jsontext *s);
/* A whole value of any kind. */
bool pl_jsontext_value(struct pl_jsontext *s);

#endif
