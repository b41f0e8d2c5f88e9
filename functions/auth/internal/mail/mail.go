// Package mail sends mail to users over SMTP.
package mail

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Config says where mail goes. Without a URL none is sent.
type Config struct {
	// URL is smtp://USER:PASSWORD@HOST:PORT, with STARTTLS unless the host is this machine, or smtps:// for TLS from the start.
	// "none" is the same as no URL: Kubernetes' tools take an empty secret for a missing one.
	URL  string `env:"SMTP_URL,unset"`
	From string `env:"MAIL_FROM"` // an address, or a name and an address
}

// timeout is how long a server may take for one mail.
const timeout = 15 * time.Second

// Client sends mail. Each is a connection: there are few.
type Client struct {
	host    string
	options []gomail.Option
	from    string
}

// New returns a client, nil if none is configured.
func New(c Config) (*Client, error) {
	if c.URL == "" || c.URL == "none" {
		return nil, nil
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL is no URL") // the error of url.Parse repeats it, with the password
	}
	client := &Client{host: u.Hostname(), from: c.From, options: []gomail.Option{gomail.WithTimeout(timeout)}}
	if client.host == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("SMTP_URL must be smtp://HOST:PORT or smtps://HOST:PORT")
	}
	if err := gomail.NewMsg().From(c.From); err != nil {
		return nil, fmt.Errorf("MAIL_FROM: %w", err)
	}
	switch {
	case u.Scheme == "smtps":
		client.options = append(client.options, gomail.WithSSLPort(false))
	case loopback(client.host):
		client.options = append(client.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		client.options = append(client.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("SMTP_URL: port: %w", err)
		}
		client.options = append(client.options, gomail.WithPort(n))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		client.options = append(client.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return client, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send sends a text.
func (c *Client) Send(ctx context.Context, to, subject, text string) error {
	m := gomail.NewMsg()
	if err := m.From(c.from); err != nil {
		return err
	}
	if err := m.To(to); err != nil {
		return err
	}
	m.Subject(subject)
	m.SetDate()
	m.SetMessageID()
	// Keeps vacation programs from answering (RFC 3834): nobody could use their answers.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, text)
	client, err := gomail.NewClient(c.host, c.options...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, m)
}
