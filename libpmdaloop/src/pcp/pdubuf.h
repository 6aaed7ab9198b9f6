/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_PDUBUF_H
#define PL_PCP_PDUBUF_H

/* Memory that a program gives back by any address within it. */
#include <pcp/libpcp.h>

/* n bytes with one owner, to go by __pmUnpinPDUBuf(); NULL without memory. */
void *pl_pdubuf_new(size_t n);
/* The same bytes, of another number, perhaps elsewhere; NULL, and all is as it was. */
void *pl_pdubuf_resize(void *at, size_t n);

#endif
