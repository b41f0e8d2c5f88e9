# Sourced by the scripts beside it. Where the broker is and how to log in is in RPK_* variables.

# ask runs rpk and prints what it says. When the broker does not answer it ends the script with 75, EX_TEMPFAIL: the Job then
# tries again. Any other failure, such as a login that the broker refuses, ends it with 1, which fails the Job at once.
ask() {
  local said
  if said=$(rpk "$@" 2>&1); then
    echo "$said"
    return
  fi
  echo "rpk $*: $said" >&2
  case $said in
    *'unable to dial'* | *'connection refused'* | *'no such host'* | *'i/o timeout'* | *'deadline exceeded'* | *'request timeout'*)
      echo "the broker $RPK_BROKERS does not answer" >&2
      exit 75 ;;
  esac
  exit 1
}
