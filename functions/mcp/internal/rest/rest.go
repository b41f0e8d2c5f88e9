// Package rest calls Taskwire's REST functions as a user.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/telemetry"
)

// Transport is for calls from function to function.
func Transport() *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
		MaxIdleConnsPerHost: 64,
		// func-go closes a new connection that is not used for 2 s; no request must run into that.
		IdleConnTimeout: 1500 * time.Millisecond,
		// Longer than a cold start, and shorter than the 30 s that func-go allows for the whole response.
		ResponseHeaderTimeout: 20 * time.Second,
		DisableCompression:    true,
	}
}

// Client calls one function.
type Client struct {
	name string
	base string
	http *http.Client
}

// New returns a Client of the function with that name, at that URL.
func New(name, base string, transport http.RoundTripper) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the URL of %s is %q", name, base)
	}
	return &Client{name: name, base: strings.TrimSuffix(base, "/"), http: &http.Client{Transport: transport}}, nil
}

// Request is a call. Only Method and Path are required.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Token  string
	Body   any    // as JSON
	Key    string // Idempotency-Key
	Match  int64  // If-Match: the version of the task; 0 is any
	DryRun bool
}

// Responses of up to maxAnswer bytes are read: a page of the tasks function ends at a megabyte, which JSON may double.
// For a large one memory is reserved, for decoding it and for the text sent to the assistant.
const (
	maxAnswer    = 4 << 20
	smallAnswer  = 64 << 10
	answerFactor = 6
)

// read returns the body of a response.
func read(ctx context.Context, body io.Reader) ([]byte, error) {
	begin, err := io.ReadAll(io.LimitReader(body, smallAnswer))
	if err != nil || len(begin) < smallAnswer {
		return begin, err
	}
	if err := memory.Reserve(ctx, maxAnswer*answerFactor); err != nil {
		return nil, err
	}
	rest, err := io.ReadAll(io.LimitReader(body, maxAnswer-smallAnswer))
	return append(begin, rest...), err
}

// Do sends the request, and decodes the response into out, unless that is nil. An error is the function's fault.
func (c *Client) Do(ctx context.Context, r Request, out any) error {
	req, err := c.request(ctx, r)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fault.WrapUnavailable("the function "+c.name, err)
	}
	defer res.Body.Close()
	body, err := read(ctx, res.Body)
	if err != nil {
		return fault.WrapUnavailable("the function "+c.name, err)
	}
	if res.StatusCode >= 300 {
		return c.fault(res, body)
	}
	if out == nil || len(body) == 0 {
		return nil
	}
	return json.Unmarshal(body, out)
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	var body io.Reader
	if r.Body != nil {
		encoded, err := json.Marshal(r.Body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	query := url.Values{}
	maps.Copy(query, r.Query)
	if r.DryRun {
		query.Set("dry_run", "true")
	}
	target := c.base + r.Path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, target, body)
	if err != nil {
		return nil, err
	}
	if r.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	if r.Key != "" {
		req.Header.Set("Idempotency-Key", r.Key)
	}
	if r.Match != 0 {
		req.Header.Set("If-Match", strconv.Quote(strconv.FormatInt(r.Match, 10)))
	}
	req.Header.Set(telemetry.HeaderTraceparent, telemetry.Traceparent(ctx))
	return req, nil
}

// fault returns the fault of a problem (RFC 9457): the last segment of its type is the code.
func (c *Client) fault(res *http.Response, body []byte) error {
	var p struct {
		Type   string        `json:"type"`
		Detail string        `json:"detail"`
		Errors []fault.Field `json:"errors"`
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Type == "" {
		return fault.WrapUnavailable("the function "+c.name, fmt.Errorf("a proxy in front of it answered %s", res.Status))
	}
	code := fault.Code(p.Type[strings.LastIndexByte(p.Type, '/')+1:])
	seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	return &fault.Error{
		Code: code, Detail: p.Detail, Fields: p.Errors, RetryAfter: time.Duration(seconds) * time.Second,
		Cause: errors.New(c.name + " answered " + res.Status),
	}
}
