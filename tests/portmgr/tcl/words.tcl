# Tcl's own opinion on words and lists, a line at a time, all in hex.
#   quote HEX   any bytes, as list writes them behind another word
#   split HEX   UTF-8: the words of a list, "-" for an empty one; or "no list"
fconfigure stdout -buffering line
while {[gets stdin line] >= 0} {
    lassign $line what hex
    set text [binary decode hex $hex]
    if {$what eq "quote"} {
        puts [binary encode hex [string range [list x $text] 2 end]]
        continue
    }
    set text [encoding convertfrom utf-8 $text]
    if {[catch {llength $text}]} {
        puts "no list"
        continue
    }
    set words {}
    foreach word $text {
        set hex [binary encode hex [encoding convertto utf-8 $word]]
        if {$hex eq ""} {
            set hex -
        }
        lappend words $hex
    }
    puts [join $words " "]
}
