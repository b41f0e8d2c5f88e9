package function

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// pathStream is the route of the live stream.
const pathStream = "/api/stream/tasks"

// stream opens a live stream. All that can be refused is refused before the response begins.
func (f *Function) stream(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return httpapi.NotAllowed(w, r, http.MethodGet, http.MethodHead)
	}
	who, err := f.listener(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		streams(w.Header())
		w.WriteHeader(http.StatusOK)
		return nil
	}
	sub := stream.Subscriber{UserID: who.UserID, ExpiresAt: who.ExpiresAt, Session: who.SessionID, LastID: r.Header.Get("Last-Event-ID")}
	if who.Personal {
		sub.Token = who.TokenID
	}
	s, err := f.hub.Open(r.Context(), sub)
	if err != nil {
		return err
	}
	streams(w.Header())
	if r.ProtoMajor == 1 && r.ProtoMinor == 1 {
		return f.serveBare(s, w, r)
	}
	return serveResponse(s, w, r)
}

// streams sets the header of a stream.
func streams(h http.Header) {
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events back
}

// listener returns who asks for a stream, by header or by cookie. A token in the URL would end up in logs.
func (f *Function) listener(r *http.Request) (token.Principal, error) {
	raw, err := token.FromRequest(r)
	if r.Header.Get("Authorization") == "" {
		secure := strings.HasPrefix(f.config.PublicURL, "https://")
		cookie, ambiguous := httpapi.Cookie(r, httpapi.CookieName(httpapi.SessionCookie, secure))
		if ambiguous != nil {
			err = ambiguous
		} else if cookie != "" {
			raw, err = cookie, nil
		}
	}
	if err != nil {
		return token.Principal{}, err
	}
	who, err := f.tokens.Verify(r.Context(), raw)
	if err != nil {
		return who, err
	}
	if err := who.Require(token.ScopeRead); err != nil {
		return who, err
	}
	return who, f.log.Accept(r.Context(), who)
}

// serveBare takes the connection away from net/http, which would keep two buffers and two goroutines for each
// stream. It returns as soon as the stream is live.
func (f *Function) serveBare(s *stream.Stream, w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Connection", "close")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\n")
	if err := h.Write(&head); err != nil {
		s.Close()
		return err
	}
	head.WriteString("\r\n")
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.Close()
		return fault.Wrap(fault.Internal, err, "the connection does not support streams")
	}
	s.Serve(r.Context(), stream.NewConn(conn, head.Bytes()))
	return nil
}

// serveResponse streams over whatever else net/http speaks. It returns when the stream has ended.
func serveResponse(s *stream.Stream, w http.ResponseWriter, r *http.Request) error {
	out := &response{w: w, control: http.NewResponseController(w), gone: r.Context().Done()}
	// func-go's 30 s for a request would end the stream.
	_ = out.control.SetReadDeadline(time.Time{})
	w.WriteHeader(http.StatusOK)
	s.Serve(r.Context(), out)
	select {
	case <-s.Done():
	case <-r.Context().Done():
		s.Abort()
		<-s.Done()
	}
	_ = out.control.SetWriteDeadline(time.Now().Add(stream.WriteTimeout)) // for the end of the response
	return nil
}

// response is a stream.Sink on a response of net/http.
type response struct {
	w       http.ResponseWriter
	control *http.ResponseController
	gone    <-chan struct{}
}

// Write implements stream.Sink.
func (o *response) Write(frames [][]byte) error {
	if err := o.control.SetWriteDeadline(time.Now().Add(stream.WriteTimeout)); err != nil {
		return err
	}
	for _, frame := range frames {
		if _, err := o.w.Write(frame); err != nil {
			return err
		}
	}
	return o.control.Flush()
}

// Gone implements stream.Sink.
func (o *response) Gone() bool {
	select {
	case <-o.gone:
		return true
	default:
		return false
	}
}

// Close implements stream.Sink.
func (o *response) Close() { _ = o.control.SetWriteDeadline(time.Unix(1, 0)) }
