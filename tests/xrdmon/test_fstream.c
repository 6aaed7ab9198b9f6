/* SPDX-License-Identifier: MIT */
#include "show.h"

#define TIME       "02 01 0018 0000 0001 00000064 00000082 0100 123456789abc "
#define HEAD(plen) "66 07 " plen " 6b022c5c " TIME
#define TOLD       "f 7 1795304540: time 0/1 100-130 sid=123456789abc"

static struct show_row rows[] = {
    {"an open with its path",
     HEAD("003c") "01 01 001c 00000003 0000000000001000 00000001"
                  "2f61 000000000000",
     TOLD " open 3 4096 user 1 '/a'"},
    {"an open for update without", HEAD("0030") "01 02 0010 00000003 0000000000001000",
     TOLD " open 3 4096 rw"},
    {"both bits",
     HEAD("003c") "01 03 001c 00000003 ffffffffffffffff 00000000"
                  "2f61 000000000000",
     TOLD " open 3 -1 rw user 0 '/a'"},
    {"a path that fills its record",
     HEAD("0038") "01 01 0018 00000003 0000000000000000"
                  "00000001 2f616263",
     TOLD " open 3 0 user 1 '/abc'"},
    {"a path flag without room is no path",
     HEAD("0030") "01 01 0010 00000003 0000000000000010", TOLD " open 3 16"},
    {"an open of 19 bytes", HEAD("0033") "01 01 0013 00000003 0000000000000010 414141",
     TOLD " open 3 16"},
    {"an open of 12 bytes is too short", HEAD("002c") "01 00 000c 00000003 00000000",
     TOLD " malformed at 32: a record is too short for its type"},
    {"a transfer",
     HEAD("0040") "03 00 0020 00000009 0000000000000001 0000000000000002"
                  "fffffffffffffffd",
     TOLD " xfr 9 1 2 -3"},
    {"a close",
     HEAD("0040") "00 01 0020 00000009 0000000000000001 0000000000000002"
                  "0000000000000003",
     TOLD " close 9 1 2 3 forced"},
    {"a close with all",
     HEAD("0090") "00 06 0070 00000009 0000000000000001"
                  "0000000000000002 0000000000000003"
                  "00000001 00000002 00000003 0004 0005"
                  "0000000000000006 00000007 00000008 00000009"
                  "0000000a 0000000b 0000000c"
                  "3ff0000000000000 4000000000000000"
                  "4008000000000000 4010000000000000",
     TOLD " close 9 1 2 3 ops 1,2,3 seg 4-5 6 7-8 9-10 11-12 ssq 1 2 3 4"},
    {"flags without room",
     HEAD("0040") "00 06 0020 00000009 0000000000000001"
                  "0000000000000002 0000000000000003",
     TOLD " close 9 1 2 3"},
    {"sums need counts",
     HEAD("0070") "00 04 0050 00000009 0000000000000001"
                  "0000000000000002 0000000000000003"
                  "00000001 00000002 00000003 0004 0005"
                  "0000000000000006 00000007 00000008 00000009"
                  "0000000a 0000000b 0000000c",
     TOLD " close 9 1 2 3 ops 1,2,3 seg 4-5 6 7-8 9-10 11-12"},
    {"a disconnect of nobody", HEAD("0028") "04 00 0008 00000000", TOLD " disc 0"},
    {"an unknown record is stepped over",
     HEAD("0034") "09 00 000c 00000001 00000002 04 00 0008 00000005",
     TOLD " type9 disc 5"},
    {"a record whose size is no multiple of 4",
     HEAD("0031") "09 00 0009 00000001 02 04 00 0008 00000005", TOLD " type9 disc 5"},
    {"an old time record has no server",
     "66 00 0018 00000001 02 00 0010 0000 0000 00000064 00000082",
     "f 0 1: time 0/0 100-130"},
    {"a server needs its flag",
     "66 00 0020 00000001 02 00 0018 0000 0000 00000064 00000082 0000000000000005",
     "f 0 1: time 0/0 100-130"},
    {"several times", HEAD("0038") TIME, TOLD " time 0/1 100-130 sid=123456789abc"},
    {"size 0 is no record", HEAD("0028") "04 00 0000 00000001",
     TOLD " malformed at 32: a record is shorter than its head"},
    {"nor is size 7", HEAD("0028") "04 00 0007 00000001",
     TOLD " malformed at 32: a record is shorter than its head"},
    {"a size above 32767 is not negative", HEAD("0028") "04 00 8008 00000001",
     TOLD " truncated at 32: a record reaches past the packet"},
    {"what came before the damage is told",
     HEAD("0030") "04 00 0008 00000001 00 00 0020 00000009",
     TOLD " disc 1 truncated at 40: a record reaches past the packet"},
    {"half a head", HEAD("0024") "04 00 0008",
     TOLD " truncated at 32: the packet ends within a record"},
    {"records that are not there", HEAD("ffff"),
     TOLD " truncated at 32: the packet is shorter than it says missing 65503"},
    {"bytes behind the packet", HEAD("0020") "010203", TOLD " trailing 3"},
    {"no records at all", "66 00 0008 00000001", "f 0 1:"},
};

int
main(void)
{
    return show_rows("xrdmon/fstream", rows, sizeof(rows) / sizeof(rows[0]));
}
