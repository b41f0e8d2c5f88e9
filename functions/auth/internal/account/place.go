package account

import (
	"net/netip"
	"unicode/utf8"

	"github.com/mileusna/useragent"
)

// Networks that a session can be used from. A user recognizes these; an address would have to be stored, and says less.
const (
	NetworkLocal    = "local"    // the computer that Taskwire runs on
	NetworkPrivate  = "private"  // RFC 1918, RFC 4193, or link-local
	NetworkInternet = "internet" // any other
	NetworkUnknown  = "unknown"
)

// Place is where a session is used from, in words that its user recognizes.
type Place struct {
	Device  string // "" is unknown
	Network string
}

// place returns where a caller is.
func (c Caller) place() Place { return Place{Device: deviceOf(c.Agent), Network: networkOf(c.Address)} }

// maxDevice is the longest description of a device, in characters.
const maxDevice = 100

// deviceOf describes the device of a User-Agent: "Firefox on Linux", "Mobile Safari on iPhone", "curl".
func deviceOf(agent string) string {
	ua := useragent.Parse(agent)
	name := ua.Name
	on := ua.OS
	if ua.Device != "" {
		on = ua.Device
	}
	if on != "" && name != "" {
		name += " on "
	}
	name += on
	if !utf8.ValidString(name) {
		return ""
	}
	r := []rune(name)
	return string(r[:min(len(r), maxDevice)])
}

// networkOf returns the kind of network of a Caller.Address.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if prefix, bad := netip.ParsePrefix(address); bad == nil {
		ip, err = prefix.Addr(), nil
	}
	switch {
	case err != nil:
		return NetworkUnknown
	case ip.IsLoopback() || address == "::/64": // the /64 of ::1
		return NetworkLocal
	case ip.IsPrivate() || ip.IsLinkLocalUnicast():
		return NetworkPrivate
	default:
		return NetworkInternet
	}
}
