package stack

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// findInRedis returns the keys that have a text in their name or their value, one a line.
const findInRedis = `local found = {} for _, key in ipairs(redis.call('KEYS', '*')) do ` +
	`local kind, value = redis.call('TYPE', key).ok, '' ` +
	`if kind == 'string' then value = redis.call('GET', key) elseif kind == 'hash' then value = table.concat(redis.call('HGETALL', key), ' ') end ` +
	`if string.find(key .. ' ' .. value, ARGV[1], 1, true) then table.insert(found, key) end end return table.concat(found, ' ')`

// InRedis returns the keys of the stack's Redis that have a text in their name or their value.
func (v Values) InRedis(ctx context.Context, text string) ([]string, error) {
	u, err := url.Parse(v.RedisURL)
	if err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return nil, err
	}
	password, _ := u.User.Password()
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\nEVAL %q 0 %q\r\n", password, findInRedis, text); err != nil {
		return nil, err
	}
	answers := bufio.NewReader(conn)
	if said, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(said, "+OK") {
		return nil, fmt.Errorf("redis says %q, %w", said, err)
	}
	said, err := answers.ReadString('\n')
	if err != nil {
		return nil, err
	}
	size, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(said, "$")))
	if err != nil {
		return nil, fmt.Errorf("redis says %q", said)
	}
	keys := make([]byte, size)
	_, err = io.ReadFull(answers, keys)
	return strings.Fields(string(keys)), err
}
