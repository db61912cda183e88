# fish completion of transept, made by `transept completion fish`.

function __transept_is --description 'Is this the command of the line?'
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test "$words[2]" = "$argv[1]"
end

function __transept_begins --description 'Has the line no command yet?'
    test (count (commandline -opc)) -lt 2
end

# __transept_take LIST FOUND SUFFIXES FOLDERS WORD...: what may stand there. LIST: several, commas between; FOUND: what the program
# itself finds; SUFFIXES: of files, blanks between; none at all is written "*".
function __transept_take
    set -l program (commandline -opc)[1]
    set program (string replace -r -- '^~/' "$HOME/" $program)
    set -l value (string replace -r -- '^--[a-z-]+=' '' (commandline -ct) | string trim -l -c '\'"')
    set -l before ''
    if test -n "$argv[1]"
        set before (string match -r -- '^.*,' "$value"; or echo '')
        set value (string replace -r -- '^.*,' '' "$value")
    end
    if test "$argv[2]" = cases; and string match -q -- '!*' "$value"
        set before $before'!'
        set value (string sub -s 2 -- "$value")
    end
    for word in $argv[5..-1]
        echo $before$word
    end
    if test -n "$argv[2]"
        for word in ($program complete $argv[2] -- "$value" 2>/dev/null)
            echo $before$word
        end
    end
    for suffix in (string split -n ' ' -- $argv[3])
        if test $suffix = '*'
            __fish_complete_path $value
        else
            __fish_complete_suffix $suffix
        end
    end
    if test -n "$argv[4]"
        __fish_complete_directories $value
    end
end

complete -c transept -f
complete -c transept -n __transept_begins -l help -d 'the commands'
complete -c transept -n __transept_begins -l version -d 'version and commit'
complete -c transept -n __transept_begins -a export -d 'a record in another program'\''s format'
complete -c transept -n '__transept_is export' -l format -x -a '(__transept_take "" "" "" "" json csv google-benchmark go smaller-is-better bencher junit markdown)' -d 'json, csv, google-benchmark, go, smaller-is-better, bencher, junit or markdown'
complete -c transept -n '__transept_is export' -l output -s o -x -a '(__transept_take "" "" "*" "")' -d 'write there (stdout)'
complete -c transept -n '__transept_is export' -l help -d 'this help'
complete -c transept -n '__transept_is export' -a '(__transept_take "" "" ".json" "")'
