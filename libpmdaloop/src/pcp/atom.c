/* SPDX-License-Identifier: MIT */
/* Values: put into results, taken out of them, converted, printed. */
#include "pcp/pool.h"

#include <pcp/libpcp.h>
#include <pcp/pmapi.h>

#include <ctype.h>
#include <stdbool.h>

static pmValueBlock *
new_block(int type, const void *bytes, size_t len)
{
    if (len > PM_VAL_VLEN_MAX - PM_VAL_HDR_SIZE)
        return NULL;
    size_t size = PM_VAL_HDR_SIZE + len;
    pmValueBlock *block = pl_pool_alloc(size < sizeof(*block) ? sizeof(*block) : size);

    if (!block)
        return NULL;
    block->vtype = (unsigned int)type & 0xff;
    block->vlen = (unsigned int)size & PM_VAL_VLEN_MAX;
    if (len)
        memcpy(block->vbuf, bytes, len);
    return block;
}

int
__pmStuffValue(const pmAtomValue *atom, pmValue *value, int type)
{
    const void *bytes = atom;
    size_t len;

    switch (type) {
    case PM_TYPE_32:
    case PM_TYPE_U32:
        value->value.lval = atom->l;
        return PM_VAL_INSITU;
    case PM_TYPE_FLOAT:
        len = sizeof(float);
        break;
    case PM_TYPE_64:
    case PM_TYPE_U64:
    case PM_TYPE_DOUBLE:
        len = 8;
        break;
    case PM_TYPE_STRING:
        bytes = atom->cp;
        len = bytes ? strlen(bytes) + 1 : 0;
        break;
    case PM_TYPE_AGGREGATE:
        if (!atom->vbp || atom->vbp->vlen < PM_VAL_HDR_SIZE)
            return PM_ERR_VALUE;
        bytes = atom->vbp->vbuf;
        len = atom->vbp->vlen - PM_VAL_HDR_SIZE;
        break;
    case PM_TYPE_AGGREGATE_STATIC:
    case PM_TYPE_EVENT:
    case PM_TYPE_HIGHRES_EVENT:
        value->value.pval = atom->vbp;
        return atom->vbp ? PM_VAL_SPTR : PM_ERR_VALUE;
    default:
        return PM_ERR_TYPE;
    }
    if (!bytes)
        return PM_ERR_VALUE;
    value->value.pval = new_block(type, bytes, len);
    if (!value->value.pval)
        return errno == ENOMEM ? -ENOMEM : PM_ERR_TOOBIG;
    return PM_VAL_DPTR;
}

/* A number of any type: one of these holds it exactly. */
struct number {
    enum { SIGNED, UNSIGNED, REAL } kind;
    int64_t i;
    uint64_t u;
    double d;
};

static int
read_number(int valfmt, const pmValue *value, int type, struct number *ret)
{
    pmAtomValue a = {.ull = 0};
    bool wide = type == PM_TYPE_64 || type == PM_TYPE_U64 || type == PM_TYPE_DOUBLE;
    size_t len = wide ? 8 : 4;

    if (valfmt == PM_VAL_INSITU) {
        if (wide)
            return PM_ERR_CONV;
        a.l = value->value.lval;
    } else {
        if (!value->value.pval || value->value.pval->vlen < PM_VAL_HDR_SIZE + len)
            return PM_ERR_CONV;
        memcpy(&a, value->value.pval->vbuf, len);
    }
    *ret = (struct number){.kind = SIGNED};
    if (type == PM_TYPE_32)
        ret->i = a.l;
    else if (type == PM_TYPE_64)
        ret->i = a.ll;
    else if (type == PM_TYPE_U32 || type == PM_TYPE_U64)
        ret->u = type == PM_TYPE_U32 ? a.ul : a.ull;
    else
        ret->d = type == PM_TYPE_FLOAT ? (double)a.f : a.d;
    if (type == PM_TYPE_U32 || type == PM_TYPE_U64)
        ret->kind = UNSIGNED;
    else if (!(type == PM_TYPE_32 || type == PM_TYPE_64))
        ret->kind = REAL;
    return 0;
}

static double
as_real(const struct number *n)
{
    return n->kind == REAL ? n->d : n->kind == SIGNED ? (double)n->i : (double)n->u;
}

/* Its integer part, of that many bits and a sign: 32 or 64. */
static int
as_signed(const struct number *n, int bits, int64_t *ret)
{
    int64_t max = bits == 32 ? INT32_MAX : INT64_MAX;
    double end = bits == 32 ? 0x1p31 : 0x1p63; /* exact, as max is not */
    bool fits = n->kind == SIGNED     ? n->i >= -max - 1 && n->i <= max
                : n->kind == UNSIGNED ? n->u <= (uint64_t)max
                                      : n->d >= -end && n->d < end;

    if (!fits)
        return PM_ERR_TRUNC;
    *ret = n->kind == SIGNED     ? n->i
           : n->kind == UNSIGNED ? (int64_t)n->u
                                 : (int64_t)n->d;
    return 0;
}

static int
as_unsigned(const struct number *n, int bits, uint64_t *ret)
{
    uint64_t max = bits == 32 ? UINT32_MAX : UINT64_MAX;

    if ((n->kind == SIGNED && n->i < 0) || (n->kind == REAL && n->d < 0))
        return PM_ERR_SIGN;
    if (n->kind == REAL && !(n->d < (bits == 32 ? 0x1p32 : 0x1p64)))
        return PM_ERR_TRUNC;
    *ret = n->kind == UNSIGNED ? n->u
           : n->kind == SIGNED ? (uint64_t)n->i
                               : (uint64_t)n->d;
    return *ret > max ? PM_ERR_TRUNC : 0;
}

static int
write_number(const struct number *n, pmAtomValue *oval, int otype)
{
    int64_t i = 0;
    uint64_t u = 0;
    int err = 0;

    switch (otype) {
    case PM_TYPE_32:
        if ((err = as_signed(n, 32, &i)) == 0)
            oval->l = (int32_t)i;
        return err;
    case PM_TYPE_64:
        if ((err = as_signed(n, 64, &i)) == 0)
            oval->ll = i;
        return err;
    case PM_TYPE_U32:
        if ((err = as_unsigned(n, 32, &u)) == 0)
            oval->ul = (uint32_t)u;
        return err;
    case PM_TYPE_U64:
        if ((err = as_unsigned(n, 64, &u)) == 0)
            oval->ull = u;
        return err;
    case PM_TYPE_FLOAT:
        oval->f = (float)as_real(n);
        return 0;
    case PM_TYPE_DOUBLE:
        oval->d = as_real(n);
        return 0;
    default:
        return PM_ERR_CONV;
    }
}

static bool
is_block_type(int type)
{
    return type == PM_TYPE_AGGREGATE || type == PM_TYPE_AGGREGATE_STATIC ||
           type == PM_TYPE_EVENT || type == PM_TYPE_HIGHRES_EVENT;
}

int
pmExtractValue(int valfmt, const pmValue *value, int itype, pmAtomValue *oval,
               int otype)
{
    struct number n;
    const pmValueBlock *block = valfmt == PM_VAL_INSITU ? NULL : value->value.pval;
    size_t len =
        block && block->vlen >= PM_VAL_HDR_SIZE ? block->vlen - PM_VAL_HDR_SIZE : 0;

    if (itype == PM_TYPE_STRING) {
        if (otype != PM_TYPE_STRING || !block)
            return PM_ERR_CONV;
        oval->cp = strndup(block->vbuf, len);
        return oval->cp ? 0 : -ENOMEM;
    }
    if (is_block_type(itype)) {
        if ((otype != itype && otype != PM_TYPE_AGGREGATE) || !block)
            return PM_ERR_CONV;
        oval->vbp = new_block((int)block->vtype, block->vbuf, len);
        return oval->vbp ? 0 : -ENOMEM;
    }
    if (itype < PM_TYPE_32 || itype > PM_TYPE_DOUBLE)
        return PM_ERR_CONV;
    int err = read_number(valfmt, value, itype, &n);
    return err < 0 ? err : write_number(&n, oval, otype);
}

/* "[type=AGGREGATE len=6] 01020304 0506" */
static void
aggregate_str(const pmValueBlock *block, char *buf, int size)
{
    enum { SHOWN = 12 };
    size_t len = block->vlen >= PM_VAL_HDR_SIZE ? block->vlen - PM_VAL_HDR_SIZE : 0;
    char byte[8];

    pmsprintf(buf, (size_t)size, "[type=%s len=%zu]", pmTypeStr((int)block->vtype),
              len);
    for (size_t i = 0; i < len && i < SHOWN; i++) {
        snprintf(byte, sizeof(byte), "%s%02x", i % 4 ? "" : " ",
                 (uint8_t)block->vbuf[i]);
        pmstrncat(buf, (size_t)size, byte);
    }
    if (len > SHOWN)
        pmstrncat(buf, (size_t)size, " ...");
}

static void
events_str(const pmValueBlock *block, bool highres, char *buf, int size)
{
    int n = 0;

    if (block->vlen >= PM_VAL_HDR_SIZE + sizeof(n))
        memcpy(&n, block->vbuf, sizeof(n));
    if (n == 0)
        pmsprintf(buf, (size_t)size, "[no event records]");
    else
        pmsprintf(buf, (size_t)size, "[%d %sevent record%s]", n,
                  highres ? "highres " : "", n == 1 ? "" : "s");
}

char *
pmAtomStr_r(const pmAtomValue *atom, int type, char *buf, int size)
{
    enum { SHOWN = 34 };
    size_t n = (size_t)size;
    char name[24];

    switch (type) {
    case PM_TYPE_32:
        pmsprintf(buf, n, "%" PRId32, atom->l);
        break;
    case PM_TYPE_U32:
        pmsprintf(buf, n, "%" PRIu32, atom->ul);
        break;
    case PM_TYPE_64:
        pmsprintf(buf, n, "%" PRId64, atom->ll);
        break;
    case PM_TYPE_U64:
        pmsprintf(buf, n, "%" PRIu64, atom->ull);
        break;
    case PM_TYPE_FLOAT:
        pmsprintf(buf, n, "%e", (double)atom->f);
        break;
    case PM_TYPE_DOUBLE:
        pmsprintf(buf, n, "%e", atom->d);
        break;
    case PM_TYPE_STRING:
        if (!atom->cp)
            pmsprintf(buf, n, "<null>");
        else if (strlen(atom->cp) <= SHOWN + 4)
            pmsprintf(buf, n, "\"%s\"", atom->cp);
        else
            pmsprintf(buf, n, "\"%.*s...\"", SHOWN, atom->cp);
        break;
    case PM_TYPE_AGGREGATE:
    case PM_TYPE_AGGREGATE_STATIC:
        if (atom->vbp)
            aggregate_str(atom->vbp, buf, size);
        else
            pmsprintf(buf, n, "<null>");
        break;
    case PM_TYPE_EVENT:
    case PM_TYPE_HIGHRES_EVENT:
        if (atom->vbp)
            events_str(atom->vbp, type == PM_TYPE_HIGHRES_EVENT, buf, size);
        else
            pmsprintf(buf, n, "<null>");
        break;
    case PM_TYPE_NOSUPPORT:
        pmsprintf(buf, n, "Error: unexpected type: %s",
                  pmTypeStr_r(type, name, sizeof(name)));
        break;
    default:
        pmsprintf(buf, n, "Error: unexpected type: Illegal type=%d", type);
        break;
    }
    return buf;
}

const char *
pmAtomStr(const pmAtomValue *atom, int type)
{
    static _Thread_local char buf[80];
    return pmAtomStr_r(atom, type, buf, sizeof(buf));
}

void
pmPrintValue(FILE *f, int valfmt, int type, const pmValue *value, int width)
{
    pmAtomValue atom;
    char buf[80];

    if (valfmt != PM_VAL_INSITU && (type == PM_TYPE_STRING || is_block_type(type))) {
        atom.vbp = value->value.pval;
        if (type == PM_TYPE_STRING) {
            size_t len = atom.vbp->vlen >= PM_VAL_HDR_SIZE
                             ? atom.vbp->vlen - PM_VAL_HDR_SIZE
                             : 0;
            int n = (int)strnlen(atom.vbp->vbuf, len);
            fprintf(f, "%*s\"%.*s\"", width > n + 2 ? width - n - 2 : 0, "", n,
                    atom.vbp->vbuf);
            return;
        }
        fprintf(f, "%*s", width, pmAtomStr_r(&atom, type, buf, sizeof(buf)));
        return;
    }
    if (pmExtractValue(valfmt, value, type, &atom, type) < 0) {
        fprintf(f, "%*s", width, "?");
        return;
    }
    if (type == PM_TYPE_FLOAT)
        fprintf(f, "%*.8g", width, (double)atom.f);
    else if (type == PM_TYPE_DOUBLE)
        fprintf(f, "%*.16g", width, atom.d);
    else
        fprintf(f, "%*s", width, pmAtomStr_r(&atom, type, buf, sizeof(buf)));
}
