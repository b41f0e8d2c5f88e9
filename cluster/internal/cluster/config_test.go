package cluster

import (
	"slices"
	"strings"
	"testing"

	"taskwire.dev/tools/manifest"
)

// policy is a network policy for servers.
func policy(name, servers string) manifest.Object {
	return manifest.Object{"kind": "NetworkPolicy", "metadata": map[string]any{"name": name, "annotations": map[string]any{"taskwire.dev/servers": servers}}}
}

func TestCheckAddresses_NamesEachThatDiffers(t *testing.T) {
	t.Parallel()
	objects := []manifest.Object{
		policy("may-reach-database", "pgbouncer.example.com:6432"),
		policy("migrations-may-reach-database", "postgres.example.com:5432"),
		policy("may-reach-redis", "a.example.com:6380,b.example.com:6380"),
	}
	const pooled = "postgres://taskwire_app:x@pgbouncer.example.com:6432/taskwire?sslmode=verify-full"
	for name, test := range map[string]struct {
		database, redis values
		wrong           []string
	}{
		"as in the settings": {
			values{"owner": "postgres://o:x@postgres.example.com/taskwire", "app": pooled},
			values{"url": "rediss://:x@b.example.com:6380"},
			nil,
		},
		"the pooler's address for migrations": {
			values{"owner": pooled},
			values{"url": "rediss://:x@a.example.com:6380"},
			[]string{"taskwire-database/owner is at pgbouncer.example.com:6432, and the settings say postgres.example.com:5432"},
		},
		"another port": {
			values{"app": pooled},
			values{"url": "rediss://:x@a.example.com"},
			[]string{"taskwire-redis/url is at a.example.com:6379, and the settings say a.example.com:6380,b.example.com:6380"},
		},
		"no address": {
			values{"app": "hunter2"}, values{"url": "rediss://:x@a.example.com:6380"}, []string{"taskwire-database/app is no address"},
		},
	} {
		wrong := checkAddresses(objects, test.database, test.redis)
		if len(wrong) != len(test.wrong) || len(wrong) > 0 && !strings.Contains(wrong[0], test.wrong[0]) {
			t.Errorf("%s: %q, want %q", name, wrong, test.wrong)
		}
		if strings.Contains(strings.Join(wrong, ""), "hunter2") {
			t.Errorf("%s: %q shows what may be a secret", name, wrong)
		}
	}
}

func TestConfigure_WritesTheServersThatItIsGiven(t *testing.T) {
	t.Parallel()
	objects, err := manifest.Parse([]byte(`kind: Component
spec: {metadata: [{name: brokers, value: kafka.kafka:9092}, {name: version, value: 3.6.0}]}
---
kind: Component
spec: {metadata: [{name: redisHost, value: redis:6379}]}
---
kind: ConfigMap
metadata: {name: taskwire-config}
data: {KAFKA_BROKERS: kafka.kafka:9092}
`))
	if err != nil {
		t.Fatal(err)
	}
	data, err := configure(objects, Options{KafkaBrokers: "192.0.2.1:9092", RedisURL: "redis://:x@192.0.2.2:6380"})
	if err != nil || data["KAFKA_BROKERS"] != "192.0.2.1:9092" {
		t.Errorf("%v, %v", data, err)
	}
	content, err := manifest.Encode(objects)
	if err != nil || !strings.Contains(string(content), "value: 192.0.2.1:9092") || !strings.Contains(string(content), "value: 192.0.2.2:6380") {
		t.Errorf("components: %s, %v", content, err)
	}
	if _, err := configure(objects, Options{RedisURL: "192.0.2.2"}); err == nil {
		t.Error("no error for what is no URL")
	}
}

func TestReferences_LeaveOutTheSecretsOfTheOverlay(t *testing.T) {
	t.Parallel()
	source := manifest.Object{"kind": "KafkaSource", "spec": map[string]any{"secretKeyRef": map[string]any{"name": "taskwire-kafka-mechanism", "key": "saslType"}}}
	own := manifest.Object{"kind": "Secret", "metadata": map[string]any{"name": "taskwire-kafka-mechanism"}}
	if found := referencesOf([]manifest.Object{source}, nil); found["taskwire-kafka-mechanism"] == nil {
		t.Errorf("%v lacks the reference", found)
	}
	if found := referencesOf([]manifest.Object{source, own}, nil); found["taskwire-kafka-mechanism"] != nil {
		t.Errorf("%v has what the overlay brings", found)
	}
}

func TestCheckDispatchers_AsManyAsConsumers(t *testing.T) {
	objects, err := manifest.Parse([]byte("kind: KafkaSource\nspec: {consumers: 3}\n---\nkind: KafkaSource\nspec: {consumers: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for there, accepted := range map[string]bool{"": false, "0": false, "2": false, "3": true, "5": true} {
		_, c := fakeKubectl(t, `printf '`+there+`'`)
		d := deploying{Cluster: c, objects: objects}
		if err := d.checkDispatchers(t.Context()); (err == nil) != accepted {
			t.Errorf("%q dispatchers: %v", there, err)
		}
		d.objects = slices.Clone(objects[1:])
		if err := d.checkDispatchers(t.Context()); err != nil {
			t.Errorf("one consumer: %v", err)
		}
	}
}
