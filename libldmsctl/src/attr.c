/* SPDX-License-Identifier: MIT */
/* Attributes: their bytes, their ids, and the words of the configuration language that
 * mean them. */
#include "attr.h"

/*    0  u32  1, or 0 for the end, which has nothing more
 *    4  u32  id
 *    8  u32  length of the value, with the NUL of text
 *   12  ...  value
 */
int
lc_attr_take(struct rd *list, struct ldmsctl_attr *ret_attr)
{
    struct ldmsctl_attr a = {0};
    uint32_t more = rd_u32(list);

    if (!list->bad && more == 0)
        return 0;
    a.id = rd_u32(list);
    uint32_t len = rd_u32(list);
    a.value = rd_bytes(list, len);
    a.len = len;
    if (list->bad || more != 1)
        return -LDMSCTL_EPROTO;
    *ret_attr = a;
    return 1;
}

void
lc_attr_put(struct wr *c, uint32_t id, const void *value, size_t len)
{
    wr_u32(c, 1);
    wr_u32(c, id);
    wr_u32(c, (uint32_t)len);
    wr_bytes(c, value, len);
}

void
lc_attr_put_text(struct wr *c, uint32_t id, const char *text)
{
    lc_attr_put(c, id, text, strlen(text) + 1);
}

void
lc_attr_put_end(struct wr *c)
{
    wr_u32(c, 0);
}

static const char *const names[LC_ATTR_COUNT] = {
    [LC_ATTR_NONE] = "",
    [LC_ATTR_NAME] = "name",
    [LC_ATTR_INTERVAL] = "interval",
    [LC_ATTR_OFFSET] = "offset",
    [LC_ATTR_REGEX] = "regex",
    [LC_ATTR_TYPE] = "type",
    [LC_ATTR_PRODUCER] = "producer",
    [LC_ATTR_INSTANCE] = "instance",
    [LC_ATTR_XPRT] = "xprt",
    [LC_ATTR_HOST] = "host",
    [LC_ATTR_PORT] = "port",
    [LC_ATTR_MATCH] = "match",
    [LC_ATTR_PLUGIN] = "plugin",
    [LC_ATTR_CONTAINER] = "container",
    [LC_ATTR_SCHEMA] = "schema",
    [LC_ATTR_METRIC] = "metric",
    [LC_ATTR_STRING] = "string",
    [LC_ATTR_UDATA] = "udata",
    [LC_ATTR_BASE] = "base",
    [LC_ATTR_INCREMENT] = "increment",
    [LC_ATTR_LEVEL] = "level",
    [LC_ATTR_PATH] = "path",
    [LC_ATTR_TIME] = "time",
    [LC_ATTR_PUSH] = "push",
    [LC_ATTR_TEST] = "test",
    [LC_ATTR_REC_LEN] = "rec_len",
    [LC_ATTR_JSON] = "json",
    [LC_ATTR_PERM] = "perm",
    [LC_ATTR_AUTO_SWITCH] = "auto_switch",
    [LC_ATTR_PEER_NAME] = "peer_name",
    [LC_ATTR_TIMEOUT_FACTOR] = "timeout_factor",
    [LC_ATTR_AUTO_INTERVAL] = "auto_interval",
    [LC_ATTR_UID] = "uid",
    [LC_ATTR_GID] = "gid",
    [LC_ATTR_STREAM] = "stream",
    [LC_ATTR_AUTH] = "auth",
    [LC_ATTR_RESET] = "reset",
    [LC_ATTR_DECOMP] = "decomposition",
    [LC_ATTR_RAIL] = "rail",
    [LC_ATTR_QUOTA] = "quota",
    [LC_ATTR_RX_RATE] = "rx_rate",
    [LC_ATTR_SUMMARY] = "summary",
    [LC_ATTR_SIZE] = "size",
    [LC_ATTR_IP] = "ip",
    [LC_ATTR_ASK_INTERVAL] = "ask_interval",
    [LC_ATTR_ASK_MARK] = "ask_mark",
    [LC_ATTR_ASK_AMOUNT] = "ask_amount",
    [LC_ATTR_RESET_INTERVAL] = "reset_interval",
    [LC_ATTR_XTHREAD] = "exclusive_thread",
    [LC_ATTR_MSG_TAG] = "message_tag",
    [LC_ATTR_STATE] = "state",
    [LC_ATTR_HIST_RECAL] = "hist_recalibrate",
};

/* Words that mean an attribute of another name. */
static const struct {
    const char *word;
    uint32_t id;
} aliases[] = {
    {"advertiser_auth", LC_ATTR_AUTH},
    {"advertiser_port", LC_ATTR_PORT},
    {"advertiser_xprt", LC_ATTR_XPRT},
    {"cache_ip", LC_ATTR_IP},
    {"count", LC_ATTR_SIZE},
    {"depth", LC_ATTR_SIZE},
    {"disable_start", LC_ATTR_AUTO_INTERVAL},
    {"flush", LC_ATTR_INTERVAL},
    {"incr", LC_ATTR_INCREMENT},
    {"interval_us", LC_ATTR_INTERVAL},
    {"message_channel", LC_ATTR_MSG_TAG},
    {"mode", LC_ATTR_LEVEL},
    {"num", LC_ATTR_SIZE},
    {"period", LC_ATTR_INTERVAL},
    {"reconnect", LC_ATTR_INTERVAL},
    {"IP", LC_ATTR_IP},
};

static bool
is_word(const char *name, const char *word, size_t len)
{
    return strlen(name) == len && memcmp(name, word, len) == 0;
}

uint32_t
lc_attr_find(const char *word, size_t len)
{
    for (uint32_t id = 1; id < LC_ATTR_COUNT; id++)
        if (is_word(names[id], word, len))
            return id;
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (is_word(aliases[i].word, word, len))
            return aliases[i].id;
    return LC_ATTR_NONE;
}

const char *
lc_attr_name(uint32_t id)
{
    return id < LC_ATTR_COUNT ? names[id] : "";
}
