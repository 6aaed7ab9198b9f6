/* SPDX-License-Identifier: MIT */
/* Streams and messages, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_stream_publish(struct ldmsctl *lc, const char *name, const char *data,
                       struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "stream_publish", ret_reply, name, data);
}

int
ldmsctl_stream_subscribe(struct ldmsctl *lc, const char *name,
                         struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "stream_subscribe", ret_reply, name);
}

int
ldmsctl_stream_client_dump(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "stream_client_dump", ret_reply);
}

int
ldmsctl_stream_status(struct ldmsctl *lc, bool reset, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "stream_status", ret_reply, lc_true(reset));
}

int
ldmsctl_stream_disable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "stream_disable", ret_reply);
}

int
ldmsctl_stream_enable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "stream_enable", ret_reply);
}

int
ldmsctl_msg_stats(struct ldmsctl *lc, const char *regex, const char *stream,
                  const char *msg_tag, bool reset, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "msg_stats", ret_reply, regex, stream, msg_tag, lc_true(reset));
}

int
ldmsctl_msg_client_stats(struct ldmsctl *lc, bool reset,
                         struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "msg_client_stats", ret_reply, lc_true(reset));
}

int
ldmsctl_msg_disable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "msg_disable", ret_reply);
}

int
ldmsctl_msg_enable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "msg_enable", ret_reply);
}
