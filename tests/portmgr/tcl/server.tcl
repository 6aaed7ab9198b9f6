# A port manager that is as picky as Tcl's own lists allow. It prints its port, serves
# one client after another, and ends with its standard input.
#
# GIMME must be three words, to Tcl and to who splits at spaces; anything else is
# refused. LIST has what was asked for, and behind it as many names of this server's
# own, of any characters, whose user is the name in hex.
expr {srand(20261122)}

proc random_name {} {
    set name ""
    set alphabet "{}\[\]\\\"\$;# \t\n\v\f\rabu0\u00e9\u65e5\u0001\u001b\u007f"
    for {set n [expr {int(rand() * 24)}]} {$n > 0} {incr n -1} {
        append name [string index $alphabet [expr {int(rand() * [string length $alphabet])}]]
    }
    return $name
}

proc answer {client line} {
    global asked
    if {[catch {llength $line} words]} {
        puts $client [list FAIL "Invalid request $line"]
    } elseif {$line eq "LIST"} {
        set rows $asked
        foreach row $asked {
            set name [random_name]
            set hex [binary encode hex [encoding convertto utf-8 $name]]
            lappend rows [list [lindex $row 0] $name $hex]
        }
        puts $client [join [linsert $rows 0 [list OK [llength $rows]]] "\n"]
    } elseif {$words == 3 && [lindex $line 0] eq "GIMME" && [llength [split $line " "]] == 3
              && ![regexp {[][\s{}"$;]} [string map {" " ""} $line]]} {
        set port [expr {43000 + [llength $asked]}]
        lappend asked [list $port [lindex $line 1] [lindex $line 2]]
        puts $client [list OK $port]
    } else {
        puts $client [list FAIL "Invalid request $line"]
    }
}

proc readable {client} {
    if {[gets $client line] >= 0} {
        answer $client $line
    } elseif {[eof $client]} {
        close $client
    }
}

proc accept {client address port} {
    global asked
    set asked {}
    fconfigure $client -blocking 0 -buffering line -translation {lf crlf} -encoding utf-8
    fileevent $client readable [list readable $client]
}

set listener [socket -server accept -myaddr 127.0.0.1 0]
puts [lindex [fconfigure $listener -sockname] 2]
flush stdout
fileevent stdin readable {if {[gets stdin] eq "" && [eof stdin]} exit}
vwait forever
