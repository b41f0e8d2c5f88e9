package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"taskwire.dev/tools/cache"
)

// Kafka downloads Apache Kafka's packages with Maven, once for each content of local/kafka/pom.xml, and returns the
// folder of jars.
func (b *Builder) Kafka(ctx context.Context) (string, error) {
	source := filepath.Join(b.Root, "local", "kafka")
	key, err := cache.Key([]string{filepath.Join(source, "pom.xml")})
	if err != nil {
		return "", err
	}
	out := filepath.Join(cache.Dir(b.Root), "kafka-"+key)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	return out, b.step(ctx, "Get Apache Kafka's packages", func() error {
		fresh := fmt.Sprintf("%s.%d", out, os.Getpid())
		defer func() { _ = os.RemoveAll(fresh) }()
		command := exec.CommandContext(ctx, "mvn", "--batch-mode", "--quiet", "--file", filepath.Join(source, "pom.xml"),
			"dependency:copy-dependencies", "-DoutputDirectory="+fresh, "-DincludeScope=runtime")
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("mvn: %w\n%s", err, output)
		}
		return os.Rename(fresh, out)
	})
}
