// Package progress shows what is being done and for how long: a moving line on a terminal, plain lines in a pipe or a
// log.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// maxSilence is the longest silence in a pipe.
const maxSilence = 20 * time.Second

// Reporter writes progress; it is safe for concurrent steps.
type Reporter struct {
	mu      sync.Mutex
	out     io.Writer
	live    bool
	running []*Step
	stop    chan struct{}
}

// Step is one thing being done.
type Step struct {
	reporter *Reporter
	name     string
	started  time.Time
	spoken   time.Time
}

// New writes to out; it draws a moving line if out is a terminal.
func New(out *os.File) *Reporter {
	info, err := out.Stat()
	live := err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	r := &Reporter{out: out, live: live, stop: make(chan struct{})}
	go r.tick()
	return r
}

// Close ends the moving line.
func (r *Reporter) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.stop:
	default:
		close(r.stop)
		r.clear()
	}
}

// Say prints a separate line.
func (r *Reporter) Say(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	fmt.Fprintf(r.out, format+"\n", args...)
	r.draw()
}

// Step begins a step; exactly one of Done and Fail ends it.
func (r *Reporter) Step(format string, args ...any) *Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	s := &Step{reporter: r, name: fmt.Sprintf(format, args...), started: now, spoken: now}
	r.running = append(r.running, s)
	r.clear()
	r.draw()
	return s
}

// Do runs work as a step.
func (r *Reporter) Do(name string, work func() error) error {
	s := r.Step("%s", name)
	if err := work(); err != nil {
		s.Fail()
		return fmt.Errorf("%s: %w", lowerFirst(name), err)
	}
	s.Done("")
	return nil
}

// Done ends the step as successful; note, when not empty, is printed after its name.
func (s *Step) Done(note string) { s.end("✓", note) }

// Fail ends the step as failed; the caller reports the error itself.
func (s *Step) Fail() { s.end("✗", "failed") }

func (s *Step) end(mark, note string) {
	r := s.reporter
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, other := range r.running {
		if other == s {
			r.running = append(r.running[:i], r.running[i+1:]...)
			break
		}
	}
	name := s.name
	if note != "" {
		name += " (" + note + ")"
	}
	r.clear()
	fmt.Fprintf(r.out, "  %s %-48s %s\n", mark, name, seconds(time.Since(s.started)))
	r.draw()
}

// tick moves the line, or breaks a long silence.
func (r *Reporter) tick() {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-r.stop:
			return
		case now := <-ticker.C:
			r.mu.Lock()
			if r.live {
				r.clear()
				r.draw()
			} else {
				for _, s := range r.running {
					if now.Sub(s.spoken) >= maxSilence {
						s.spoken = now
						fmt.Fprintf(r.out, "  … %-48s %s\n", s.name, seconds(now.Sub(s.started)))
					}
				}
			}
			r.mu.Unlock()
		}
	}
}

func (r *Reporter) clear() {
	if r.live {
		fmt.Fprint(r.out, "\r\x1b[K")
	}
}

func (r *Reporter) draw() {
	if !r.live || len(r.running) == 0 {
		return
	}
	spinner := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
	parts := make([]string, 0, len(r.running))
	for _, s := range r.running {
		parts = append(parts, fmt.Sprintf("%s %s", s.name, seconds(time.Since(s.started))))
	}
	line := []rune(strings.Join(parts, " · "))
	if len(line) > 100 {
		line = append(line[:99], '…')
	}
	turn := int(time.Now().UnixMilli()/200) % len(spinner)
	fmt.Fprintf(r.out, "  %c %s", spinner[turn], string(line))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%5.1f s", d.Seconds()) }

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
