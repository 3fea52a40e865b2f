#!/bin/bash
# Stands in for a program inside the jail: writes down how it was called, and does no more of its work than a case
# needs to go on. What a program that runs others would run is run; what a network would bring is `fetched-code`;
# what a program would send is written down too.
name=${0##*/}

record() { # one record of the log: a name and its words
    local line=
    (($# > 1)) && printf -v line '\1%s' "${@:2}"
    printf '%s%s\0' "$1" "$line" >> /log/seen
}

piped() { # whether something is fed in
    [[ -p /dev/stdin || ( -f /dev/stdin && -s /dev/stdin ) ]]
}

contents() { # what the files among some words hold
    local word file
    for word in "$@"; do
        for file in "$word" "${word#*@}" "${word#*=}" "${word#*=@}" "${word#*=<}" "${word#-?@}" "${word%%;*}"; do
            file=${file%%;*}
            if [[ -f $file ]]; then cat "$file"; elif [[ -d $file ]]; then cat "$file"/* "$file"/.[a-z]* 2> /dev/null; fi
        done
    done
}

sends() { # what would go out: files named, and what is fed in
    local sent
    sent=$(contents "$@"; if piped; then cat; fi)
    [[ -z $sent ]] || record "$name" SENT "$sent"
}

after_options() { # the words behind options; $1 holds those that take a word: "-u -g"
    local valued=" $1 "
    shift
    while (($#)) && [[ $1 == -* ]]; do
        [[ $1 == -- ]] && { shift; break; }
        if [[ $valued == *" $1 "* ]]; then shift; fi
        shift
    done
    rest=("$@")
}

in_container() { # OPTIONS NAME COMMAND...
    after_options "-v --volume -e --env -w --workdir -u --user --name -p --mount --entrypoint --network -c" "$@"
    ((${#rest[@]} > 1)) && exec "${rest[@]:1}"
    exit 0
}

download() { # brings `fetched-code`, to a file or out
    local at to='' remote='' url='' words=("$@")
    for ((at = 0; at < ${#words[@]}; at++)); do
        case ${words[at]} in
            --output=* | --output-document=*) to=${words[at]#*=} ;;
            --output | --output-document | -*o) [[ $name == curl || ${words[at]} == --* ]] && to=${words[at + 1]} ;;
            -O) if [[ $name == wget ]]; then to=${words[at + 1]}; else remote=1; fi ;;
            -*O-) to=- ;;
            -*O) [[ $name == wget ]] && to=${words[at + 1]} ;;
            -I | --head | --version) return ;;
            *://*) url=${words[at]} ;;
        esac
    done
    [[ $name == wget && -z $to ]] && remote=1
    [[ -n $remote ]] && to=${url##*/}
    if [[ -z $to || $to == - ]]; then echo fetched-code; else echo fetched-code > "$to"; fi
}

record "$name" "$@"
case $name in
    sudo | doas)
        after_options "-u -g -h -p -C -T -U -r -t -D -R" "$@"
        while [[ ${rest[0]} == *=* ]]; do export "${rest[0]}"; rest=("${rest[@]:1}"); done
        ((${#rest[@]})) && exec "${rest[@]}" ;;
    busybox | strace | chronic | ionice | stdbuf | unbuffer | caffeinate | xvfb-run)
        after_options "-c -n -o -e -p" "$@"; exec "${rest[@]}" ;;
    flock) after_options "-w" "$@"; exec "${rest[@]:1}" ;;
    su | runuser) for ((at = 1; at < $#; at++)); do [[ ${!at} == -c ]] && { at=$((at + 1)); exec bash -c "${!at}"; }; done ;;
    ssh)
        after_options "-p -i -l -o -F -J -L -R -D" "$@"
        fed=''; if piped; then fed=$(cat); record ssh SENT "$fed"; fi
        ((${#rest[@]} > 1)) && exec bash -c "${rest[*]:1}" <<< "$fed" ;;
    docker | podman)
        case "$1 $2" in
            "compose exec" | "compose run") in_container "${@:3}" ;;
            exec\ * | run\ *) in_container "${@:2}" ;;
            "ps -aq") echo 0a1b2c ;;
        esac ;;
    kubectl | oc)
        if [[ " $* " == *" exec "* && " $* " == *" -- "* ]]; then
            while [[ $1 != -- ]]; do shift; done
            exec "${@:2}"
        elif [[ " $* " == *" -o name "* ]]; then echo pod/web-0; fi ;;
    curl | wget) sends "$@"; download "$@" ;;
    nc | ncat | scp | rsync | aws | gh | http | mail | sftp | telnet) sends "$@" ;;
    psql | mysql | mariadb | sqlite3 | sqlcmd | snowsql | duckdb | clickhouse-client | mongosh | redis-cli | crontab | at | batch)
        if piped; then record "$name" "$@" FED "$(cat)"; fi ;;
    chmod) if [[ " $* " == *" -R "* || " $* " == *" --recursive "* ]]; then exit 0; else exec /real/chmod "$@"; fi ;;
    find) if [[ " $* " == *" -delete "* ]]; then exit 0; else exec /real/find "$@"; fi ;;
    dd) for word in "$@"; do [[ $word == of=/w/* ]] && echo x > "${word#of=}"; done ;;
    rev) while IFS= read -r line; do
            out=''
            for ((at = ${#line} - 1; at >= 0; at--)); do out+=${line:at:1}; done
            echo "$out"
        done < <(cat "$@") ;;
    xxd)
        if [[ $1 == -r ]]; then read -r line; while [[ -n $line ]]; do printf "\\x${line:0:2}"; line=${line:2}; done
        else cat "$@"; fi ;;
    tar) if [[ $1 == *c*f* && $2 != - ]]; then contents "${@:3}" > "$2"; else contents "${@:2}"; fi ;;
    less | more | bat | od | hexdump | strings | gzip) [[ $name == gzip || $1 == -* ]] && shift; cat "$@" ;;
    fetched-code) ;;
esac
