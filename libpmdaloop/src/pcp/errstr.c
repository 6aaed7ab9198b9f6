/* SPDX-License-Identifier: MIT */
/* Error codes in PCP's words. */
#include <pcp/pmapi.h>

static const struct {
    int code;
    const char *words;
} texts[] = {
    {-PM_ERR_BASE - 0, "Generic error, already reported above"},
    {-PM_ERR_BASE - 1, "Problems parsing PMNS definitions"},
    {-PM_ERR_BASE - 2, "PMNS not accessible"},
    {-PM_ERR_BASE - 3, "Attempt to reload the PMNS"},
    {-PM_ERR_BASE - 4, "One-line or help text is not available"},
    {-PM_ERR_BASE - 5, "Metric not supported by this version of monitored application"},
    {-PM_ERR_BASE - 6, "Missing metric value(s)"},
    {-PM_ERR_BASE - 8, "Timeout waiting for a response from PMCD"},
    {-PM_ERR_BASE - 9, "Empty archive log file"},
    {-PM_ERR_BASE - 10, "PMCD reset or configuration change"},
    {-PM_ERR_BASE - 12, "Unknown metric name"},
    {-PM_ERR_BASE - 13, "Unknown or illegal metric identifier"},
    {-PM_ERR_BASE - 14, "Unknown or illegal instance domain identifier"},
    {-PM_ERR_BASE - 15, "Unknown or illegal instance identifier"},
    {-PM_ERR_BASE - 16, "Illegal pmUnits specification"},
    {-PM_ERR_BASE - 17, "Impossible value or scale conversion"},
    {-PM_ERR_BASE - 18, "Truncation in value conversion"},
    {-PM_ERR_BASE - 19, "Negative value in conversion to unsigned"},
    {-PM_ERR_BASE - 20, "Explicit instance identifier(s) required"},
    {-PM_ERR_BASE - 21, "IPC protocol failure"},
    {-PM_ERR_BASE - 23, "IPC channel closed"},
    {-PM_ERR_BASE - 24, "Operation requires context with host source of metrics"},
    {-PM_ERR_BASE - 25, "End of PCP archive log"},
    {-PM_ERR_BASE - 26, "Illegal mode specification"},
    {-PM_ERR_BASE - 27, "Illegal label record at start of a PCP archive log file"},
    {-PM_ERR_BASE - 28, "Corrupted record in a PCP archive log"},
    {-PM_ERR_BASE - 29, "Operation requires context with archive source of metrics"},
    {-PM_ERR_BASE - 30, "Missing PCP archive log file"},
    {-PM_ERR_BASE - 31, "Attempt to use an illegal context"},
    {-PM_ERR_BASE - 32, "NULL pmInDom with non-NULL instlist"},
    {-PM_ERR_BASE - 33, "Metric not defined in the PCP archive log"},
    {-PM_ERR_BASE - 34,
     "Instance domain identifier not defined in the PCP archive log"},
    {-PM_ERR_BASE - 35, "Instance identifier not defined in the PCP archive log"},
    {-PM_ERR_BASE - 36, "Missing profile - protocol botch"},
    {-PM_ERR_BASE - 41, "No PMCD agent for domain of request"},
    {-PM_ERR_BASE - 42, "No permission to perform requested operation"},
    {-PM_ERR_BASE - 43, "PMCD connection limit for this host exceeded"},
    {-PM_ERR_BASE - 44, "Try again. Information not currently available"},
    {-PM_ERR_BASE - 45, "Already Connected"},
    {-PM_ERR_BASE - 46, "Not Connected"},
    {-PM_ERR_BASE - 47, "A non-null port name is required"},
    {-PM_ERR_BASE - 49, "Metric name is not a leaf in PMNS"},
    {-PM_ERR_BASE - 52, "Unknown or illegal metric type"},
    {-PM_ERR_BASE - 53, "Operation not supported for multi-threaded applications"},
    {-PM_ERR_BASE - 54, "Container not found"},
    {-PM_ERR_BASE - 55, "Bad input to pmstore"},
    {-PM_ERR_BASE - 56, "Archives overlap in time"},
    {-PM_ERR_BASE - 57, "Archives differ by host"},
    {-PM_ERR_BASE - 59, "The type of a metric has changed in an archive"},
    {-PM_ERR_BASE - 60, "The semantics of a metric has changed in an archive"},
    {-PM_ERR_BASE - 61, "The instance domain of a metric has changed in an archive"},
    {-PM_ERR_BASE - 62, "The units of a metric have changed in an archive"},
    {-PM_ERR_BASE - 63, "PMCD requires a client certificate"},
    {-PM_ERR_BASE - 64, "Derived metric definition failed"},
    {-PM_ERR_BASE - 65, "No support for metric label metadata"},
    {-PM_ERR_BASE - 66, "PMDA is currently fenced and unable to respond to requests"},
    {-PM_ERR_BASE - 67, "Incorrect record type in an archive"},
    {-PM_ERR_BASE - 68, "Archive feature not supported"},
    {-PM_ERR_BASE - 69, "TLS protocol failure"},
    {-PM_ERR_BASE - 97, "Internal inconsistency detected or assertion failed"},
    {-PM_ERR_BASE - 98, "Insufficient elements in list"},
    {-PM_ERR_BASE - 99, "Result size exceeded"},
    {-PM_ERR_BASE - 100, "QA fault injected"},
    {-PM_ERR_BASE - 70, "Bad value for function argument"},
    {PM_ERR_PMDAREADY, "PMDA is now responsive to requests"},
    {PM_ERR_PMDANOTREADY, "PMDA is not yet ready to respond to requests"},
    {PM_ERR_NYI, "Functionality not yet implemented"},
};

char *
pmErrStr_r(int code, char *buf, int size)
{
    if (code == 0) {
        pmsprintf(buf, (size_t)size, "No error");
        return buf;
    }
    if (code < 0 && code > -PM_ERR_BASE) {
        int err = strerror_r(-code, buf, (size_t)size);
        if (err != 0 && err != ERANGE) /* or else it is cut */
            pmsprintf(buf, (size_t)size, "Unknown error %d", -code);
        return buf;
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].code == code) {
            pmsprintf(buf, (size_t)size, "%s", texts[i].words);
            return buf;
        }
    }
    pmsprintf(buf, (size_t)size, "No such PMAPI error code (%d)", code);
    return buf;
}

char *
pmErrStr(int code)
{
    static _Thread_local char buf[PM_MAXERRMSGLEN];
    return pmErrStr_r(code, buf, sizeof(buf));
}
