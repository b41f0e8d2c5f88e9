package function

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

const (
	// smallBody is the maximal size in bytes of a body that is read before the request takes a place.
	smallBody = 64 << 10
	// seatSize is the memory of a request in addition to its body while that is read.
	seatSize = 4 << 10
	// bodyGrace is how long a body may take in any case, bodyRate the bytes a second that it must have on average after
	// that, and bodyTime the end: the functions' servers give up on a body after 30 s.
	bodyGrace = 5 * time.Second
	bodyRate  = 1 << 10
	bodyTime  = 25 * time.Second
)

// receiver reads the bodies of requests. Small ones are read completely before the function is called: until then a request takes
// some memory and no place. Larger ones are streamed.
type receiver struct {
	known     *room // bytes; of clients with a token
	anonymous *room // bytes; of all others
	uploads   *room // bodies that are streamed
}

func newReceiver(places int) *receiver {
	// A quarter of it is enough for some 120 sign-ins from one address that wait in its line at the bulkhead. Bodies under way
	// get less.
	anonymous := newRoom(2 << 20)
	anonymous.pending = anonymous.size / 8
	return &receiver{known: newRoom(6 << 20), anonymous: anonymous, uploads: newRoom(max(4, places/8))}
}

// receive reads r's body, if it is small. release gives back what it takes of memory, when the request has ended.
func (o *receiver) receive(w http.ResponseWriter, r *http.Request, c client, limit int64) (b *body, release func(), err error) {
	if r.Body == http.NoBody {
		return nil, func() {}, nil
	}
	b = &body{source: http.MaxBytesReader(w, r.Body, limit), control: http.NewResponseController(w), began: time.Now()}
	if r.ContentLength > smallBody {
		if b.seat, err = o.uploads.enter(c.key, 1, b.end); err != nil {
			return nil, nil, err
		}
		r.Body = b
		return b, b.seat.leave, nil
	}
	size := r.ContentLength
	if size < 0 {
		size = smallBody
	}
	room := o.known
	if !c.known {
		room = o.anonymous
	}
	if b.seat, err = room.enter(c.key, int(size)+seatSize, b.end); err != nil {
		return nil, nil, err
	}
	memory := b.seat
	var text []byte
	if r.ContentLength < 0 {
		text, err = io.ReadAll(io.LimitReader(b, smallBody+1))
	} else {
		text = make([]byte, size)
		_, err = io.ReadFull(b, text)
	}
	if err != nil {
		memory.leave()
		return b, nil, err
	}
	memory.arrived()
	if len(text) <= smallBody {
		setBody(r, text)
		return b, memory.leave, nil
	}
	if b.seat, err = o.uploads.enter(c.key, 1, b.end); err != nil { // it is in chunks, and larger than it looked
		memory.leave()
		return nil, nil, err
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(text), b), b}
	return b, func() { memory.leave(); b.seat.leave() }, nil
}

// setBody gives r a body that has been read.
func setBody(r *http.Request, text []byte) {
	r.ContentLength, r.TransferEncoding, r.Trailer = int64(len(text)), nil, nil
	if len(text) == 0 {
		r.Body = http.NoBody
		return
	}
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	r.Body, _ = r.GetBody()
}

// body is a body on its way from a client. Its errors can be told from those of the function that it is sent to.
type body struct {
	source  io.ReadCloser
	control *http.ResponseController
	began   time.Time
	n       int64
	seat    *seat
	read    atomic.Bool // to its end
	late    atomic.Bool // it was too slow
}

// bodyError is an error that the client caused.
type bodyError struct{ error }

func (e bodyError) Unwrap() error { return e.error }

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(b.began.Add(min(bodyGrace+time.Duration(b.n)*time.Second/bodyRate, bodyTime)))
	if b.seat.evicted() { // which has set a deadline too
		b.late.Store(true)
		return 0, bodyError{os.ErrDeadlineExceeded}
	}
	n, err := b.source.Read(p)
	b.n += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		b.read.Store(true)
		b.seat.arrived()
		_ = b.control.SetReadDeadline(time.Time{}) // it would look as if the client had gone
	case err != nil:
		b.late.Store(errors.Is(err, os.ErrDeadlineExceeded))
		err = bodyError{err}
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error { return b.source.Close() }

// end makes what waits for more of the body fail.
func (b *body) end() { _ = b.control.SetReadDeadline(time.Unix(1, 0)) }

// fault returns the fault for an error of reading the body.
func (b *body) fault(err error) error {
	if b.late.Load() {
		return fault.New(fault.RequestTimeout, "the body came too slowly: after %v it must have %d bytes a second, and end within %v", bodyGrace, bodyRate, bodyTime)
	}
	return httpapi.BodyFault(err, "the body did not arrive whole")
}

// refuse answers a request whose body cannot be read. net/http takes the client for gone when the deadline of a read has
// passed, so the answer needs a separate context.
func (b *body) refuse(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Connection", "close")
	if b.late.Load() {
		r = r.WithContext(context.WithoutCancel(r.Context()))
	}
	httpapi.WriteProblem(w, r, b.fault(err))
}
