package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// report has the results of all attacks.
type report struct {
	commit string
	began  time.Time
	whole  bool
	fights []*fight
	matrix string // the summary that the matrix prints
}

// mostBroken is how many failures of one attack are listed.
const mostBroken = 10

func (f *fight) line() string {
	worst := f.worst()
	line := fmt.Sprintf("%-28s %6d tried  %5d requests of another user, %d errors, median %s, worst %s (%s)  %s  %s",
		f.attack.name, f.tried, len(f.felt), total(f.errors()), milliseconds(f.median()), milliseconds(worst.took), worst.what, f.memory, counted(f.answers))
	for i, b := range f.broken() {
		if i == mostBroken {
			line += fmt.Sprintf("\n    and %d more", len(f.broken())-i)
			break
		}
		line += "\n    " + b
	}
	if f.recovery > 0 {
		line += fmt.Sprintf("\n    recovered after %.1f s", f.recovery.Seconds())
	}
	return line
}

func total(m map[string]int) int {
	n := 0
	for _, k := range m {
		n += k
	}
	return n
}

func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Run of %s at commit %s, on %d cores of %s.\n", r.began.UTC().Format("2006-01-02 15:04 UTC"), r.commit, runtime.NumCPU(), processor())
	if !r.whole {
		b.WriteString("\n**Only some of the attacks, or short versions.**\n")
	}
	b.WriteString("\n| attack | what was tried | requests | responses | other user's requests | errors | median | worst | memory nearest to its limit | |\n")
	b.WriteString("|---|---|--:|---|--:|--:|--:|--:|---|---|\n")
	for _, f := range r.fights {
		worst := f.worst()
		verdict := "held"
		switch {
		case len(f.broken()) > 0:
			verdict = "**broken**"
		case worst.took > promised:
			verdict = "**slow**"
		case f.memory.peak > f.memory.limit:
			verdict = "**large**"
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %d | %d | %s | %s (%s) | %s | %s |\n", f.attack.name, f.attack.does, f.tried, counted(f.answers),
			len(f.felt), total(f.errors()), milliseconds(f.median()), milliseconds(worst.took), worst.what, f.memory, verdict)
	}
	for _, f := range r.fights {
		for i, what := range f.broken() {
			if i == mostBroken {
				fmt.Fprintf(&b, "- %s: and %d more\n", f.attack.name, len(f.broken())-i)
				break
			}
			if i == 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "- %s: %s\n", f.attack.name, what)
		}
		if f.recovery > 0 {
			fmt.Fprintf(&b, "- %s: others were served again %.1f s after it\n", f.attack.name, f.recovery.Seconds())
		}
	}
	if r.matrix != "" {
		fmt.Fprintf(&b, "\n%s\n", r.matrix)
	}
	return b.String()
}

// verdict returns an error if an attack affected the other user.
func (r report) verdict() error {
	var all []error
	if len(r.fights) == 0 {
		all = append(all, errors.New("no attack was tried"))
	}
	for _, f := range r.fights {
		if broken := f.broken(); len(broken) > 0 {
			all = append(all, fmt.Errorf("%s: %s", f.attack.name, broken[0]))
		} else if worst := f.worst(); worst.took > promised {
			all = append(all, fmt.Errorf("%s: another user waited %s for %s", f.attack.name, milliseconds(worst.took), worst.what))
		} else if f.memory.peak > f.memory.limit {
			all = append(all, fmt.Errorf("%s: %s of memory", f.attack.name, f.memory))
		}
	}
	return errors.Join(all...)
}

// tried matches the summary that the matrix prints.
var tried = regexp.MustCompile(`matrix: (\d+ combinations.*)`)

// matrix tries every operation of the document with every credential, by running the e2e tests that do so.
func (b *battle) matrix(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^TestMatrix", "./e2e")
	command.Dir = b.stack.Root()
	command.Env = append(os.Environ(), "TASKWIRE_URL="+b.values.GatewayURL, "TASKWIRE_KAFKA_BROKERS="+b.values.KafkaBrokers, "TASKWIRE_PROFILE="+b.stack.Profile())
	output, err := command.CombinedOutput()
	var said []string
	for _, found := range tried.FindAllSubmatch(output, -1) {
		said = append(said, string(found[1]))
	}
	if err != nil {
		return "The matrix of operations and credentials **failed**.", fmt.Errorf("the matrix: %w\n%s", err, bytes.TrimSpace(output))
	}
	if len(said) == 0 {
		return "", errors.New("the matrix printed no summary of what it tried")
	}
	return "Operations × credentials, all answered as [openapi.yaml](openapi.yaml) requires: " + strings.Join(said, "; ") + ".", nil
}

func commit(ctx context.Context, root string) string {
	command := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty")
	command.Dir = root
	output, _ := command.Output()
	return strings.TrimSpace(string(output))
}

func processor() string {
	content, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(content)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unknown processor"
}
