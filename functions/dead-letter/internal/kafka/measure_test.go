package kafka

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// broker starts the laptop's broker with two topics, and returns its address.
func broker(t *testing.T, options ...kfake.Opt) string {
	t.Helper()
	cluster, err := kfake.NewCluster(append([]kfake.Opt{
		kfake.NumBrokers(1), kfake.SeedTopics(3, "task-events"), kfake.SeedTopics(1, "reminders", "not-ours"),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return strings.Join(cluster.ListenAddrs(), ",")
}

func open(t *testing.T, c Config) *Client {
	t.Helper()
	client, err := Open(c, []string{"task-events", "reminders", "absent"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func produce(t *testing.T, client *kgo.Client, topic string, times ...time.Time) {
	t.Helper()
	for _, at := range times {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: []byte("{}"), Timestamp: at}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

// commitStart makes a group that has handled nothing of a topic.
func commitStart(t *testing.T, client *kgo.Client, group, topic string) {
	t.Helper()
	admin := kadm.NewClient(client)
	offsets, err := admin.ListStartOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	if err := admin.CommitAllOffsets(t.Context(), group, offsets.Offsets()); err != nil {
		t.Fatal(err)
	}
}

// join starts a member of a group that reads from the end of a topic and commits nothing.
func join(t *testing.T, address, group, topic string) {
	t.Helper()
	member, err := kgo.NewClient(kgo.SeedBrokers(address), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtEnd()), kgo.DisableAutoCommit())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(member.Close)
	polling := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() { defer close(polling); member.PollFetches(ctx) }()
	t.Cleanup(func() { stop(); <-polling })
}

func TestMeasureTellsTopicsGroupsAndLag(t *testing.T) {
	t.Parallel()
	address := broker(t)
	client := open(t, Config{Brokers: address})
	producer, err := kgo.NewClient(kgo.SeedBrokers(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(producer.Close)
	now := time.Now()
	produce(t, producer, "task-events", now.Add(-time.Hour), now.Add(-2*time.Minute), now, now, now)
	produce(t, producer, "not-ours", now)

	// A worker that has handled two of five records, one that reads a topic of others, and the group of a stopped
	// gateway.
	for _, group := range []string{"worker", "stranger", "sse-gone"} {
		topic := "task-events"
		if group == "stranger" {
			topic = "not-ours"
		}
		commitStart(t, producer, group, topic)
	}
	// and a running gateway that has committed nothing: it started at the end
	join(t, address, "sse-lives", "task-events")

	for deadline := time.Now().Add(time.Minute); ; {
		b, err := client.Measure(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Groups) == 2 && b.Groups[0].State == "Stable" {
			if len(b.Topics) != 2 || b.Topics[0].Topic != "reminders" || b.Topics[0].Records != 0 || b.Topics[0].PerSecond != 0 {
				t.Errorf("topics: %+v", b.Topics)
			}
			if events := b.Topics[1]; events.Partitions != 3 || events.Records != 5 || events.PerSecond != 3.0/60 {
				t.Errorf("task-events: %+v", events)
			}
			if g := b.Groups[0]; g.Group != "sse-lives" || g.Members != 1 || g.Lag != 0 {
				t.Errorf("the gateway: %+v", g)
			}
			if g := b.Groups[1]; g.Group != "worker" || g.Members != 0 || g.Lag != 5 || len(g.Topics) != 1 || g.Topics[0].Lag != 5 {
				t.Errorf("the worker: %+v", g)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v", b.Groups)
		}
	}
}

func TestMeasureIsBoundedWithoutABroker(t *testing.T) {
	t.Parallel()
	// It accepts connections and never responds.
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = deaf.Close() })
	client := open(t, Config{Brokers: deaf.Addr().String()})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if b, err := client.Measure(ctx); err == nil {
		t.Fatalf("%+v", b)
	}
}

func TestLoginWithTLS(t *testing.T) {
	t.Parallel()
	certificate, authority := selfSigned(t)
	address := broker(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "taskwire", "right"),
		kfake.TLS(&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}))
	good := Config{Brokers: address, AuthType: "password", Mechanism: "SCRAM-SHA-512", Username: "taskwire", Password: "right", RootCAs: authority}
	b, err := open(t, good).Measure(t.Context())
	if err != nil || len(b.Topics) != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	for name, spoil := range map[string]func(*Config){
		"another password":     func(c *Config) { c.Password = "wrong" },
		"an unknown authority": func(c *Config) { c.RootCAs = nil },
		"no login":             func(c *Config) { c.AuthType = "none" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := good
			spoil(&bad)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			if b, err := open(t, bad).Measure(ctx); err == nil {
				t.Errorf("%+v", b)
			}
		})
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{
		"type":      {Brokers: "x:9092", AuthType: "mtls"},
		"mechanism": {Brokers: "x:9092", AuthType: "password", Mechanism: "SHA-512"},
	} {
		if _, err := Open(c, nil); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	// In a laptop's cluster the other fields of the secret are ignored with "none".
	open(t, Config{Brokers: "x:9092", AuthType: "none", Mechanism: "at random"})
}

// selfSigned returns a certificate for 127.0.0.1 that is its own authority.
func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	authorities := x509.NewCertPool()
	authorities.AddCert(authority)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authorities
}

func TestMissingTopics(t *testing.T) {
	t.Parallel()
	missing, err := open(t, Config{Brokers: broker(t)}).MissingTopics(t.Context())
	if err != nil || len(missing) != 1 || missing[0] != "absent" {
		t.Errorf("%v, %v", missing, err)
	}
}
