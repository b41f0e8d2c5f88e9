package function

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"taskwire.dev/shared/fault"
)

// hosts are the names, with the port unless it is the scheme's default, by which clients may call the gateway. Without this check
// a page of any site could make its name resolve to the gateway's address and read the responses (DNS rebinding).
type hosts map[string]bool

// newHosts allows the host of the public URL and those listed. If the former is a loopback address, all its spellings are
// allowed.
func newHosts(publicURL string, listed []string) (hosts, string, error) {
	public, err := url.Parse(publicURL)
	if err != nil || public.Host == "" || public.Scheme != "http" && public.Scheme != "https" {
		return nil, "", fmt.Errorf("PUBLIC_URL: %q is not the URL of an origin", publicURL)
	}
	h := hosts{normalHost(public.Host): true}
	if isLoopback(public.Hostname()) {
		for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
			h[normalHost(net.JoinHostPort(name, public.Port()))] = true
		}
	}
	for _, host := range listed {
		if host = strings.TrimSpace(host); host != "" {
			h[normalHost(host)] = true
		}
	}
	return h, public.Scheme + "://" + public.Host, nil
}

// check returns a fault unless r was sent to one of the hosts.
func (h hosts) check(r *http.Request) error {
	if h[r.Host] || h[normalHost(r.Host)] {
		return nil
	}
	return fault.New(fault.Misdirected, "%.200q is not the host of this service: use the address in PUBLIC_URL, or list the host in ALLOWED_HOSTS", r.Host)
}

// normalHost is host in lower case, without the scheme's default port.
func normalHost(host string) string {
	host = strings.ToLower(host)
	for _, port := range []string{":80", ":443", ":"} {
		if without, found := strings.CutSuffix(host, port); found && !strings.HasSuffix(without, ":") {
			return without
		}
	}
	return host
}

func isLoopback(name string) bool {
	address, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && address.IsLoopback()
}
