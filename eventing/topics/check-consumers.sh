#!/usr/bin/env bash
# check-consumers.sh: waits until each consumer group in CONSUMER_GROUPS has a member, for WAIT_SECONDS (120) at most. A
# KafkaSource is Ready with a broker that it cannot reach or a login that is refused; only the broker knows who reads.
set -euo pipefail
source "${BASH_SOURCE%/*}/rpk.sh"

deadline=$((SECONDS + ${WAIT_SECONDS:-120}))
while :; do
  missing=''
  for group in $CONSUMER_GROUPS; do
    summary=$(ask group describe "$group" --print-summary)
    [[ $summary =~ (^|$'\n')MEMBERS[[:space:]]+[1-9] ]] || missing+=" $group"
  done
  if [ -z "$missing" ]; then
    echo "every consumer group has a member: $CONSUMER_GROUPS"
    exit 0
  fi
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo "no KafkaSource reads for:$missing. Its status does not show that; the dispatcher's log does:" >&2
    echo "kubectl -n knative-eventing logs -l app=kafka-source-dispatcher --tail=50" >&2
    exit 1
  fi
  sleep 3
done
