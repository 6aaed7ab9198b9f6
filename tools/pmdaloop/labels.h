/* SPDX-License-Identifier: MIT */
#ifndef LABELS_H
#define LABELS_H

/* Labels as JSON objects: one over another, as pmcd's clients see them. */

/* Both objects' members in the order of their names; of a name in both, `over`'s value.
 * Values stay as they are written. What is no JSON object counts as empty. The caller
 * frees; NULL without memory. */
char *labels_merge(const char *under, const char *over);

#endif
