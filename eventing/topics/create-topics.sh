#!/usr/bin/env bash
# create-topics.sh FILE: makes the topics that the file lists and sets their retention, by rpk. It never changes the
# partitions of a topic that is there: a user's events would go to another one than before.
set -euo pipefail
source "${BASH_SOURCE%/*}/rpk.sh"

list=$1 line=0 name='' partitions='' days=''

fail() { echo "$list:$line: $*" >&2; exit 1; }

create() { # the topic that was read
  [ -n "$name" ] || return 0
  [ -n "$partitions" ] && [ -n "$days" ] || fail "topic $name needs partitions and a retention in days such as 7d"
  # -1: as many replicas as the broker is set up for.
  ask topic create "$name" --if-not-exists --partitions "$partitions" --replicas -1 --topic-config cleanup.policy=delete
  ask topic alter-config "$name" --set "retention.ms=$((days * 24 * 60 * 60 * 1000))"
  name='' partitions='' days=''
}

# The image has no YAML parser. The list is of one shape, and what is not is an error.
while IFS= read -r text || [ -n "$text" ]; do
  line=$((line + 1))
  if [[ $text =~ ^\ *(#.*)?$ || $text == topics: ]]; then
    continue
  elif [[ $text =~ ^\ *-\ name:\ ([a-z0-9-]+)$ ]]; then
    next=${BASH_REMATCH[1]}
    create
    name=$next
  elif [[ $text =~ ^\ +partitions:\ ([1-9][0-9]*)$ ]]; then
    partitions=${BASH_REMATCH[1]}
  elif [[ $text =~ ^\ +retention:\ ([1-9][0-9]*)d$ ]]; then
    days=${BASH_REMATCH[1]}
  else
    fail "not understood: $text"
  fi
done <"$list"
create
