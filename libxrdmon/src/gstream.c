/* SPDX-License-Identifier: MIT */
/* The g-stream in its binary form: JSON lines of plug-ins, handed on as they are. */
#include "xm.h"

/*    8  u32  begin, Unix seconds      16  u64  provider letter, 56 bits with the server
 *   12  u32  end, Unix seconds        24  ...  lines; the last newline became a NUL
 */
int
xrdmon_gstream_parse(const struct xrdmon_packet *packet,
                     struct xrdmon_gstream *ret_gstream)
{
    if (packet->kind != XRDMON_GSTREAM)
        return -EINVAL;

    struct rd c = rd_over(packet->bytes, packet->len);
    (void)rd_bytes(&c, XM_HEADER_BYTES);
    struct xrdmon_gstream g;
    g.begin_unix_s = rd_u32(&c);
    g.end_unix_s = rd_u32(&c);
    uint64_t ident = rd_u64(&c);
    g.provider = (char)(ident >> 56);
    g.sid = ident & XM_SID_MASK;
    if (c.bad)
        return -XRDMON_ETRUNCATED;
    g.text = xm_text(c.at, rd_left(&c));
    while (g.text.len && g.text.at[g.text.len - 1] == 0)
        g.text.len--;
    g.lines.left = g.text;
    *ret_gstream = g;
    return 0;
}

const char *
xrdmon_provider_name(char provider)
{
    switch (provider) {
    case 'C':
        return "pfc";
    case 'M':
        return "ccm";
    case 'T':
        return "tcpmon";
    case 'P':
        return "tpc";
    case 'R':
        return "throttle";
    case 'O':
        return "oss";
    case 'H':
        return "http";
    default:
        return NULL;
    }
}

void
xrdmon_write_gstream(struct xrdmon_writer *w, const struct xrdmon_gstream *gstream)
{
    struct wr out = xm_writer_open(w);

    wr_u32(&out, gstream->begin_unix_s);
    wr_u32(&out, gstream->end_unix_s);
    wr_u64(&out,
           (uint64_t)(uint8_t)gstream->provider << 56 | (gstream->sid & XM_SID_MASK));
    wr_bytes(&out, gstream->text.at, gstream->text.len);
    wr_u8(&out, 0);
    xm_writer_close(w, &out);
}

/* Days since 1970-01-01 of a day in the Gregorian calendar; months count from 1. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2; /* years begin in March here, so that leap days end them */
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "YYYY-MM-DDTHH:MM:SS.<microseconds>Z". The server prints the microseconds as a number,
 * so ".42998" is 42998 of them and not 429980. */
int
xrdmon_tpc_time(struct xrdmon_text text, int64_t *ret_unix_us)
{
    static const struct {
        uint8_t at, len;
        uint16_t min, max;
    } parts[] = {{0, 4, 1970, 9999}, {5, 2, 1, 12},  {8, 2, 1, 31},
                 {11, 2, 0, 23},     {14, 2, 0, 59}, {17, 2, 0, 60}};
    static const char form[] = "dddd-dd-ddTdd:dd:dd.";
    enum { FORM_LEN = sizeof(form) - 1 };
    uint64_t v[6], us;

    if (text.len <= FORM_LEN + 1 || text.len > FORM_LEN + 7 ||
        text.at[text.len - 1] != 'Z')
        return -XRDMON_EMALFORMED;
    for (size_t i = 0; i < FORM_LEN; i++)
        if (form[i] != 'd' && form[i] != text.at[i])
            return -XRDMON_EMALFORMED;
    for (size_t i = 0; i < 6; i++)
        if (!xm_text_u64(xm_text(text.at + parts[i].at, parts[i].len), parts[i].max,
                         &v[i]) ||
            v[i] < parts[i].min)
            return -XRDMON_EMALFORMED;
    if (!xm_text_u64(xm_text(text.at + FORM_LEN, text.len - FORM_LEN - 1), 999999, &us))
        return -XRDMON_EMALFORMED;
    int64_t day = days_of((int64_t)v[0], (int64_t)v[1], (int64_t)v[2]);
    *ret_unix_us =
        ((day * 24 + (int64_t)v[3]) * 3600 + (int64_t)(v[4] * 60 + v[5])) * 1000000 +
        (int64_t)us;
    return 0;
}
