package cluster

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFollow_ContinuesALogThatBreaksOff: the API server is away when the pod is first looked at, and again in the middle of a
// line of its log. Each line is copied once.
func TestFollow_ContinuesALogThatBreaksOff(t *testing.T) {
	_, c := fakeKubectl(t, `
away() { echo 'Unable to connect to the server: net/http: TLS handshake timeout' >&2; exit 1; }
case "$*" in
*"get pod "*)
  echo x >>$STATE/looks
  case $(wc -l <$STATE/looks) in
  1|3) away ;;
  2|4) echo '{"status":{"phase":"Running"}}' ;;
  *) echo '{"status":{"phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"exitCode":0}}}]}}' ;;
  esac ;;
*"logs "*"--since-time=2026-11-28T12:00:01Z"*)
  echo '2026-11-28T12:00:01.25Z second'
  echo '2026-11-28T12:00:01.5Z third, whole'
  echo '2026-11-28T12:00:02Z ' ;;
*"logs "*)
  echo '2026-11-28T12:00:00.5Z first'
  echo '2026-11-28T12:00:01.25Z second'
  printf '2026-11-28T12:00:01.5Z thi'
  away ;;
esac
`)
	var out bytes.Buffer
	if err := (&Target{Cluster: c}).follow(t.Context(), &out); err != nil {
		t.Error(err)
	}
	if want := "first\nsecond\nthird, whole\n\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestFollow_SaysWhyThePodCannotStart(t *testing.T) {
	_, c := fakeKubectl(t, `echo '{"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff","message":"not found"}}}]}}'`)
	if err := (&Target{Cluster: c}).follow(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "ImagePullBackOff: not found") {
		t.Errorf("error %v", err)
	}
}

func TestFollow_FailsWithTheTests(t *testing.T) {
	_, c := fakeKubectl(t, `
case "$*" in
*"get pod "*) echo '{"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}' ;;
*"logs "*) echo '2026-11-28T12:00:00Z --- FAIL: TestOne' ;;
esac
`)
	var out bytes.Buffer
	err := (&Target{Cluster: c}).follow(t.Context(), &out)
	if err == nil || !strings.Contains(err.Error(), "tests failed: OOMKilled, exit code 137") || out.String() != "--- FAIL: TestOne\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestQuery_OtherErrorsAreNotTriedAgain(t *testing.T) {
	state, c := fakeKubectl(t, `echo x >>$STATE/asked; echo 'Error from server (Forbidden): secrets is forbidden' >&2; exit 1`)
	if _, err := c.get(t.Context(), new(any), "secret", "one"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("error %v", err)
	}
	if asked, _ := os.ReadFile(filepath.Join(state, "asked")); string(asked) != "x\n" {
		t.Errorf("asked %q, want once", asked)
	}
}
