"""Where `portmgr serve` is meant to answer otherwise than the servers that were recorded:
(file, dialogue): (why, {event number: what comes instead}). <eof> is the end of file,
nothing at all is silence."""

LATIN_1 = "a line of bytes that are no UTF-8 is echoed as Latin-1, not lost"
NO_LIST = "what is no list is refused and its ports released; it does not go deaf"
PIECES = "a request in pieces is waited for"
LAST_WORDS = "the end of a refused connection is no reset, which could cost the reply"
UTF_8 = "there is one character set, whatever the locale"
RUST = "it speaks as the Tcl server: CR LF, its order, its ports from the top"
RUST_SUFFIX = "a second one of the same name is given a port, and a suffix when listed"
RUST_FULL = "a client keeps its connection where no port is free"
RUST_WORDS = "missing and further words are taken as the Tcl server takes them"
RUST_LIST = "a request is a Tcl list: quoted, and listed quoted"
RUST_INVALID = "every invalid request has a reply"
RUST_PIPELINED = "requests that arrive together are all answered"
RUST_UNFINISHED = "a line without its end is no request"
RUST_LOCAL = "127.0.1.1 is local; a refusal is one line"
RUST_TERMINATE = "nobody ends the server through its port"

POOL = "a pool outside 1-65535 is no pool: used wrongly"
REFUSED_POOLS = {("tcl-pool", "bad-range"): POOL, ("tcl-pool", "zero-range"): POOL}

DIFFERENT = {
    ("tcl-errors", "binary"): (LATIN_1, {
        3: b"FAIL {Invalid request " + bytes(range(0x80, 0xa0)).decode("latin-1").encode()
           + b"}\r\n<eof>"}),
    ("tcl-errors", "badlist-open-brace"): (NO_LIST, {
        5: b"FAIL Invalid\\ request\\ LIST\\ \\{\r\n<eof>", 7: b"<eof>",
        11: b"OK 0\r\n", 12: b""}),
    ("tcl-errors", "badlist-open-quote"): (NO_LIST, {
        5: b"FAIL {Invalid request LIST \"}\r\n<eof>", 7: b"<eof>",
        11: b"OK 0\r\n", 12: b""}),
    ("tcl-errors", "badlist-brace-garbage"): (NO_LIST, {
        5: b"FAIL {Invalid request GIMME {a}b fox}\r\n<eof>", 7: b"<eof>",
        11: b"OK 0\r\n", 12: b""}),
    ("tcl-errors", "badlist-escaped-close"): (NO_LIST, {
        5: b"FAIL Invalid\\ request\\ GIMME\\ \\{a\\\\\\}\\ fox\r\n<eof>", 7: b"<eof>",
        11: b"OK 0\r\n", 12: b""}),
    ("tcl-names", "name-23"): (NO_LIST, {
        3: b"FAIL {Invalid request GIMME {a b}\\n fox}\r\n<eof>"}),
    ("tcl-framing", "split-command"): (PIECES, {3: b"", 4: b""}),
    ("tcl-framing", "split-gimme"): (PIECES, {
        6: b"OK 43009\r\n", 7: b"", 10: b"OK 2\r\n43010 one fox\r\n43009 two fox\r\n"}),
    ("tcl-framing", "split-eol"): (PIECES, {5: b"", 6: b""}),
    ("tcl-framing", "long-1000000"): (LAST_WORDS, {4: b"<eof>"}),
    ("tcl-names", "name-locale-C-fffe"): (UTF_8, {
        6: b"OK 1\r\n43010 \xc3\xbf\xc3\xbe fox\r\n"}),
    ("tcl-names", "name-locale-C-5c7536356535"): (UTF_8, {
        6: b"OK 1\r\n43010 \xe6\x97\xa5 fox\r\n"}),

    ("rust", "rust-basic"): (RUST, {
        3: b"OK 0\r\n", 5: b"OK 43010\r\n", 8: b"OK 43009\r\n",
        10: b"OK 2\r\n43009 svc cerizza\r\n43010 svc fox\r\n",
        13: b"OK 1\r\n43009 svc cerizza\r\n"}),
    ("rust", "rust-same-name"): (RUST_SUFFIX, {
        3: b"OK 43010\r\n", 5: b"OK 43009\r\n", 7: b"OK 43008\r\n", 8: b"",
        11: b"OK 3\r\n43009 other fox\r\n43008 svc fox\r\n43010 svc_1 fox\r\n"}),
    ("rust", "rust-exhaustion"): (RUST_FULL, {
        3: b"OK 43002\r\n", 5: b"OK 43001\r\n", 7: b"FAIL {no free ports}\r\n", 8: b""}),
    ("rust", "rust-line-00"): (RUST_WORDS, {3: b"OK 43010\r\n", 4: b""}),
    ("rust", "rust-line-01"): (RUST_WORDS, {3: b"OK 43010\r\n", 4: b""}),
    ("rust", "rust-line-02"): (RUST_WORDS, {3: b"OK 43010\r\n", 4: b""}),
    ("rust", "rust-line-03"): (RUST_LIST, {3: b"OK 43010\r\n", 4: b""}),
    ("rust", "rust-line-04"): (RUST_LIST, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 a\\{b fox\r\n"}),
    ("rust", "rust-line-05"): (RUST_LIST, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 ab u\r\n"}),
    ("rust", "rust-line-06"): (RUST_LIST, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 {a\r\nb} fox\r\n"}),
    ("rust", "rust-line-07"): (RUST_LIST, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 {} {}\r\n"}),
    ("rust", "rust-line-08"): (RUST, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 \xc3\xa9 fox\r\n"}),
    ("rust", "rust-line-09"): (LATIN_1, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 \xc3\xbf fox\r\n"}),
    ("rust", "rust-line-10"): (RUST, {
        3: b"OK 43010\r\n", 6: b"OK 1\r\n43010 a\x00b fox\r\n"}),
    ("rust", "rust-line-11"): (RUST_INVALID, {3: b"FAIL {Invalid request }\r\n<eof>"}),
    ("rust", "rust-line-12"): (RUST_INVALID, {3: b"FAIL {Invalid request QUIT}\r\n<eof>"}),
    ("rust", "rust-line-13"): (RUST_INVALID, {3: b"FAIL {Invalid request list}\r\n<eof>"}),
    ("rust", "rust-line-14"): (RUST, {3: b"OK 0\r\n", 6: b"OK 0\r\n"}),
    ("rust", "rust-line-15"): (NO_LIST, {
        3: b"FAIL Invalid\\ request\\ LIST\\ \\{\r\n<eof>", 6: b"OK 0\r\n"}),
    ("rust", "rust-split"): (RUST, {4: b"OK 0\r\n"}),
    ("rust", "rust-pipelined"): (RUST_PIPELINED, {
        3: b"OK 0\r\nOK 43010\r\nOK 1\r\n43010 q fox\r\n",
        5: b"OK 1\r\n43010 q fox\r\n"}),
    ("rust", "rust-no-eol-eof"): (RUST_UNFINISHED, {
        4: b"FAIL {Invalid request }\r\n<eof>"}),
    ("rust", "rust-source-127.0.0.2"): (RUST_LOCAL, {
        3: b"OK 0\r\n",
        5: b"FAIL {127.0.0.2 (127.0.0.2) : Only local applications get ports}\r\n<eof>"}),
    ("rust", "rust-source-127.0.1.1"): (RUST_LOCAL, {
        3: b"OK 0\r\n", 5: b"OK 43010\r\n", 6: b""}),
    ("rust", "rust-terminate"): (RUST_TERMINATE, {
        3: b"OK 43010\r\n", 6: b"FAIL {Invalid request TERMINATE}\r\n<eof>", 7: b""}),
}
