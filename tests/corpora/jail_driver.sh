#!/bin/bash
# Runs the texts in /cases one after the other inside the jail, as nobody, each in a fresh project and home.
# /log/seen holds, ended by NUL: what the stubs wrote, then what came out, then what became new or went away.
shopt -s nullglob
ulimit -t 5
export PATH=/bin HOME=/w/home USER=erika LANG=C.UTF-8 API_TOKEN="$MARK" BUILD_DIR=build
export DATABASE_URL=postgres://db.example.com/app

fresh() {
    /real/rm -rf /w/home /w/project /etc/* /tmp/*
    /real/cp -a /template/w/. /w
    /real/cp -a /template/etc/. /etc
    : > /dev/sda; : > /dev/sdb
    /real/sleep 0.01 # the clock of files ticks slowly
    : > /w/old
    /real/sleep 0.01
}

run() {
    cd /w/project && exec /bin/bash -c "$(< "$1")" bash < /dev/null 2>&1
}

fresh
for ((number = 0; number < $1; number++)); do
    output=$(run "/cases/$number" 2> /dev/null)
    changed=$(/real/find /w/home /w/project /etc /dev/sda /dev/sdb -cnewer /w/old -printf '%y %p\n')
    printf '\1%s\0\1%s\0' "$output" "$changed" >> /log/seen
    [[ -z $changed ]] || fresh
done
