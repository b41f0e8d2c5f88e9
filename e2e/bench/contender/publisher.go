package contender

import (
	"bytes"
	"context"
	"time"

	"taskwire.dev/e2e/bench/generator"
)

// Hub is a contender that delivers what is published to a channel to the streams of that channel.
type Hub interface {
	Contender
	// Connect opens a stream for each of so many channels, and connections that publish changes of so many bytes to them.
	Connect(channels, connections, size int) error
	Address() string
	Feed(channel int) generator.Feed
	Author(channels, size int) func(i int) generator.Author
	// CPU is the CPU time that its processes have used, and Memory what is resident in the one that has the streams.
	CPU(context.Context) (map[string]time.Duration, error)
	Memory(context.Context) (int64, error)
}

// connect opens a hub's streams and connections.
func connect(h Hub, to *hub, channels, connections, size int) error {
	feeds := make([]generator.Feed, channels)
	for i := range feeds {
		feeds[i] = h.Feed(i)
	}
	return to.connect(h.Address(), feeds, connections, h.Author(channels, size))
}

// publisher publishes to one channel after the other.
type publisher struct {
	channels, channel int
	body              []byte
	publish           func(w *generator.Wire, p *publisher, due time.Time) error
}

// Write implements generator.Author.
func (p *publisher) Write(w *generator.Wire, due time.Time) error {
	p.channel = (p.channel + 1) % p.channels
	return p.publish(w, p, due)
}

// payload appends a change of about so many bytes: a JSON object with the moment.
func payload(body []byte, due time.Time, size int) []byte {
	start := len(body)
	body = generator.AppendMoment(append(body, `{"title":"Made by `...), due)
	body = append(body, `","rest":"`...)
	if missing := size - (len(body) - start) - 2; missing > 0 {
		body = append(body, bytes.Repeat([]byte("x"), missing)...)
	}
	return append(body, `"}`...)
}

func anyChange(_, data []byte) bool { return generator.HasMoment(data) }
