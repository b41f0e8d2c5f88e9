package load

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/e2e/client"
)

// away is a server that refuses everything for now.
type away struct{}

func (away) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"application/problem+json"}, "Retry-After": {"1"}}
	return &http.Response{
		StatusCode: http.StatusServiceUnavailable, Header: header, Body: io.NopCloser(strings.NewReader("{}")), Request: r,
	}, nil
}

func TestWriter_SendsNothingNewWhileVeryManyWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const rate, most = 5, 40
		w := NewWriter([]*User{{call: client.New("http://localhost", away{}), tasks: map[string]*Task{}}}, rate)
		ctx, giveUp := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.Run(ctx, nil, 1)
		}()
		time.Sleep(3 * maxPending)
		w.mu.Lock()
		waiting := w.pending
		w.mu.Unlock()
		if waiting != most {
			t.Errorf("%d writes wait, want %d", waiting, most)
		}
		giveUp()
		<-ended
	})
}
