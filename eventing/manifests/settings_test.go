package manifests_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	networkingv1 "k8s.io/api/networking/v1"

	"taskwire.dev/eventing/manifests"
)

// TestSettings_ReachEveryServer: an operator writes each address once, and every policy, source, component and Job follows.
func TestSettings_ReachEveryServer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings map[string]string
		ports    map[string]int // by policy
	}{
		"Amazon MSK, three brokers": {
			map[string]string{"brokers": "b-1.example.com:9096,b-2.example.com:9096,b-3.example.com:9096"},
			map[string]int{"may-reach-broker": 9096, "jobs-may-reach-broker": 9096},
		},
		"Azure: Event Hubs and Redis": {
			map[string]string{
				"brokers": "taskwire.servicebus.example.com:9093", "saslMechanism": "PLAIN", "daprMechanism": "PLAINTEXT",
				"redis": "taskwire.redis.example.com:6380",
			},
			map[string]int{"may-reach-broker": 9093, "jobs-may-reach-broker": 9093, "may-reach-redis": 6380},
		},
		"Confluent Cloud": {
			map[string]string{"brokers": "pkc.example.com:9092", "saslMechanism": "PLAIN", "daprMechanism": "PLAINTEXT"},
			map[string]int{"may-reach-broker": 9092},
		},
		"PgBouncer for functions, PostgreSQL for migrations": {
			map[string]string{"databaseOfFunctions": "pgbouncer.example.com:6432"},
			map[string]int{"may-reach-database": 6432, "migrations-may-reach-database": 5432},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, err := manifests.Load(withSettings(t, test.settings), "production")
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range manifests.Check(set) {
				t.Error(problem)
			}
			for _, o := range set.Objects {
				switch v := o.Value.(type) {
				case *networkingv1.NetworkPolicy:
					if want, ok := test.ports[o.Name]; ok && v.Spec.Egress[0].Ports[0].Port.IntValue() != want {
						t.Errorf("%s allows %v, want %d", o.Name, v.Spec.Egress[0].Ports[0].Port, want)
					}
				case *manifests.KafkaSource:
					if want := test.settings["brokers"]; want != "" && !slices.Equal(v.Spec.BootstrapServers, []string{want}) {
						t.Errorf("%s reads from %q, want %s", o.Name, v.Spec.BootstrapServers, want)
					}
				case *componentsv1alpha1.Component:
					if want := test.settings["redis"]; want != "" && v.Name == "statestore" && v.Spec.Metadata[0].Value.String() != want {
						t.Errorf("%s is at %s, want %s", o.Name, v.Spec.Metadata[0].Value.String(), want)
					}
				}
			}
		})
	}
}

// withSettings returns a copy of the repository's manifests, with other settings of production.
func withSettings(t *testing.T, settings map[string]string) string {
	t.Helper()
	copied := t.TempDir()
	for _, folder := range []string{"eventing", "dapr"} {
		if err := os.CopyFS(filepath.Join(copied, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"functions", "docs"} {
		original, err := filepath.Abs(filepath.Join(root, folder))
		if err == nil {
			err = os.Symlink(original, filepath.Join(copied, folder))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(copied, "eventing", "overlays", "production", "settings", "settings.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for key, value := range settings {
		line := regexp.MustCompile(`(?m)^  ` + key + `: .*$`)
		if !line.MatchString(text) {
			t.Fatalf("settings.yaml has no %s", key)
		}
		text = line.ReplaceAllLiteralString(text, "  "+key+": "+value)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}

// TestCheckConsumers_WaitsForMembers, with an rpk that answers from a file.
func TestCheckConsumers_WaitsForMembers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rpk  string
		code int
		says string
	}{
		"all read":      {`printf 'GROUP   %s\nSTATE   Stable\nMEMBERS  1\nTOTAL-LAG  0\n' "$3"`, 0, "every consumer group has a member"},
		"one does not":  {`members=1; [ "$3" = mcp ] && members=0; printf 'GROUP   %s\nSTATE   Empty\nMEMBERS  %d\n' "$3" $members`, 1, "no KafkaSource reads for: mcp."},
		"refused login": {`echo 'unable to describe groups: SASL_AUTHENTICATION_FAILED: SASL Authentication failed.'; exit 1`, 1, "SASL_AUTHENTICATION_FAILED"},
		"unreachable":   {`echo 'unable to dial: dial tcp 192.0.2.1:9092: i/o timeout'; exit 1`, 75, "the broker kafka.example.com:9092 does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output, code := script(t, test.rpk, root+"/eventing/topics/check-consumers.sh")
			if code != test.code || !strings.Contains(output, test.says) {
				t.Errorf("ended with %d and %q, want %d and %q", code, output, test.code, test.says)
			}
		})
	}
}

// TestCreateTopics_TellsApartWhatATryMends.
func TestCreateTopics_TellsApartWhatATryMends(t *testing.T) {
	t.Parallel()
	for rpk, want := range map[string]int{
		`echo 'unable to dial: connection refused'; exit 1`:           75,
		`echo 'SASL_AUTHENTICATION_FAILED: invalid password'; exit 1`: 1,
		`echo 'TOPIC_AUTHORIZATION_FAILED'; exit 1`:                   1,
	} {
		if output, code := script(t, rpk, root+"/eventing/topics/create-topics.sh", root+"/eventing/topics.yaml"); code != want {
			t.Errorf("%s: ended with %d, want %d: %s", rpk, code, want, output)
		}
	}
}

// script runs a script of topics/ with an rpk that is the shell text, and returns its output and exit code.
func script(t *testing.T, rpk string, args ...string) (string, int) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "rpk"), []byte("#!/bin/bash\n"+rpk+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "bash", args...)
	command.Env = []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"), "RPK_BROKERS=kafka.example.com:9092", "CONSUMER_GROUPS=mcp recurring-spawn", "WAIT_SECONDS=0",
	}
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(output), command.ProcessState.ExitCode()
}
