/* SPDX-License-Identifier: MIT */
#ifndef UNITS_H
#define UNITS_H

/* Units in words, as pminfo shows them and as PCP's tools take them. */
#include <stdbool.h>
#include <stdint.h>

/* "Kbyte / sec", "kilobytes/second", "count x 10^6", "x 10^3", "byte sec^-1", "none" or ""
 * into PMDALOOP_UNITS(). A factor, as in "10 byte", is none of them. */
bool units_parse(const char *text, uint32_t *ret);

#endif
