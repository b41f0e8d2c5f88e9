package fault

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// flush empties Redis.
func flush(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	password, _ := u.User.Password()
	if _, err := io.WriteString(conn, "AUTH "+password+"\r\nFLUSHALL\r\n"); err != nil {
		return err
	}
	answers := bufio.NewReader(conn)
	for range 2 {
		said, err := answers.ReadString('\n')
		if err != nil {
			return err
		}
		if !strings.HasPrefix(said, "+OK") {
			return fmt.Errorf("redis says %q", said)
		}
	}
	return nil
}
