/* SPDX-License-Identifier: MIT */
#ifndef PCP_HALF_H
#define PCP_HALF_H

#define PASTE2(a, b) a##_##b
#define PASTE(a, b)  PASTE2(a, b)
#define HALF(name)   PASTE(PREFIX, name)

const char *HALF(first_name)(int *ret_size);
int HALF(set_up)(void);

#endif
