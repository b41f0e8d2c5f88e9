package function

import (
	"net/http"
	"os"
	"time"
)

const (
	// writeTimeout is how long a client may take to read the next 16 KiB of a response, and answerTime all of it.
	writeTimeout = 5 * time.Second
	answerTime   = 25 * time.Second
)

// outgoing forwards a function's response to a client, which must keep reading.
type outgoing struct {
	http.ResponseWriter
	control *http.ResponseController
	room    *room
	client  string
	seat    *seat // from the first byte on
	last    time.Time
}

// Write implements io.Writer.
func (a *outgoing) Write(p []byte) (int, error) {
	now := time.Now()
	if a.seat == nil {
		a.last = now.Add(answerTime)
		a.seat = a.room.join(a.client, 1, func() { _ = a.control.SetWriteDeadline(time.Unix(1, 0)) })
	}
	deadline := now.Add(writeTimeout)
	if deadline.After(a.last) {
		deadline = a.last
	}
	_ = a.control.SetWriteDeadline(deadline)
	if a.seat.evicted() { // which has set a deadline too
		return 0, os.ErrDeadlineExceeded
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *outgoing) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// end gives back what the answer takes. What is still in net/http's buffer has the last deadline.
func (a *outgoing) end() {
	if a.seat != nil {
		a.seat.leave()
	}
}
