package stack

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
)

// Another starts further processes of a function beside the running one, as a scale-up would.
type Another struct {
	Program string
	env     []string
}

const listenVariable = "LISTEN_ADDRESS="

// Another takes the program and the environment of a running function.
func (s *Stack) Another(ctx context.Context, function string) (Another, error) {
	part, err := s.WaitHealthy(ctx, function)
	if err != nil {
		return Another{}, err
	}
	program, err := os.Readlink(proc(part.PID, "exe"))
	if err != nil {
		return Another{}, err
	}
	content, err := os.ReadFile(proc(part.PID, "environ"))
	if err != nil {
		return Another{}, err
	}
	a := Another{Program: program}
	for v := range bytes.SplitSeq(content, []byte{0}) {
		if len(v) > 0 && !bytes.HasPrefix(v, []byte(listenVariable)) {
			a.env = append(a.env, string(v))
		}
	}
	return a, nil
}

// Command is a process that has not started yet, with the address at which it will listen.
func (a Another) Command(ctx context.Context) (*exec.Cmd, string, error) {
	address, err := FreeAddress()
	if err != nil {
		return nil, "", err
	}
	process := exec.CommandContext(ctx, a.Program)
	process.Env = append(slices.Clone(a.env), listenVariable+address)
	return process, address, nil
}

// FreeAddress is a port of the loopback that nothing uses.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("no free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}
