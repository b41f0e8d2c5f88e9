package stack

import (
	"fmt"
	"net"
	"net/url"
	"strconv"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/sidecar"
	"taskwire.dev/tools/function"
)

const (
	// linkShift is the distance from a part's port to the one that others use for it in a stack with Proxied.
	linkShift = 600
	// ownShift is the distance from a function's port to the one that its own sidecar uses for it there.
	ownShift = 660
	// httpLinks and grpcLinks are the distances from the profile's base to the ports that functions use for their
	// sidecars there.
	httpLinks, grpcLinks = 840, 920
)

// Link is a connection from parts to a part, or to the copies of one. In a stack with Proxied parts only use these, and
// a test must listen there and forward connections to one of To: that lets it disturb them.
type Link struct {
	Name   string   `json:"name"`
	Listen string   `json:"listen"`
	To     []string `json:"to"`
}

// Links lists the links that Up with these options would need. Nothing is started.
func Links(p profile.Profile, options Options) ([]Link, error) {
	if err := p.Prepare(); err != nil {
		return nil, err
	}
	options.Proxied = true
	s := &Stack{profile: p, options: options}
	var err error
	if s.functions, err = function.Discover(p.Root); err != nil {
		return nil, err
	}
	if s.slots, err = p.Slots(names(s.functions)); err != nil {
		return nil, err
	}
	return s.links(), nil
}

func (s *Stack) links() []Link {
	var all []Link
	add := func(name string, listen int, to ...int) {
		l := Link{Name: name, Listen: loopback(listen)}
		for _, port := range to {
			l.To = append(l.To, loopback(port))
		}
		all = append(all, l)
	}
	for name, port := range map[string]int{
		"all to postgres": s.profile.PostgresPort(), "all to redis": s.profile.RedisPort(), "all to broker": s.profile.BrokerPort(),
	} {
		add(name, s.through(port), port)
	}
	for _, f := range s.functions {
		var ports []int
		for _, i := range s.copiesOf(f) {
			ports = append(ports, s.port(i))
			car, ok := s.sidecar(i)
			if !ok {
				continue
			}
			add(i.name()+"-dapr to "+i.name(), s.own(s.port(i)), s.port(i))
			linked := s.linkedSidecar(i, car)
			add(i.name()+" to "+i.name()+"-dapr", linked.GRPCPort, car.GRPCPort)
			add(i.name()+" to "+i.name()+"-dapr by HTTP", linked.HTTPPort, car.HTTPPort)
		}
		add("all to "+f.Name, s.through(ports[0]), ports...)
	}
	return all
}

// through returns the port that others use for a port.
func (s *Stack) through(port int) int {
	if s.options.Proxied {
		return port + linkShift
	}
	return port
}

// own returns the port that a function's own sidecar uses for it.
func (s *Stack) own(port int) int {
	if s.options.Proxied {
		return port + ownShift
	}
	return port
}

// linkedSidecar is a sidecar as its function should reach it.
func (s *Stack) linkedSidecar(i instance, car sidecar.Sidecar) sidecar.Sidecar {
	if s.options.Proxied {
		slot := s.slots[i.Name] + i.copy*copySlots
		car.HTTPPort, car.GRPCPort = s.profile.Base+httpLinks+slot, s.profile.Base+grpcLinks+slot
	}
	return car
}

// reached returns the URL that others use for a function, for any copy of it.
func (s *Stack) reached(f function.Function) string {
	return fmt.Sprintf("http://127.0.0.1:%d", s.through(s.port(instance{Function: f})))
}

// linked returns an address as the functions should use it.
func (s *Stack) linked(address string) (string, error) {
	if !s.options.Proxied {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return "", fmt.Errorf("%s has no port", u.Redacted())
	}
	u.Host = net.JoinHostPort(u.Hostname(), strconv.Itoa(s.through(port)))
	return u.String(), nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func names(functions []function.Function) []string {
	all := make([]string, 0, len(functions))
	for _, f := range functions {
		all = append(all, f.Name)
	}
	return all
}
