/* SPDX-License-Identifier: MIT */
#include "show.h"

#define HEAD(plen) "72 10 " plen " 6b022c5c f0 00 123456789abc 00000002 6b023315 "
#define TOLD       "r 16 1795304540: f0:123456789abc window 2s 1795306261"

static struct show_row rows[] = {
    {"a redirection by the cmsd",
     HEAD("0030") "85 02 564e 00000004 'ds1:/store/a' 00000000",
     TOLD " redirect openr 4 port 22094 host='ds1' path='/store/a'"},
    {"by the server itself, with a port above 32767",
     HEAD("0028") "9d 01 a086 00000000 'd:/a' 00000000",
     TOLD " redlocal stat 0 port 41094 host='d' path='/a'"},
    {"text without a NUL", HEAD("0028") "81 01 0001 00000001 'd1:/abcd'",
     TOLD " redirect chmod 1 port 1 host='d1' path='/abcd'"},
    {"colons in the path", HEAD("0030") "81 02 0001 00000001 'd1:/with:colon.d'",
     TOLD " redirect chmod 1 port 1 host='d1' path='/with:colon.d'"},
    {"an IPv6 host", HEAD("0030") "81 02 0001 00000001 '[2001:db8::1]:/a'",
     TOLD " redirect chmod 1 port 1 host='[2001:db8::1]' path='/a'"},
    {"the same server has no host",
     HEAD("0028") "81 01 0001 00000001 ':/a' "
                  "0000000000",
     TOLD " redirect chmod 1 port 1 host='' path='/a'"},
    {"a bracket that stays open", HEAD("0028") "81 01 0001 00000001 '[a:/b' 000000",
     TOLD " redirect chmod 1 port 1 host='[a' path='/b'"},
    {"no colon, no path", HEAD("0028") "81 01 0001 00000001 'host' 00000000",
     TOLD " redirect chmod 1 port 1 host='host'"},
    {"no text at all", HEAD("0020") "82 00 0001 00000001",
     TOLD " redirect locate 1 port 1 host=''"},
    {"an operation without a name", HEAD("0020") "8f 00 0001 00000001",
     TOLD " redirect ? 1 port 1 host=''"},
    {"a second server", HEAD("0020") "f0 00 00000000000a", TOLD " sid a"},
    {"an unknown type", HEAD("0020") "a5 00 0001 00000001", TOLD " unknown a5"},
    {"text past the packet", HEAD("0028") "81 02 0001 00000001 'd1:/abcd'",
     TOLD " truncated at 24: a redirection reaches past the packet"},
    {"half a record", HEAD("001c") "81000001",
     TOLD " truncated at 24: the packet ends within a record"},
    {"no server", "72 00 0008 00000001",
     "r 0 1: truncated at 8: the packet is shorter than it says"},
    {"no mark", "72 00 0010 00000001 f000000000000001", "r 0 1: f0:1"},
};

int
main(void)
{
    return show_rows("xrdmon/redir", rows, sizeof(rows) / sizeof(rows[0]));
}
