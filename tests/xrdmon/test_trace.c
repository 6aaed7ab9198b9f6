/* SPDX-License-Identifier: MIT */
#include "show.h"

#define MARK       "e0 00 123456789abc 00000064 00000064 "
#define HEAD(plen) "74 03 " plen " 6b022c5c " MARK
#define TOLD       "t 3 1795304540: window 123456789abc 100 100"
#define ONE(entry) HEAD("0028") entry

static struct show_row rows[] = {
    {"marks alone", HEAD("0018"), TOLD},
    {"a read", ONE("0000000100000000 00001000 00000003"),
     TOLD " read 3 4096@4294967296"},
    {"a read of nothing", ONE("0000000000000000 00000000 00000003"),
     TOLD " read 3 0@0"},
    {"a negative length was written", ONE("0000000000000005 fffffff0 00000003"),
     TOLD " write 3 16@5"},
    {"the smallest length", ONE("0000000000000005 80000000 00000003"),
     TOLD " write 3 2147483648@5"},
    {"an offset of -1 is forged", ONE("ffffffffffffffff 00000001 00000003"),
     TOLD " unknown ff"},
    {"an open", ONE("80 00000000001000 00000000 00000003"), TOLD " open 3 4096"},
    {"an open of 56 bits", ONE("80 ffffffffffffff 00000000 00000003"),
     TOLD " open 3 72057594037927935"},
    {"a packed vector read", ONE("90 02 0010 00000000 00001000 00000003"),
     TOLD " readv 3 #2 16x 4096"},
    {"an unpacked one is another", ONE("91 02 ffff 00000000 00001000 00000003"),
     TOLD " readu 3 #2 65535x 4096"},
    {"an application", ONE("a0 000000 'application1'"), TOLD " appid 'application1'"},
    {"a close", ONE("c0 00 00 00 00000064 000000c8 00000003"), TOLD " close 3 100 200"},
    {"a close of gigabytes", ONE("c0 03 1f 00 ffffffff ffffffff 00000003"),
     TOLD " close 3 34359738360 9223372034707292160"},
    {"shifts that mean nothing", ONE("c0 20 ff 00 00000001 00000001 00000003"),
     TOLD " close 3 2147483648 2147483648"},
    {"a disconnect", ONE("d0 03 0000 a15180ef 00000046 00000021"),
     TOLD " disc 33 70s forced bound"},
    {"an unknown type", ONE("b0 00 0000 00000000 00000000 00000001"),
     TOLD " unknown b0"},
    {"its low nibble counts", ONE("81 00 0000 00000000 00000000 00000001"),
     TOLD " unknown 81"},
    {"no mark first is no codec's business",
     "74 00 0018 00000001 0000000000000000 00000001 00000002", "t 0 1: read 2 1@0"},
    {"half an entry", HEAD("0020") "0000000000000000",
     TOLD " truncated at 24: the packet ends within a record"},
    {"a packet of a header", "74 00 0008 00000001", "t 0 1:"},
};

int
main(void)
{
    return show_rows("xrdmon/trace", rows, sizeof(rows) / sizeof(rows[0]));
}
