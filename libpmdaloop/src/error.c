/* SPDX-License-Identifier: MIT */
/* Error codes in a few words. */
#include "pmdaloop.h"

#include <string.h>

const char *
pmdaloop_version(void)
{
    return PMDALOOP_VERSION;
}

/* In the words that pmcd's clients print. */
static const struct {
    int code;
    const char *words;
} codes[] = {
    {-12345, "generic error, already reported above"},
    {-12346, "problems parsing the name space"},
    {-12347, "the name space is not accessible"},
    {-12348, "attempt to reload the name space"},
    {-12349, "One-line or help text is not available"},
    {-12350, "metric not supported by this version of the monitored application"},
    {-12351, "Missing metric value(s)"},
    {-12353, "Timeout waiting for a response from PMCD"},
    {-12354, "Empty archive file"},
    {-12355, "PMCD reset or configuration change"},
    {-12357, "Unknown metric name"},
    {-12358, "Unknown or illegal metric identifier"},
    {-12359, "Unknown or illegal instance domain identifier"},
    {-12360, "Unknown or illegal instance identifier"},
    {-12361, "Illegal pmUnits specification"},
    {-12362, "Impossible value or scale conversion"},
    {-12363, "Truncation in value conversion"},
    {-12364, "Negative value in conversion to unsigned"},
    {-12366, "IPC protocol failure"},
    {-12368, "IPC channel closed"},
    {-12376, "Attempt to use an illegal context"},
    {-12386, "No PMCD agent for domain of request"},
    {-12387, "No permission to perform requested operation"},
    {-12388, "PMCD connection limit for this host exceeded"},
    {-12389, "Try again. Information not currently available"},
    {-12390, "already connected"},
    {-12391, "not connected"},
    {-12394, "Metric name is not a leaf in PMNS"},
    {-12397, "Unknown or illegal metric type"},
    {-12400, "Bad input to pmstore"},
    {-12410, "No support for metric label metadata"},
    {-12443, "Insufficient elements in list"},
    {-12444, "Result size exceeded"},
    {-13393, "PMDA is now responsive to requests"},
    {-13394, "PMDA is not yet ready to respond to requests"},
    {-21344, "Functionality not yet implemented"},
};

static const char *
code_words(int code)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (codes[i].code == code)
            return codes[i].words;
    return "unknown code of the protocol";
}

const char *
pmdaloop_strerror(int err)
{
    if (err <= PMDALOOP_PM_GENERIC)
        return code_words(err);
    switch (err < 0 ? -err : err) {
    case 0:
        return "success";
    case PMDALOOP_EPROTO:
        return "the peer does not speak the protocol";
    case PMDALOOP_EMALFORMED:
        return "malformed PDU";
    case PMDALOOP_ECLOSED:
        return "the peer has ended the session";
    case PMDALOOP_ENOREQUEST:
        return "no such request, or it has been answered";
    case PMDALOOP_ETERMINAL:
        return "standard input is a terminal";
    default:
        return strerror(err < 0 ? -err : err);
    }
}
