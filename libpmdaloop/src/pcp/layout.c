/* SPDX-License-Identifier: MIT */
/* The layouts that PCP's programs and ours share, where pointers have 64 bits. */
#include <pcp/libpcp.h>
#include <pcp/pmda.h>

#if UINTPTR_MAX == UINT64_MAX
#define SIZE(type, bytes)    _Static_assert(sizeof(type) == (bytes), #type)
#define AT(type, member, at) _Static_assert(offsetof(type, member) == (at), #type)

SIZE(pmID, 4);
SIZE(pmInDom, 4);
SIZE(pmUnits, 4);
SIZE(pmDesc, 20);
AT(pmDesc, indom, 8);
AT(pmDesc, units, 16);
SIZE(pmAtomValue, 8);
SIZE(pmValueBlock, 8);
AT(pmValueBlock, vbuf, 4);
SIZE(pmValue, 16);
AT(pmValue, value, 8);
SIZE(pmValueSet, 32);
AT(pmValueSet, vlist, 16);
SIZE(pmResult, 32);
AT(pmResult, numpmid, 16);
AT(pmResult, vset, 24);
SIZE(pmInResult, 24);
AT(pmInResult, namelist, 16);
SIZE(pmProfile, 16);
AT(pmProfile, profile, 8);
SIZE(pmInDomProfile, 24);
AT(pmInDomProfile, instances, 16);
SIZE(pmdaInstid, 16);
SIZE(pmdaIndom, 16);
AT(pmdaIndom, it_set, 8);
SIZE(pmdaMetric, 32);
AT(pmdaMetric, m_desc, 8);
SIZE(pmdaExt, 192);
AT(pmdaExt, e_name, 24);
AT(pmdaExt, e_infd, 52);
AT(pmdaExt, e_help, 88);
AT(pmdaExt, e_prof, 96);
AT(pmdaExt, e_metrics, 128);
AT(pmdaExt, e_resultCallBack, 136);
AT(pmdaExt, e_context, 168);
AT(pmdaExt, e_labelCallBack, 184);
SIZE(pmdaInterface, 112);
AT(pmdaInterface, comm, 4);
AT(pmdaInterface, status, 8);
AT(pmdaInterface, version, 16);
AT(pmdaInterface, version.any.profile, 24);
AT(pmdaInterface, version.any.store, 64);
AT(pmdaInterface, version.four.pmid, 72);
AT(pmdaInterface, version.six.attribute, 96);
AT(pmdaInterface, version.seven.label, 104);
AT(pmdaInterface, version.one.profile, 16);
SIZE(pmdaOptions, 112);
AT(pmdaOptions, override, 32);
AT(pmdaOptions, optarg, 56);
AT(pmdaOptions, errors, 96);
AT(pmdaOptions, username, 104);
SIZE(pmLongOptions, 32);
SIZE(pmLabel, 8);
SIZE(pmLabelSet, 40);
AT(pmLabelSet, json, 8);
AT(pmLabelSet, labels, 24);
SIZE(pmEventParameter, 8);
SIZE(pmEventRecord, 24);
SIZE(pmEventArray, 32);
SIZE(pmHighResEventRecord, 32);
SIZE(pmHighResEventArray, 40);
AT(pmHighResEventArray, ea_record, 8);
SIZE(__pmHashNode, 24);
SIZE(__pmHashCtl, 32);
SIZE(__pmnsNode, 48);
SIZE(__pmnsTree, 24);
#endif
