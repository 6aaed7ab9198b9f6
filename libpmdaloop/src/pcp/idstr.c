/* SPDX-License-Identifier: MIT */
/* Identifiers: taken apart, put together, and in words. */
#include <pcp/pmapi.h>

#include <stdbool.h>

pmID
pmID_build(unsigned int domain, unsigned int cluster, unsigned int item)
{
    return (domain & 0x1ff) << 22 | (cluster & 0xfff) << 10 | (item & 0x3ff);
}

unsigned int
pmID_domain(pmID pmid)
{
    return pmid >> 22 & 0x1ff;
}

unsigned int
pmID_cluster(pmID pmid)
{
    return pmid >> 10 & 0xfff;
}

unsigned int
pmID_item(pmID pmid)
{
    return pmid & 0x3ff;
}

pmInDom
pmInDom_build(unsigned int domain, unsigned int serial)
{
    return (domain & 0x1ff) << 22 | (serial & 0x3fffff);
}

unsigned int
pmInDom_domain(pmInDom indom)
{
    return indom >> 22 & 0x1ff;
}

unsigned int
pmInDom_serial(pmInDom indom)
{
    return indom & 0x3fffff;
}

char *
pmIDStr_r(pmID pmid, char *buf, int size)
{
    if (pmid == PM_ID_NULL)
        pmsprintf(buf, (size_t)size, "PM_ID_NULL");
    else if (IS_DYNAMIC_ROOT(pmid))
        pmsprintf(buf, (size_t)size, "%u.*.*", pmID_cluster(pmid));
    else
        pmsprintf(buf, (size_t)size, "%u.%u.%u", pmID_domain(pmid), pmID_cluster(pmid),
                  pmID_item(pmid));
    return buf;
}

const char *
pmIDStr(pmID pmid)
{
    static _Thread_local char buf[24];
    return pmIDStr_r(pmid, buf, sizeof(buf));
}

char *
pmInDomStr_r(pmInDom indom, char *buf, int size)
{
    if (indom == PM_INDOM_NULL)
        pmsprintf(buf, (size_t)size, "PM_INDOM_NULL");
    else
        pmsprintf(buf, (size_t)size, "%u.%u", pmInDom_domain(indom),
                  pmInDom_serial(indom));
    return buf;
}

const char *
pmInDomStr(pmInDom indom)
{
    static _Thread_local char buf[24];
    return pmInDomStr_r(indom, buf, sizeof(buf));
}

char *
pmTypeStr_r(int type, char *buf, int size)
{
    static const char *const names[] = {"32",     "U32",          "64",
                                        "U64",    "FLOAT",        "DOUBLE",
                                        "STRING", "AGGREGATE",    "AGGREGATE_STATIC",
                                        "EVENT",  "HIGHRES_EVENT"};
    const char *name = "???";

    if (type >= 0 && (size_t)type < sizeof(names) / sizeof(names[0]))
        name = names[type];
    else if (type == PM_TYPE_NOSUPPORT)
        name = "NO_SUPPORT";
    else if (type == PM_TYPE_UNKNOWN)
        name = "UNKNOWN";
    pmsprintf(buf, (size_t)size, "%s", name);
    return buf;
}

const char *
pmTypeStr(int type)
{
    static _Thread_local char buf[24];
    return pmTypeStr_r(type, buf, sizeof(buf));
}

char *
pmSemStr_r(int sem, char *buf, int size)
{
    pmsprintf(buf, (size_t)size, "%s",
              sem == PM_SEM_COUNTER    ? "counter"
              : sem == PM_SEM_INSTANT  ? "instant"
              : sem == PM_SEM_DISCRETE ? "discrete"
                                       : "???");
    return buf;
}

const char *
pmSemStr(int sem)
{
    static _Thread_local char buf[16];
    return pmSemStr_r(sem, buf, sizeof(buf));
}

char *
pmEventFlagsStr_r(int flags, char *buf, int size)
{
    static const struct {
        unsigned int bit;
        const char *name;
    } names[] = {
        {PM_EVENT_FLAG_POINT, "point"},   {PM_EVENT_FLAG_START, "start"},
        {PM_EVENT_FLAG_END, "end"},       {PM_EVENT_FLAG_ID, "id"},
        {PM_EVENT_FLAG_PARENT, "parent"},
    };
    const char *comma = "";

    pmsprintf(buf, (size_t)size, "%s",
              (unsigned int)flags & PM_EVENT_FLAG_MISSED ? "missed" : "");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && buf[0] != 'm'; i++) {
        if (!((unsigned int)flags & names[i].bit))
            continue;
        pmstrncat(buf, (size_t)size, comma);
        pmstrncat(buf, (size_t)size, names[i].name);
        comma = ",";
    }
    return buf;
}

const char *
pmEventFlagsStr(int flags)
{
    static _Thread_local char buf[64];
    return pmEventFlagsStr_r(flags, buf, sizeof(buf));
}

void
pmPrintDesc(FILE *f, const pmDesc *desc)
{
    static const char *const types[] = {"32-bit int",
                                        "32-bit unsigned int",
                                        "64-bit int",
                                        "64-bit unsigned int",
                                        "32-bit float",
                                        "64-bit double",
                                        "string",
                                        "aggregate",
                                        "static aggregate",
                                        "event record array",
                                        "highres event record array"};
    bool known =
        desc->type >= 0 && (size_t)desc->type < sizeof(types) / sizeof(types[0]);
    const char *units = pmUnitsStr(&desc->units);

    fprintf(f, "    Data Type: %s",
            known                             ? types[desc->type]
            : desc->type == PM_TYPE_NOSUPPORT ? "Not Supported"
                                              : "???");
    if (!known && desc->type != PM_TYPE_NOSUPPORT)
        fprintf(f, " (%d)", desc->type);
    fprintf(f, "  InDom: %s 0x%x\n", pmInDomStr(desc->indom), desc->indom);
    fprintf(f, "    Semantics: %s", pmSemStr(desc->sem));
    if (strcmp(pmSemStr(desc->sem), "???") == 0)
        fprintf(f, " (%d)", desc->sem);
    fprintf(f, "  Units: %s\n", *units ? units : "none");
}
