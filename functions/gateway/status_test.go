package function

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a part that responds after a delay, with err.
func slow(timeout, while time.Duration, err error) *part {
	return &part{timeout: timeout, check: func(ctx context.Context) error {
		select {
		case <-time.After(while):
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
}

func TestPart(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		part *part
		want []string // the status when asked again at once
	}{
		"quick":                            {slow(checkTimeout, time.Second, nil), []string{up, up}},
		"broken":                           {slow(checkTimeout, time.Second, broken), []string{down, down}},
		"hanging":                          {slow(checkTimeout, time.Hour, nil), []string{down, down}},
		"quick function":                   {slow(wakeTimeout, time.Second, nil), []string{up, up}},
		"broken function":                  {slow(wakeTimeout, time.Second, broken), []string{down, down}},
		"function that wakes":              {slow(wakeTimeout, 5*time.Second, nil), []string{waking, waking, up}},
		"function that does not wake":      {slow(wakeTimeout, 5*time.Second, broken), []string{waking, waking, down, down}},
		"function that never says a thing": {slow(5*time.Second, time.Hour, nil), []string{waking, waking, down, down, down, down}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for i, want := range c.want {
					if said := c.part.ask(t.Context()); said != want {
						t.Fatalf("answer %d is %s, want %s", i+1, said, want)
					}
				}
			})
		})
	}
}

// A late response describes an earlier state, so the part is checked again.
func TestPart_IsAskedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan error, 1)
		p := &part{timeout: wakeTimeout, check: func(context.Context) error { return <-answer }}
		if said := p.ask(t.Context()); said != waking {
			t.Fatalf("it is %s", said)
		}
		answer <- nil
		synctest.Wait()
		answer <- errors.New("broken")
		if said := p.ask(t.Context()); said != down {
			t.Fatalf("it is %s after it broke", said)
		}
	})
}
