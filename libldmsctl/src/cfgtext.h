/* SPDX-License-Identifier: MIT */
#ifndef LC_CFGTEXT_H
#define LC_CFGTEXT_H

/* Configuration as text, put together word by word from a daemon's JSON. */
#include "json.h"

#include <bytekit/queue.h>

/* Text that grows; bad for good once memory or the limit is out. */
struct lc_cfgtext {
    struct queue q;
    bool bad;
};

void lc_cfg_put(struct lc_cfgtext *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A word's value: in quotation marks if it has blanks, and as an expression that means
 * itself alone if it is literal. What has a line end or a mark cannot be written. */
void lc_cfg_put_text(struct lc_cfgtext *t, const char *text, size_t len, bool literal);
void lc_cfg_put_value(struct lc_cfgtext *t, struct lc_json value, bool literal);

/* What a member is called in status and in the configuration, and how it looks when
 * there is nothing to say. */
struct lc_cfg_field {
    const char *key, *word, *nothing;
};
/* " word=value" of each that has something to say; the last field has no key. */
void lc_cfg_put_fields(struct lc_cfgtext *t, struct lc_json object,
                       const struct lc_cfg_field *fields);

/* "verb name=NAME". */
void lc_cfg_put_named(struct lc_cfgtext *t, const char *verb, struct lc_json name);
/* The same and a line end, of the object's name, unless its state is that of one at
 * rest. */
void lc_cfg_put_start(struct lc_cfgtext *t, const char *verb, struct lc_json object);

#endif
