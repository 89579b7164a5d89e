#!/bin/sh
# Makes fairness-vectors.json with openssl (1.1.1 or newer) and a POSIX shell: a second tool, no code of this project.
# Usage: sh test/data/make-fairness-vectors.sh > test/data/fairness-vectors.json
set -eu

# SHA-256 or HMAC prints "NAME(stdin)= <hex>": the last word is the hash.
last_word() { sed 's/^.* //'; }
# Hexadecimal digits to bytes: \ooo is the only escape of bytes that every printf knows.
bytes() { printf "$(printf '%s' "$1" | sed 's/../& /g' | xargs -n 1 sh -c 'printf "\\\\%03o" "0x$0"')"; }
text_hash() { printf '%s' "$1" | openssl dgst -sha256 | last_word; }
seed_hash() { bytes "$1" | openssl dgst -sha256 | last_word; }
hmac() { printf '%s' "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" | last_word; }

# vector SEED LOTTERY_ID WINDOW_START ENTRY_ID SEPARATOR
vector() {
  window_seed=$(hmac "$1" "$2:$3")
  printf '  {\n    "seed": "%s",\n    "seedCommitment": "%s",\n' "$1" "$(seed_hash "$1")"
  printf '    "lotteryId": "%s",\n    "windowStart": %s,\n    "windowSeed": "%s",\n' "$2" "$3" "$window_seed"
  printf '    "entryId": "%s",\n    "priority": "%s"\n  }%s\n' "$4" "$(text_hash "$window_seed:$4")" "$5"
}

counting=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
zeros=0000000000000000000000000000000000000000000000000000000000000000
ones=ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
mixed=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
entry=shardId-000000000000:49545115243490985018280067714973144582180062593244200961
other=shardId-000000000003:49545115243490985018280067714973144582180062593244200962

echo '['
vector $counting 1 1700000000000 $entry ,
vector $counting 1 1700000000000 $other ,
vector $counting 1 1700000010000 $entry ,
vector $zeros 0 0 $entry ,
vector $ones 9007199254740991 1700000000000 $other ,
vector $mixed 'Zürich 抽選 🎟' 1700000000000 $entry ,
vector $mixed 'spring@2024#2:a' 1700000000000 $other ''
echo ']'
