/* SPDX-License-Identifier: MIT */
/* An agent of the interface version that it is told, with something of everything. Built
 * with PCP's library and with ours, it has to say the same. */
#include <pcp/pmapi.h>
#include <pcp/pmda.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pmdaInstid colors[] = {
    {0, "red"}, {1, "green x"}, {7, "blue sky"}, {7, "twice"}};
static pmdaIndom indoms[] = {
    {0, 3, colors}, {1, 0, NULL}, {2, 0, NULL}, {3, 4, colors}};

#define METRIC(cluster, item, type, indom)                                             \
    {                                                                                  \
        NULL,                                                                          \
        {                                                                              \
            PMDA_PMID(cluster, item), type, indom, PM_SEM_INSTANT,                     \
                PMDA_PMUNITS(1, -1, 0, PM_SPACE_MBYTE, PM_TIME_SEC, 0)                 \
        }                                                                              \
    }
static pmdaMetric metrics[] = {
    METRIC(0, 0, PM_TYPE_U32, PM_INDOM_NULL),
    METRIC(0, 1, PM_TYPE_64, 0),
    METRIC(0, 2, PM_TYPE_STRING, 0),
    METRIC(0, 3, PM_TYPE_FLOAT, 1),
    METRIC(0, 4, PM_TYPE_DOUBLE, 2),
    METRIC(0, 5, PM_TYPE_AGGREGATE, PM_INDOM_NULL),
    METRIC(0, 6, PM_TYPE_NOSUPPORT, PM_INDOM_NULL),
    METRIC(0, 7, PM_TYPE_U64, 0),
    METRIC(0, 8, PM_TYPE_U32, 0),
    METRIC(0, 9, PM_TYPE_32, 3),
    METRIC(5, 1000, PM_TYPE_STRING, PM_INDOM_NULL),
};

static int version;

static int
fetch_value(pmdaMetric *metric, unsigned int inst, pmAtomValue *atom)
{
    static struct {
        pmValueBlock head;
        char more[8];
    } block;

    memset(atom, 0, sizeof(*atom));
    switch (pmID_item(metric->m_desc.pmid)) {
    case 0:
        atom->ul = 17;
        return 1;
    case 1:
        atom->ll = inst == 1 ? -5 : 1LL << 40;
        return inst == 7 ? PM_ERR_APPVERSION : 1;
    case 2:
        atom->cp = inst == 0 ? "" : "text";
        if (version < PMDA_INTERFACE_5)
            return 1;
        atom->cp = strdup(atom->cp);
        return PMDA_FETCH_DYNAMIC;
    case 3:
    case 4:
        atom->d = 2.5;
        return 1;
    case 5:
        block.head.vlen = PM_VAL_HDR_SIZE + 7;
        block.head.vtype = PM_TYPE_AGGREGATE;
        memcpy(block.head.vbuf, "abcdefg", 7);
        atom->vbp = &block.head;
        return 1;
    case 7: /* an error, and then no value */
        return inst == 0 ? PM_ERR_PERMISSION : inst == 1 ? PM_ERR_VALUE : 0;
    case 8: /* no value, and then errors */
        return inst == 0 ? 0 : inst == 1 ? PM_ERR_INST : PM_ERR_VALUE;
    case 9:
        atom->l = (int)inst;
        return 1;
    case 1000:
        atom->cp = "far";
        return 1;
    default:
        return PM_ERR_PMID;
    }
}

static int
store(pmResult *result, pmdaExt *ext)
{
    (void)ext;
    return result->numpmid == 2 ? 7 : result->vset[0]->vlist[0].inst;
}

static int
pmid_of(const char *name, pmID *ret_pmid, pmdaExt *ext)
{
    int item = strcmp(name, "d.x") == 0 ? 0 : strcmp(name, "d.two") == 0 ? 1 : -1;

    if (item < 0)
        return PM_ERR_NAME;
    *ret_pmid = pmID_build((unsigned)ext->e_domain, 0, (unsigned)item);
    return item * 2;
}

static int
names_of(pmID pmid, char ***ret_names, pmdaExt *ext)
{
    char **list = malloc(sizeof(char *) + 4);

    (void)ext;
    list[0] = strcpy((char *)(list + 1), "d.x");
    if (pmID_item(pmid) == 0) {
        *ret_names = list;
        return 1;
    }
    free(list);
    return pmID_item(pmid) == 1 ? 0 : PM_ERR_PMID;
}

static int
children_of(const char *name, int traverse, char ***ret_names, int **ret_status,
            pmdaExt *ext)
{
    (void)ext;
    if (strcmp(name, "d.none") == 0)
        return 0;
    if (strcmp(name, "d") != 0)
        return PM_ERR_NAME;
    char **list = malloc(2 * sizeof(char *) + 20);
    list[0] = strcpy((char *)(list + 2), traverse ? "d.x" : "x");
    list[1] = strcpy(list[0] + 8, traverse ? "d.sub.y" : "sub");
    *ret_names = list;
    *ret_status = calloc(2, sizeof(int));
    (*ret_status)[1] = traverse ? 0 : 1;
    return 2;
}

static int
label(int ident, int kind, pmLabelSet **sets, pmdaExt *ext)
{
    if (kind == PM_LABEL_ITEM)
        pmdaAddLabels(sets, "{\"units\":{\"a\":1},\"b\":\"x y\"}");
    if (kind == PM_LABEL_CLUSTER) {
        pmdaAddLabels(sets, "{\"b\":1}");
        pmdaAddLabels(sets, "{\"a\":2,\"b\":3}");
        pmdaAddNotes(sets, "{\"n\":true}");
    }
    return pmdaLabel(ident, kind, sets, ext);
}

static int
label_instance(pmInDom indom, unsigned int inst, pmLabelSet **set)
{
    (void)indom;
    return inst == 1   ? PM_ERR_INST
           : inst == 7 ? 0
                       : pmdaAddLabels(set, "{\"inst\":%u}", inst);
}

int
main(int argc, char **argv)
{
    static pmdaInterface d;

    version = argc > 1 ? atoi(argv[1]) : PMDA_INTERFACE_2;
    pmSetProgname("twin");
    pmdaDaemon(&d, version, "pmdatwin", 253, "twin.log", NULL);
    d.version.any.store = store;
    if (version >= PMDA_INTERFACE_4) {
        d.version.four.pmid = pmid_of;
        d.version.four.name = names_of;
        d.version.four.children = children_of;
    }
    if (version >= PMDA_INTERFACE_7) {
        d.version.seven.label = label;
        pmdaSetLabelCallBack(&d, label_instance);
    }
    pmdaSetFetchCallBack(&d, fetch_value);
    pmdaInit(&d, indoms, 4, metrics, sizeof(metrics) / sizeof(metrics[0]));
    pmdaCacheStore(indoms[2].it_indom, PMDA_CACHE_ADD, "one more", NULL);
    pmdaCacheStore(indoms[2].it_indom, PMDA_CACHE_ADD, "hidden", NULL);
    pmdaCacheStore(indoms[2].it_indom, PMDA_CACHE_HIDE, "hidden", NULL);
    pmdaCacheStore(indoms[2].it_indom, PMDA_CACHE_ADD, "three", NULL);
    pmdaConnect(&d);
    pmdaMain(&d);
    return 0;
}
