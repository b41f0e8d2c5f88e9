package suite

import (
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
)

// end2end is the module that needs the whole stack.
const end2end = "e2e"

// One package at a time: they share the stack. Never from the cache: the stack is another one.
var onOneStack = []string{"test", vetted, "-v", "-count=1", "-p=1", "-timeout=60m"}

// endToEnd tests the running stack from outside. The tests that kill parts go on when it returns; the returned function
// waits for them.
func (s *suite) endToEnd(ctx context.Context, values stack.Values) (chaos func()) {
	all, err := s.endToEndPackages(ctx)
	if err != nil {
		s.Note("list the end-to-end tests", 0, err)
		return func() {}
	}
	packages := inOrder(all)
	run := func(name string, packages []string) {
		s.run(ctx, name, s.endToEndEnv(s.profile, values), slices.Concat(onOneStack, packages)...)
	}
	run("end-to-end tests: the interfaces", packages.first)
	chaos = s.chaos(ctx, packages.chaos)
	run("end-to-end tests: the rest", packages.rest)
	conclude := s.beside(ctx, []check{s.packageCheck(values, "add-a-function.md as written", tutorial)})
	run("end-to-end tests beside the tutorial", packages.besideTutorial)
	conclude()
	return chaos
}

// someEndToEnd runs the tests that match the option Run, all on the stack.
func (s *suite) someEndToEnd(ctx context.Context, values stack.Values) {
	packages, err := s.endToEndPackages(ctx)
	if err != nil {
		s.Note("list the end-to-end tests", 0, err)
		return
	}
	s.run(ctx, "end-to-end tests", s.endToEndEnv(s.profile, values), slices.Concat(onOneStack, []string{"-run", s.options.Run}, packages)...)
}

// Packages of end-to-end tests that run beside others.
const (
	// alerts watches metrics and alerts. It needs what the others have done, and mostly waits, so it runs beside the browser.
	alerts = "observe"
	// tutorial mostly builds, and needs the broker and the gateway, so it runs beside besideTutorial.
	tutorial = "tutorial"
)

// besideTutorial are packages that stop neither the broker nor the gateway, and measure no latency.
var besideTutorial = []string{"memory", "reminders"}

// order is when the packages of end-to-end tests run.
type order struct {
	// first is the package at the root, which reads topics from the beginning and measures how users slow each other down.
	first []string
	// rest begins with lostbroker, after which consumers receive again whatever was in the topics.
	rest           []string
	besideTutorial []string
	chaos          []string // on a second stack, beside rest and all that follow
}

func inOrder(packages []string) (o order) {
	for _, name := range packages {
		switch base := path.Base(name); {
		case base == end2end:
			o.first = append(o.first, name)
		case base == "lostbroker":
			o.rest = slices.Insert(o.rest, 0, name)
		case isChaos(name):
			o.chaos = append(o.chaos, name)
		case slices.Contains(besideTutorial, base):
			o.besideTutorial = append(o.besideTutorial, name)
		case base != alerts && base != tutorial:
			o.rest = append(o.rest, name)
		}
	}
	return o
}

// packageCheck returns a package of end-to-end tests as a check.
func (s *suite) packageCheck(values stack.Values, name, folder string) check {
	return check{
		name: name, dir: s.profile.Root, env: s.endToEndEnv(s.profile, values),
		command: []string{"go", "test", vetted, "-v", "-count=1", "-timeout=20m", "./" + end2end + "/" + folder},
	}
}

func (s *suite) endToEndPackages(ctx context.Context) ([]string, error) {
	command := exec.CommandContext(ctx, "go", "list", filepath.Join(s.profile.Root, end2end)+"/...")
	command.Dir = s.profile.Root
	output, err := command.Output()
	return strings.Fields(string(output)), err
}

// endToEndEnv tells end-to-end tests where the stack is.
func (s *suite) endToEndEnv(p profile.Profile, values stack.Values) []string {
	runner, err := os.Executable()
	if err != nil {
		s.Note("find the runner", 0, err)
	}
	again := "--tags failpoint --no-demo --built"
	if s.options.Apache {
		again += " --broker kafka"
	}
	var observed []string
	if values.ProviderURL != "" {
		again += " --oidc"
	}
	if values.Observe != nil {
		again += " --observe"
		observed = []string{"TASKWIRE_TRACES_URL=" + values.Observe.TracesURL, "TASKWIRE_METRICS_URL=" + values.Observe.MetricsURL}
	}
	return append(observed,
		"TASKWIRE_URL="+values.GatewayURL,
		"TASKWIRE_KAFKA_BROKERS="+values.KafkaBrokers,
		"TASKWIRE_PROFILE="+p.Name,
		"TASKWIRE_LOCAL="+runner,
		"TASKWIRE_UP="+again,
	)
}
