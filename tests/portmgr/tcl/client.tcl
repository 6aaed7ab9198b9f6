# A client that is as picky as Tcl's own lists allow.
#   client.tcl PORT NAMES
# Asks for NAMES random names, 100 on a connection, quoted by list; reads them back
# from LIST, and wants every record as list writes it, byte for byte.
lassign $argv port names
expr {srand(20261122)}

proc random_name {} {
    set name ""
    set alphabet "{}\[\]\\\"\$;# \t\n\v\f\rabu0\u00e9\u65e5\u0001\u001b\u007f"
    for {set n [expr {int(rand() * 24)}]} {$n > 0} {incr n -1} {
        append name [string index $alphabet [expr {int(rand() * [string length $alphabet])}]]
    }
    return $name
}

proc receive {server} {
    if {[gets $server line] < 0} {
        error "the server is gone"
    }
    if {[string index $line end] ne "\r"} {
        error "no CR LF behind [list $line]"
    }
    return [string range $line 0 end-1]
}

proc receive_record {server} {
    set record [receive $server]
    while {[catch {llength $record}]} {
        append record "\n" [receive $server]
    }
    return $record
}

set done 0
while {$done < $names} {
    set server [socket 127.0.0.1 $port]
    fconfigure $server -buffering line -translation lf -encoding utf-8
    array unset asked
    for {set i 0} {$i < 100 && $done < $names} {incr i; incr done} {
        set name [random_name]
        set request [list $name]
        if {[regexp {[\n\r]} $request]} {
            # A line ends there, whatever is open.
            set request ""
            foreach c [split $name ""] {
                append request [format \\u%04x [scan $c %c]]
            }
        }
        puts $server "GIMME $request user$i"
        set reply [receive $server]
        if {[llength $reply] != 2 || [lindex $reply 0] ne "OK"} {
            error "[list $name] was answered by [list $reply]"
        }
        set asked(user$i) [list [lindex $reply 1] $name user$i]
    }
    puts $server LIST
    set status [receive $server]
    if {$status ne [list OK $i]} {
        error "$i names, but $status"
    }
    for {set k 0} {$k < $i} {incr k} {
        set record [receive_record $server]
        if {$record ne $asked([lindex $record 2])} {
            error "asked for [list $asked([lindex $record 2])], listed [list $record]"
        }
        unset asked([lindex $record 2])
    }
    close $server
}
puts "$done names"
