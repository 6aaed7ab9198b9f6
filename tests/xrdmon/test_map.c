/* SPDX-License-Identifier: MIT */
#include "show.h"

#define WHO  "'xroot/al.11:7@h'"
#define TOLD "prot='xroot' user='al' pid=11 sid=7 host='h'"

static struct show_row rows[] = {
    {"a server",
     "3d 00 plen 6b022c5c 00000000 '=/xrdd.11:7@h' 0a '&site=S&port=1094&inst=i&pgm=x"
     "&ver=v1'",
     "= 0 1795304540: 0 prot='=' user='xrdd' pid=11 sid=7 host='h' site:'S' "
     "port:'1094' "
     "inst:'i' pgm:'x' ver:'v1'"},
    {"a user without authentication", "75 01 plen 6b022c5c 00000001 " WHO,
     "u 1 1795304540: 1 " TOLD},
    {"a name with = & and /",
     "75 01 plen 6b022c5c 00000001 " WHO " 0a '&p=gsi&n=/DC=a&b/CN=c d&h=&x=p&y=q'",
     "u 1 1795304540: 1 " TOLD " p:'gsi' n:'/DC=a&b/CN=c d' h:'' x:'p' y:'q'"},
    {"an unknown key belongs to the value before",
     "75 01 plen 6b022c5c 00000001 " WHO " 0a '&p=a&zz=1&&'",
     "u 1 1795304540: 1 " TOLD " p:'a&zz=1&&'"},
    {"unless nothing is before", "75 01 plen 6b022c5c 00000001 " WHO " 0a '&zz=1&p='",
     "u 1 1795304540: 1 " TOLD " zz:'1' p:''"},
    {"a path", "64 02 plen 6b022c5c 00000003 " WHO " 0a '/a' ff",
     "d 2 1795304540: 3 " TOLD " path='/a\xff'"},
    {"an application", "69 02 plen 6b022c5c 00000003 " WHO " 0a '&p=no'",
     "i 2 1795304540: 3 " TOLD " info='&p=no'"},
    {"a token", "54 02 plen 6b022c5c 00000003 " WHO " 0a '&Uc=1&s=bob&n=&o=i&g=/a '",
     "T 2 1795304540: 3 " TOLD " Uc:'1' s:'bob' n:'' o:'i' g:'/a '"},
    {"packet marking", "55 02 plen 6b022c5c 00000003 " WHO " 0a '&Uc=-1&Ec=2&Ac=16'",
     "U 2 1795304540: 3 " TOLD " Uc:'-1' Ec:'2' Ac:'16'"},
    {"a transfer, and an & in its path",
     "78 02 plen 6b022c5c 00000000 " WHO " 0a '/a&b' 0a '&tod=5&sz=6&qt=0&tm=1&op=6&rc="
     "0&pd=x'",
     "x 2 1795304540: 0 " TOLD
     " path='/a&b' tod:'5' sz:'6' qt:'0' tm:'1' op:'6' rc:'0' pd:'x'"},
    {"a purge: neither prot nor pid",
     "70 02 plen 6b022c5c 00000000 'frm_purged:7@h' 0a '/a' 0a '&tod=5&sz=6&at=1&ct=2&"
     "mt=3&fn=l'",
     "p 2 1795304540: 0 user='frm_purged' sid=7 host='h' path='/a' tod:'5' sz:'6' "
     "at:'1' ct:'2' mt:'3' fn:'l'"},
    {"a daemon has no prot", "3d 00 plen 00000001 00000000 'xrdd.3:7@h'",
     "= 0 1: 0 user='xrdd' pid=3 sid=7 host='h'"},
    {"a user with a dot", "75 00 plen 00000001 00000001 'xroot/ca.do.11:7@h'",
     "u 0 1: 1 prot='xroot' user='ca.do' pid=11 sid=7 host='h'"},
    {"a user with two colons and ats", "75 00 plen 00000001 00000001 'x/a:b@c.1:7@h'",
     "u 0 1: 1 prot='x' user='a:b@c' pid=1 sid=7 host='h'"},
    {"a host in brackets", "75 00 plen 00000001 00000001 'x/a.1:7@[::ffff]'",
     "u 0 1: 1 prot='x' user='a' pid=1 sid=7 host='[::ffff]'"},
    {"a server's id has 48 bits",
     "75 00 plen 00000001 00000001 "
     "'x/a.1:9223372036854775807@[h]'",
     "u 0 1: 1 prot='x' user='a' pid=1 sid=281474976710655 host='[h]'"},
    {"no id of 30 digits",
     "75 00 plen 00000001 00000001 "
     "'x/a.1:123456789012345678901234567890'",
     "u 0 1: 1 raw='x/a.1:123456789012345678901234567890'"},
    {"a pid of 12 digits is none",
     "75 00 plen 00000001 00000001 "
     "'x/a.123456789012:7@h'",
     "u 0 1: 1 prot='x' user='a.123456789012' sid=7 host='h'"},
    {"nothing that fits", "75 00 plen 00000001 00000001 'abc'", "u 0 1: 1 raw='abc'"},
    {"no text", "75 00 000c 00000001 00000001", "u 0 1: 1 raw=''"},
    {"an overlong text ends at its NUL",
     "64 00 plen 00000001 00000001 " WHO " 0a '/a' 00 'garbage'",
     "d 0 1: 1 " TOLD " path='/a' tail 8"},
    {"a map of 11 bytes", "75 00 000b 00000001 000000", "u 0 1: error -1001"},
    {"a map of a header", "75 00 0008 00000001", "u 0 1: error -1001"},
    {"plen 0", "75 00 0000 00000001", "malformed packet"},
    {"plen 7", "75 00 0007 00000001", "malformed packet"},
    {"plen past the datagram", "75 00 00ff 00000001 00000001 00",
     "u 0 1: error -1000 missing 242"},
    {"nothing", "", "truncated packet"},
    {"a byte", "75", "truncated packet"},
    {"seven bytes", "75 00 0008 000000", "truncated packet"},
    {"another code", "6d 00 0008 00000001", "not a packet of XRootD"},
    {"a NUL", "00 00 0008 00000001", "not a packet of XRootD"},
};

int
main(void)
{
    return show_rows("xrdmon/map", rows, sizeof(rows) / sizeof(rows[0]));
}
