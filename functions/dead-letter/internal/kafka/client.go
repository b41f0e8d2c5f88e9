// Package kafka queries the broker, for administrators, about the topics and the lag of their consumers. It writes
// nothing and joins no group.
package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Config says how to reach the broker.
type Config struct {
	Brokers string `env:"KAFKA_BROKERS,required"`
	// AuthType is "none", or "password" for SASL and TLS, as in Dapr.
	AuthType string `env:"KAFKA_AUTH_TYPE" envDefault:"none"`
	// The rest is only used with "password". The mechanism is written as in Knative, SCRAM-SHA-512.
	Mechanism string `env:"KAFKA_SASL_TYPE"`
	Username  string `env:"KAFKA_SASL_USERNAME"`
	Password  string `env:"KAFKA_SASL_PASSWORD"`
	// Groups are the consumer groups that must have a member.
	Groups []string `env:"CONSUMER_GROUPS" envSeparator:" "`
	// RootCAs are the trusted authorities; nil for the system's, to which SSL_CERT_DIR adds.
	RootCAs *x509.CertPool `env:"-"`
}

// Client queries the broker.
type Client struct {
	client   *kgo.Client
	admin    *kadm.Client
	topics   []string
	expected []string // consumer groups
	options  []kgo.Opt
}

// Open returns a Client for some topics. It connects on the first query.
func Open(c Config, topics []string) (*Client, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(c.Brokers, ",")...),
		kgo.ClientID("taskwire-dead-letter"),
		kgo.DialTimeout(time.Second),
		kgo.RequestRetries(3),
		// For a broker that accepts connections and never responds; otherwise Close would wait for a request that was
		// given up.
		kgo.RequestTimeoutOverhead(time.Second),
		kgo.RetryTimeout(time.Second),
		// New topics, and leaders that have just moved, are seen at the next query.
		kgo.MetadataMinAge(time.Second),
	}
	switch c.AuthType {
	case "", "none":
	case "password":
		login, err := c.login()
		if err != nil {
			return nil, err
		}
		secure := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}
		options = append(options, kgo.SASL(login), kgo.DialTLSConfig(secure))
	default:
		return nil, fmt.Errorf("KAFKA_AUTH_TYPE is %q, want none or password", c.AuthType)
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, err
	}
	return &Client{client: client, admin: kadm.NewClient(client), topics: topics, expected: c.Groups, options: options}, nil
}

func (c Config) login() (sasl.Mechanism, error) {
	switch c.Mechanism {
	case "SCRAM-SHA-512":
		return scram.Auth{User: c.Username, Pass: c.Password}.AsSha512Mechanism(), nil
	case "SCRAM-SHA-256":
		return scram.Auth{User: c.Username, Pass: c.Password}.AsSha256Mechanism(), nil
	case "PLAIN":
		return plain.Auth{User: c.Username, Pass: c.Password}.AsMechanism(), nil
	default:
		return nil, fmt.Errorf("KAFKA_SASL_TYPE is %q, want SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN", c.Mechanism)
	}
}

// MissingTopics returns those of the client's topics that the broker does not have.
func (c *Client) MissingTopics(ctx context.Context) ([]string, error) {
	there, err := c.admin.ListTopics(ctx, c.topics...)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range c.topics {
		if !there.Has(name) || there[name].Err != nil {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// Close closes the connections.
func (c *Client) Close() { c.client.Close() }
