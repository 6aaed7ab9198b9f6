/* SPDX-License-Identifier: MIT */
/* Values converted, printed and stuffed; units, identifiers, codes and intervals as words. */
#include "alike.h"

#include <pcp/pmapi.h>
#include <pcp/pmda.h>

/* Debian has no <pcp/libpcp.h>. */
int __pmStuffValue(const pmAtomValue *, pmValue *, int);

static pmUnits
draw_units(void)
{
    pmUnits u;
    uint32_t word = draw(2) ? draw(1u << 30) << 2 | draw(4) : 0;

    word &= 0xffffff00; /* what is below is padding to Debian's PCP */
    memcpy(&u, &word, sizeof(u));
    if (draw(2)) {
        u.dimSpace = (int)draw(3) - 1;
        u.dimTime = (int)draw(3) - 1;
        u.dimCount = (int)draw(3) - 1;
        u.scaleSpace = draw(6);
        u.scaleTime = draw(6);
        u.scaleCount = (int)draw(6) - 3;
    }
    return u;
}

static void
words(void)
{
    static const int codes[] = {0,     -1,    -2, -22, -110,  -1023,
                                -1024, -5000, 1,  42,  -21344};
    uint32_t id = draw(2) ? draw(1u << 31) : draw(4) ? draw(4096) << 10 : 0xffffffff;
    pmUnits u = draw_units();
    char buf[64];
    int type = (int)draw(16) - 3;
    int code = draw(4) ? -12345 - (int)draw(120) : DRAW(codes);

    printf("%s|%s|%s|", pmIDStr(id), pmInDomStr(id), pmUnitsStr(&u));
    printf("%s|%s|", pmUnitsStr_r(&u, buf, 60) ? buf : "none", pmTypeStr(type));
    if (code < -12415 || code > -12413) /* which PCP 7 has added */
        printf("%d %s|", code, pmErrStr(code));
    printf("%s|%u.%u.%u %u.%u\n", pmSemStr((int)draw(6)), pmID_domain(id),
           pmID_cluster(id), pmID_item(id), pmInDom_domain(id), pmInDom_serial(id));
}

static pmAtomValue
draw_atom(int type)
{
    static const int64_t wide[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, UINT32_MAX, INT32_MAX, INT32_MIN, 1000000, -7};
    static const double real[] = {0,     1,    -1,         0.5,  -0.5, 1e9,
                                  3e9,   -3e9, 5e9,        1e18, 1e19, 2e19,
                                  -1e19, 1e-9, 123456.789, 1e300};
    pmAtomValue a;

    memset(&a, 0, sizeof(a));
    switch (type) {
    case PM_TYPE_32:
    case PM_TYPE_U32:
        a.l = (int32_t)DRAW(wide);
        break;
    case PM_TYPE_FLOAT:
        a.f = (float)DRAW(real);
        break;
    case PM_TYPE_DOUBLE:
        a.d = DRAW(real);
        break;
    default:
        a.ll = DRAW(wide);
        break;
    }
    return a;
}

static void
print_atom(const pmAtomValue *a, int type)
{
    char buf[400];

    printf("%s ", pmAtomStr_r(a, type, buf, sizeof(buf)) ? buf : "none");
    switch (type) {
    case PM_TYPE_32:
        printf("%d", a->l);
        break;
    case PM_TYPE_U32:
        printf("%u", a->ul);
        break;
    case PM_TYPE_64:
        printf("%lld", (long long)a->ll);
        break;
    case PM_TYPE_U64:
        printf("%llu", (unsigned long long)a->ull);
        break;
    case PM_TYPE_FLOAT:
        printf("%.9g", (double)a->f);
        break;
    case PM_TYPE_DOUBLE:
        printf("%.17g", a->d);
        break;
    case PM_TYPE_STRING:
        printf("<%s>", a->cp);
        break;
    default:
        break;
    }
}

static const char *const texts[] = {"",
                                    "x",
                                    "12",
                                    "-3",
                                    "1.5",
                                    "1e3",
                                    "0x10",
                                    "12 ",
                                    " 12",
                                    "12x",
                                    "1e400",
                                    "99999999999",
                                    "4294967295",
                                    "4294967296",
                                    "-2147483648",
                                    "18446744073709551615",
                                    "18446744073709551616",
                                    "a\nb",
                                    "\"q\"",
                                    "nan",
                                    "inf",
                                    "a longer text of several words"};

/* PCP's library cuts a number below the least of a smaller type, and calls it done. */
static bool
is_cut(const pmAtomValue *a, int type, int wanted)
{
    return (type == PM_TYPE_64 && wanted == PM_TYPE_32 && a->ll < INT32_MIN) ||
           (type == PM_TYPE_FLOAT && wanted == PM_TYPE_64 && a->f < -1e18F) ||
           (type == PM_TYPE_DOUBLE && wanted == PM_TYPE_64 && a->d < -1e18);
}

/* Stuffed as it is, printed, and taken out again as another. */
static void
values(void)
{
    int type = (int)draw(7), wanted = (int)draw(8);
    pmAtomValue a = draw_atom(type), to;
    pmValueSet set;

    memset(&set, 0, sizeof(set));
    memset(&to, 0, sizeof(to));
    if (type == PM_TYPE_STRING)
        a.cp = (char *)DRAW(texts);
    set.valfmt = __pmStuffValue(&a, &set.vlist[0], type);
    printf("%d ", set.valfmt);
    print_atom(&a, type);
    printf(" ");
    pmPrintValue(stdout, set.valfmt, type, &set.vlist[0], (int)draw(20));
    if (is_cut(&a, type, wanted))
        wanted = type;
    int n = pmExtractValue(set.valfmt, &set.vlist[0], type, &to, wanted);
    printf(" -> %d: %d ", wanted, n);
    if (n >= 0)
        print_atom(&to, wanted);
    printf("\n");
    if (n >= 0 && (wanted == PM_TYPE_STRING || wanted == PM_TYPE_AGGREGATE))
        free(to.vbp);
    if (set.valfmt == PM_VAL_DPTR)
        free(set.vlist[0].value.pval);
}

static void
intervals(void)
{
    static const char *const rows[] = {
        "1",       "1.5",       "2min",     "3 sec",    "2min 3.5sec",
        "1hour",   "1d",        "1days",    "5ms",      "5msec",
        "100us",   "7usec",     "9ns",      "1 week",   "-1",
        "",        " ",         "1min1",    "1 2",      "1e2",
        "seconds", "1x",        "3minutes", "0.000001", "1hours 2mins 3secs",
        "1:00",    "4h",        "1m",       "1s",       "1.5.5",
        "2 min,",  "10 sec -1", "+3"};
    const char *spec = DRAW(rows);
    struct timeval t = {-7, -7};
    char *message = NULL;
    int err = pmParseInterval(spec, &t, &message);

    printf("<%s> %d %ld.%06ld\n%s", spec, err, err < 0 ? 0L : (long)t.tv_sec,
           err < 0 ? 0L : (long)t.tv_usec, err < 0 && message ? message : "");
    if (err < 0)
        free(message);
}

int
main(void)
{
    for (int i = 0; i < 20000; i++) {
        words();
        values();
        intervals();
    }
    return 0;
}
