package function

import (
	"net/http"

	"taskwire.dev/shared/httpapi"
)

const identity = "identity"

// form returns the smallest form of the file that the client accepts (RFC 9110, 12.5.3). A client that accepts none
// gets the plain one: that is better than 406.
func (f file) form(header http.Header) form {
	accepted := httpapi.AcceptedCodings(header)
	for _, candidate := range f.forms {
		if candidate.encoding != identity && accepted[candidate.encoding] {
			return candidate
		}
	}
	return f.forms[len(f.forms)-1]
}
