/* SPDX-License-Identifier: MIT */
#include "show.h"

#define HEAD "67 01 plen 00000001 00000064 00000065 50 00 123456789abc "
#define TOLD "g 1 1: 100-101 P 123456789abc"

static struct show_row rows[] = {
    {"a record", HEAD "'{\"a\":1}' 00", TOLD " '{\"a\":1}'"},
    {"two", HEAD "'{\"a\":1}' 0a '[]' 00", TOLD " '{\"a\":1}' '[]'"},
    {"a path with a quote is no JSON", HEAD "'{\"lfn\":\"/a\"b\"}' 0a '{}' 00",
     TOLD " '{\"lfn\":\"/a\"b\"}' no JSON '{}'"},
    {"nor is a byte that is no UTF-8", HEAD "'\"\xff\"' 00",
     TOLD " '\"\xff\"' no JSON"},
    {"empty lines are none", HEAD "0a0a '1' 0a0a '2' 0a00", TOLD " '1' '2'"},
    {"a carriage return is a blank", HEAD "'{}' 0d0a '{}' 0d00", TOLD " '{}\r' '{}\r'"},
    {"only NULs", HEAD "000000", TOLD},
    {"nothing", HEAD, TOLD},
    {"a provider of 0", "67 01 plen 00000001 00000064 00000065 0000000000000001 '1' 00",
     "g 1 1: 100-101 0 1 '1'"},
    {"an unknown one", "67 01 plen 00000001 00000064 00000065 5a00000000000001 '1' 00",
     "g 1 1: 100-101 Z 1 '1'"},
    {"another", "67 01 plen 00000001 00000064 00000065 ff00000000000001 '1' 00",
     "g 1 1: 100-101 \xff 1 '1'"},
    {"less than a head", "67 01 plen 00000001 00000064 00000065", "g 1 1: error"},
    {"JSON with everything",
     "'{\"code\":\"g\",\"pseq\":  "
     "7,\"stod\":5,\"sid\":6,\"src\":{\"site\":\"S\",\"host\":"
     "\"h\",\"port\":1094,\"inst\":\"i\",\"pgm\":\"p\",\"ver\":\"v\"},\"gs\":{\"type\":"
     "\"C\",\"tbeg\":1,\"tend\":2}}' 0a '{}' 0a '{\"a\":1}' 00",
     " code g pseq 7 stod 5 sid 6 C 1-2 site='S' host='h' port='1094' inst='i' pgm='p' "
     "ver='v' '{}' '{\"a\":1}'"},
    {"JSON that identifies", "'{\"code\":\"=\",\"pseq\":1,\"stod\":5,\"sid\":6}' 00",
     " code = pseq 1 stod 5 sid 6"},
    {"JSON without a head", "'{\"TPC\":\"xroot\",\"Xeq\":{\"RC\":0}}' 0a '{}'",
     " '{\"TPC\":\"xroot\",\"Xeq\":{\"RC\":0}}' '{}'"},
    {"a brace alone", "'{'", " '{'"},
    {"a head that breaks off", "'{\"code\":\"g\",\"pse'", " error"},
    {"a head that nests too deep", "'{\"code\":\"g\",\"a\":{\"b\":{}}}'", " error"},
    {"a head with a closing brace too many", "'{\"code\":\"g\"}}'", " error"},
    {"CGI, with garbage behind its last number",
     "'code=g&pseq=++1&stod=5&sid=6&site=&host=h&port=1&inst=i&gs.type=P&gs.tbeg=100'"
     "'&gs.tend=1795307016244728602534883' 0a '{}' 00",
     " code g pseq 1 stod 5 sid 6 P 100-1795307016 site='' host='h' port='1' inst='i' "
     "'{}'"},
    {"CGI whose head goes on behind a newline",
     "'code=g&pseq=+12&stod=5&sid=6' 0a '&gs.type=P&gs.tbeg=1&gs.tend=2' 0a '{}' 00",
     " code g pseq 12 stod 5 sid 6 P 1-2 '{}'"},
    {"CGI that identifies", "'code==&pseq=1&stod=5&sid=6&ver=v'",
     " code = pseq 1 stod 5 sid 6 ver='v'"},
    {"CGI without a code", "'code='", " error"},
    {"numbers too large are none", "'code=g&pseq=99999&stod=99999999999&sid=6'",
     " code g pseq 0 stod 0 sid 6"},
    {"XML is not taken apart", "'<statistics'", ""},
    {"a word that starts like CGI", "'cod'", "not a packet of XRootD"},
};

int
main(void)
{
    return show_rows("xrdmon/gstream", rows, sizeof(rows) / sizeof(rows[0]));
}
