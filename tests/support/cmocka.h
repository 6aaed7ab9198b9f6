/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_CMOCKA_H
#define SUPPORT_CMOCKA_H

/* cmocka.h, and what it wants before it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#endif
