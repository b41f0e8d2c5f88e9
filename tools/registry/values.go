package registry

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskwire.dev/tools/function"
)

// list splits a value at its commas.
func list(into *[]string, value string, check func(string) error) error {
	for _, part := range function.List(value) {
		if err := check(part); err != nil {
			return err
		}
		if slices.Contains(*into, part) {
			return fmt.Errorf("%s is there twice", part)
		}
		*into = append(*into, part)
	}
	return nil
}

func word(into *string, value string) error {
	*into = value
	return validName(value)
}

func number(into *int, value string) (err error) {
	if *into, err = strconv.Atoi(value); err != nil || *into < 1 {
		return fmt.Errorf("%q is not a number above zero", value)
	}
	return nil
}

// maxWait is the longest wait of a delivery for more events: what it carries is late by that much.
const maxWait = time.Second

func wait(into *time.Duration, value string) (err error) {
	if *into, err = time.ParseDuration(value); err != nil || *into < time.Millisecond || *into > maxWait {
		return fmt.Errorf("%q is not a duration from 1ms to %v", value, maxWait)
	}
	return nil
}

// name matches the name of a topic, a function, a component, or an event type.
var name = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)

func validName(value string) error {
	if !name.MatchString(value) {
		return fmt.Errorf("%q is not a name such as task-events", value)
	}
	return nil
}

func validPath(value string) error {
	if !strings.HasPrefix(value, "/") || path.Clean(value) != value || strings.ContainsAny(value, "\"'\\`{}*?#% \n") {
		return fmt.Errorf("%q is not a clean path such as /api/webhooks", value)
	}
	return nil
}

// reserved are the paths that the gateway answers itself, or that only a sidecar or the platform may call.
var reserved = []string{"/api/status", "/api/stream", "/internal", "/dapr", "/health"}

func validRoute(route string) error {
	if err := validPath(route); err != nil {
		return err
	}
	for _, r := range reserved {
		if route == r || strings.HasPrefix(route, r+"/") {
			return fmt.Errorf("%s is the platform's own", r)
		}
	}
	if route == "/api" || route == "/.well-known" {
		return fmt.Errorf("%s is shared by all functions: want a path below it", route)
	}
	return nil
}

// Cron schedules with or without seconds, and Dapr's own form.
var (
	schedule      = regexp.MustCompile(`^[0-9A-Z*/,?-]+( [0-9A-Z*/,?-]+){4,5}$`)
	localSchedule = regexp.MustCompile(`^@every [0-9]+(ms|s|m|h)$`)
)

func validSchedule(value string) error {
	if !schedule.MatchString(value) {
		return fmt.Errorf(`%q is not a cron schedule such as "*/10 * * * * *"`, value)
	}
	return nil
}

func validLocalSchedule(value string) error {
	if !localSchedule.MatchString(value) && !schedule.MatchString(value) {
		return fmt.Errorf(`%q is not a schedule such as "@every 2s"`, value)
	}
	return nil
}

var amount = regexp.MustCompile(`^[1-9][0-9]*%?$`)

func validAmount(value string) error {
	if !amount.MatchString(value) {
		return fmt.Errorf("%q is not a number of replicas, or a percentage", value)
	}
	return nil
}
