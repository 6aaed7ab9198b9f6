/* SPDX-License-Identifier: MIT */
/* Sizes and places, as the headers at hand have them; built with ours and with PCP's. */
#include <pcp/pmapi.h>
#include <pcp/pmda.h>

#define SIZE(type)       printf("%s %zu\n", #type, sizeof(type))
#define AT(type, member) printf("%s.%s %zu\n", #type, #member, offsetof(type, member))
#define NUMBER(n)        printf("%s %ld\n", #n, (long)(n))

int
main(void)
{
    pmUnits units = PMDA_PMUNITS(1, -1, 2, PM_SPACE_MBYTE, PM_TIME_SEC, -3);
    pmValueBlock block = {.vlen = 0x123456, .vtype = 9};
    pmLabel label = {.name = 1, .namelen = 2, .flags = 3, .value = 4, .valuelen = 5};
    unsigned int word;

    SIZE(pmDesc), AT(pmDesc, type), AT(pmDesc, sem), AT(pmDesc, units);
    SIZE(pmAtomValue), SIZE(pmValueBlock), AT(pmValueBlock, vbuf);
    SIZE(pmValue), AT(pmValue, value), SIZE(pmValueSet), AT(pmValueSet, vlist);
    SIZE(pmResult), AT(pmResult, numpmid), AT(pmResult, vset);
    SIZE(pmInResult), AT(pmInResult, instlist), AT(pmInResult, namelist);
    SIZE(pmProfile), AT(pmProfile, profile), SIZE(pmInDomProfile);
    AT(pmInDomProfile, instances_len), AT(pmInDomProfile, instances);
    SIZE(pmdaInstid), SIZE(pmdaIndom), AT(pmdaIndom, it_set), SIZE(pmdaMetric);
    SIZE(pmdaExt), AT(pmdaExt, e_ext), AT(pmdaExt, e_sockname), AT(pmdaExt, e_logfile);
    AT(pmdaExt, e_status), AT(pmdaExt, e_infd), AT(pmdaExt, e_outfd);
    AT(pmdaExt, e_direct), AT(pmdaExt, e_domain), AT(pmdaExt, e_nmetrics);
    AT(pmdaExt, e_help), AT(pmdaExt, e_prof), AT(pmdaExt, e_io), AT(pmdaExt, e_indoms);
    AT(pmdaExt, e_idp), AT(pmdaExt, e_metrics), AT(pmdaExt, e_resultCallBack);
    AT(pmdaExt, e_fetchCallBack), AT(pmdaExt, e_checkCallBack);
    AT(pmdaExt, e_doneCallBack), AT(pmdaExt, e_context), AT(pmdaExt, e_endCallBack);
    AT(pmdaExt, e_labelCallBack);
    SIZE(pmdaInterface), AT(pmdaInterface, comm), AT(pmdaInterface, version);
    AT(pmdaInterface, version.any.fetch), AT(pmdaInterface, version.any.desc);
    AT(pmdaInterface, version.any.instance), AT(pmdaInterface, version.any.text);
    AT(pmdaInterface, version.any.store), AT(pmdaInterface, version.four.name);
    AT(pmdaInterface, version.four.children);
    AT(pmdaInterface, version.six.attribute), AT(pmdaInterface, version.seven.label);
    SIZE(pmdaOptions), AT(pmdaOptions, short_options), AT(pmdaOptions, long_options);
    AT(pmdaOptions, optind), AT(pmdaOptions, errors), AT(pmdaOptions, username);
    SIZE(pmLongOptions), SIZE(pmLabel), SIZE(pmLabelSet), AT(pmLabelSet, labels);
    SIZE(pmEventParameter), SIZE(pmEventRecord), AT(pmEventRecord, er_param);
    SIZE(pmEventArray), AT(pmEventArray, ea_record), SIZE(pmHighResEventRecord);
    SIZE(pmHighResEventArray), AT(pmHighResEventArray, ea_record);
    memcpy(&word, &units, 4);
    printf("units %08x\n", word);
    memcpy(&word, &block, 4);
    printf("block %08x\n", word);
    memcpy(&word, &label, 4);
    printf("label %08x\n", word);
    NUMBER(PMDA_PMID(3, 7)), NUMBER(PM_ERR_NYI), NUMBER(PM_ERR_PMDAREADY);
    NUMBER(PM_ERR_TLS), NUMBER(PM_ERR_TOOBIG), NUMBER(PMDA_CACHE_DUMP_ALL);
    NUMBER(PMDA_EXT_NAMES_CHANGE), NUMBER(PM_TYPE_HIGHRES_EVENT), NUMBER(pmdaIPv6);
    NUMBER(PMDA_FLAG_CONTAINER), NUMBER(PM_LABEL_INSTANCES), NUMBER(PMCD_NAMES_CHANGE);
    return 0;
}
