package stack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
)

// portsWait is how long ports may stay taken: a killed process holds its ports until its memory is freed.
const portsWait = 5 * time.Second

// checkPorts fails if another process listens on a port: a part would exit again and again, and a health check could
// even mistake the other process for it.
func (s *Stack) checkPorts(ctx context.Context, running []supervise.Status) error {
	deadline := time.Now().Add(portsWait)
	for {
		taken := s.takenPorts(running)
		if len(taken) == 0 {
			return nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("ports are taken:\n%s\nEnd those processes, or choose other ports with --port and --base (make up PORT=… BASE=…)",
				strings.Join(taken, "\n"))
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// takenPorts describes, for each port that the stack needs and another process has, that process.
func (s *Stack) takenPorts(running []supervise.Status) (taken []string) {
	for _, part := range s.needs() {
		// A part's ports move together, so it is enough to compare its main port.
		ours := func(r supervise.Status) bool { return r.Name == part.name && slices.Contains(part.ports, r.Port) }
		if slices.ContainsFunc(running, ours) {
			continue
		}
		for _, port := range part.ports {
			if proc.Free(port) {
				continue
			}
			holder, found := proc.FindListener(port)
			if !found {
				holder = proc.Listener{Port: port}
			}
			taken = append(taken, fmt.Sprintf("  %s (needed by %s)", holder, part.name))
		}
	}
	return taken
}

// split divides the names of running parts: those that this run does not have, and whose port a part of it needs, are in the way.
func (s *Stack) split(running []supervise.Status) (keep, inTheWay []string) {
	needs := s.needs()
	for _, r := range running {
		has := slices.ContainsFunc(needs, func(n need) bool { return n.name == r.Name })
		if !has && slices.ContainsFunc(needs, func(n need) bool { return slices.Contains(n.ports, r.Port) }) {
			inTheWay = append(inTheWay, r.Name)
		} else {
			keep = append(keep, r.Name)
		}
	}
	return keep, inTheWay
}

// need is a part of this run and its ports.
type need struct {
	name  string
	ports []int
}

// needs lists every part of this run.
func (s *Stack) needs() (all []need) {
	add := func(part string, ports ...int) { all = append(all, need{part, ports}) }
	if s.options.DatabaseURL == "" {
		add("postgres", s.profile.PostgresPort())
	}
	if s.options.RedisURL == "" {
		add("redis", s.profile.RedisPort())
	}
	if s.options.KafkaBrokers == "" {
		ports := []int{s.profile.BrokerPort()}
		if s.options.Apache {
			ports = append(ports, s.profile.ControllerPort())
		}
		add("broker", ports...)
	}
	if s.catchesMail() {
		add("mailpit", s.mailpit().Ports()...)
	}
	if s.signsInElsewhere() {
		add("provider", s.profile.ProviderPort())
	}
	if !s.options.InfraOnly {
		add(topicsPart, s.profile.TopicsPort())
	}
	if s.options.Observe {
		add("victoriametrics", s.profile.MetricsPort())
		add("vmalert", s.profile.AlertsPort())
		add("jaeger", s.tracesStore().Ports()...)
	}
	for _, i := range s.instances() {
		add(i.name(), s.port(i))
		if car, ok := s.sidecar(i); ok {
			add(i.name()+"-dapr", car.Ports()...)
		}
	}
	return all
}
