/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LDMSCTL_MADE_H
#define TESTS_LDMSCTL_MADE_H

/* A handle, made for a test. */
#include "support/cmocka.h"

#include "ldmsctl.h"

static inline struct ldmsctl *
make(const struct ldmsctl_options *given)
{
    struct ldmsctl_options options = given ? *given : (struct ldmsctl_options){0};
    struct ldmsctl *lc;

    options.size = sizeof(options);
    assert_int_equal(ldmsctl_new(&lc, &options), 0);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_INIT);
    return lc;
}

#endif
