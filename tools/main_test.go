package main

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

func TestRun_Usage(t *testing.T) {
	t.Parallel()
	for _, argument := range []string{"help", "-h", "-help", "--help"} {
		if _, err := run([]string{argument}); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: %v", argument, err)
		}
	}
	for _, args := range [][]string{nil, {"generates"}} {
		if _, err := run(args); err == nil || !strings.Contains(err.Error(), usage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
