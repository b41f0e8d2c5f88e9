package registry

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"taskwire.dev/tools/function"
)

const (
	// A function that says nothing has the pool of shared/postgres, and each publisher one more of its outbox.
	defaultPool, outboxPool = 10, 2
	// redisPool is the pool of shared/redis.
	redisPool = 10

	sizingBegin = "<!-- sizing: " + header + " -->\n"
	sizingEnd   = "<!-- end of sizing -->\n"
)

// queueProxy requests what Knative 1.23 gives it, and the memory that eventing/base/limits.yaml adds.
var queueProxy = function.Amounts{CPU: "25m", Memory: "64Mi"}

// sizing generates the tables of requests and connections in docs/operations.md, and keeps the rest of the file.
func sizing(r Registry, old []byte) ([]byte, error) {
	before, rest, found := bytes.Cut(old, []byte(sizingBegin))
	_, after, closed := bytes.Cut(rest, []byte(sizingEnd))
	if !found || !closed {
		return nil, errors.New("has no part between " + strings.TrimSpace(sizingBegin) + " and " + strings.TrimSpace(sizingEnd))
	}
	var rooms, connections strings.Builder
	var most, redisMost int
	for _, f := range r.Functions {
		s, err := readFile(f)
		if err != nil {
			return nil, err
		}
		room, err := roomRow(f, s)
		if err != nil {
			return nil, err
		}
		rooms.WriteString(room)
		roles, pool, err := pools(f)
		if err != nil {
			return nil, err
		}
		redis := 0
		if f.refersTo("secret", "taskwire-redis", nil) {
			redis = redisPool
		}
		if pool+redis == 0 {
			continue
		}
		highest := int(*s.Deploy.Options.Scale.Max)
		most += pool * highest
		redisMost += redis * highest
		fmt.Fprintf(&connections, "| %s | %s | %s | %s | %s | %s |\n", f.Name, strings.Join(roles, ", "),
			count(pool), count(pool*highest), count(redis), count(redis*highest))
	}
	text := "\n| function | replicas | requests | limits | sidecar: requests | limits | queue-proxy: requests | requests of a pod |\n" +
		"|---|---|---|---|---|---|---|---|\n" + rooms.String() +
		"\n| function | role in PostgreSQL | connections of a replica | at most | Redis: of a replica | at most |\n" +
		"|---|---|--:|--:|--:|--:|\n" + connections.String() +
		fmt.Sprintf("| **all** | | | **%d** | | **%d** |\n\n", most, redisMost)
	return bytes.Join([][]byte{before, []byte(sizingBegin), []byte(text), []byte(sizingEnd), after}, nil), nil
}

func readFile(f Function) (function.File, error) {
	content, err := os.ReadFile(filepath.Join(f.Dir, "func.yaml"))
	if err != nil {
		return function.File{}, err
	}
	file, err := function.ParseFile(content)
	if scale := file.Deploy.Options.Scale; err == nil && (scale.Min == nil || scale.Max == nil) {
		err = errors.New("scale needs min and max")
	}
	if err != nil {
		return file, fmt.Errorf("functions/%s/func.yaml: %w", f.Name, err)
	}
	return file, nil
}

func cell(a function.Amounts) string {
	if a == (function.Amounts{}) {
		return ""
	}
	return a.CPU + ", " + a.Memory
}

func roomRow(f Function, s function.File) (string, error) {
	o := s.Deploy.Options
	var sidecar, sidecarLimits, proxy function.Amounts
	if f.Sidecar() {
		sidecar = function.Amounts{CPU: f.Annotations["dapr.io/sidecar-cpu-request"], Memory: f.Annotations["dapr.io/sidecar-memory-request"]}
		sidecarLimits = function.Amounts{CPU: f.Annotations["dapr.io/sidecar-cpu-limit"], Memory: f.Annotations["dapr.io/sidecar-memory-limit"]}
	}
	if !f.Raw {
		proxy = queueProxy
	}
	all, err := sum(o.Resources.Requests, sidecar, proxy)
	if err != nil {
		return "", fmt.Errorf("functions/%s/func.yaml: %w", f.Name, err)
	}
	return fmt.Sprintf("| %s | %d to %d | %s | %s | %s | %s | %s | %s |\n", f.Name, *o.Scale.Min, *o.Scale.Max,
		cell(o.Resources.Requests), cell(o.Resources.Limits.Amounts), cell(sidecar), cell(sidecarLimits), cell(proxy), cell(all)), nil
}

// sum adds thousandths of a CPU, and MiB.
func sum(all ...function.Amounts) (total function.Amounts, err error) {
	var cpu, memory int
	for _, one := range all {
		if one.CPU != "" {
			millis, isMillis := strings.CutSuffix(one.CPU, "m")
			n, err := strconv.Atoi(millis)
			if err != nil {
				return total, fmt.Errorf("%q is no amount of CPU such as 100m", one.CPU)
			}
			if !isMillis {
				n *= 1000
			}
			cpu += n
		}
		if one.Memory != "" {
			mib, isMiB := strings.CutSuffix(one.Memory, "Mi")
			n, err := strconv.Atoi(mib)
			if err != nil || !isMiB {
				return total, fmt.Errorf("%q is no amount of memory such as 64Mi", one.Memory)
			}
			memory += n
		}
	}
	return function.Amounts{CPU: fmt.Sprintf("%dm", cpu), Memory: fmt.Sprintf("%dMi", memory)}, nil
}

// pools are the database roles of a function, and the connections that one replica opens at most.
func pools(f Function) (roles []string, connections int, err error) {
	size := defaultPool
	for _, v := range f.Env {
		switch v.Name {
		case "DATABASE_MAX_CONNS":
			if size, err = strconv.Atoi(v.Value); err != nil {
				return nil, 0, fmt.Errorf("functions/%s/func.yaml: DATABASE_MAX_CONNS: %w", f.Name, err)
			}
		case "OUTBOX_DATABASE_URL":
			connections += outboxPool
		}
	}
	for _, reference := range f.References("secret") {
		if role, ok := strings.CutPrefix(reference, "taskwire-database/"); ok {
			roles = append(roles, role)
		}
	}
	if len(roles) > 0 {
		connections += size
	}
	return roles, connections, nil
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
