package broker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// Apache is a single Apache Kafka, broker and controller in one process (KRaft).
type Apache struct {
	Java string
	// Jars is the folder of Kafka's packages.
	Jars string
	// Logging is the path of Log4j's configuration.
	Logging string
	Data    string
	Port    int
	// ControllerPort is the port of the controller quorum, which has one member.
	ControllerPort int
	Log            string
}

// Address is the address for clients.
func (k Apache) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(k.Port)) }

// clusterID is any 16 bytes in base64: clusters never meet.
const clusterID = "VGFza3dpcmVMYXB0b3AxMg"

// Part writes the configuration, formats the data folder the first time, and returns the process.
func (k Apache) Part(ctx context.Context) (supervise.Part, error) {
	if err := os.MkdirAll(k.Data, 0o700); err != nil {
		return supervise.Part{}, err
	}
	logs := filepath.Join(k.Data, "logs")
	config := filepath.Join(k.Data, "server.properties")
	if err := os.WriteFile(config, []byte(k.properties(logs)), 0o600); err != nil {
		return supervise.Part{}, err
	}
	_, err := os.Stat(filepath.Join(logs, "meta.properties"))
	if errors.Is(err, fs.ErrNotExist) {
		err = k.format(ctx, config)
	}
	if err != nil {
		return supervise.Part{}, err
	}
	revision, err := supervise.Revision(config, k.Logging)
	if err != nil {
		return supervise.Part{}, err
	}
	return supervise.Part{
		Name:     "broker",
		Path:     k.Java,
		Args:     k.command("kafka.Kafka", config),
		Dir:      k.Data,
		Env:      javaEnv(),
		Log:      k.Log,
		Port:     k.Port,
		Probe:    "kafka://" + k.Address(),
		Grace:    30 * time.Second,
		Revision: revision,
	}, nil
}

func (k Apache) format(ctx context.Context, config string) error {
	command := exec.CommandContext(ctx, k.Java,
		k.command("kafka.tools.StorageTool", "format", "--ignore-formatted", "--cluster-id", clusterID, "--config", config)...)
	command.Dir, command.Env = k.Data, javaEnv()
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("format Kafka's data folder: %w\n%s", err, output)
	}
	return nil
}

// command is a Java command line for a laptop: a small heap, and the collector with the least overhead.
func (k Apache) command(class string, args ...string) []string {
	return append([]string{
		"-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
		"-Djava.awt.headless=true", "-Dlog4j2.configurationFile=" + k.Logging,
		"-cp", filepath.Join(k.Jars, "*"), class,
	}, args...)
}

func (k Apache) properties(logs string) string {
	return fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[2]d
listeners=PLAINTEXT://127.0.0.1:%[1]d,CONTROLLER://127.0.0.1:%[2]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[1]d
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=%[3]s
# Topics come from eventing/topics.yaml: a misspelt one must be an error, as on a cluster.
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=10
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=10
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# One consumer at a time comes to each group: nobody to wait for.
group.initial.rebalance.delay.ms=0
# After a SIGKILL the restarted broker may register only when its former self has timed out.
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
`, k.Port, k.ControllerPort, logs)
}

func javaEnv() []string { return []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8"} }
