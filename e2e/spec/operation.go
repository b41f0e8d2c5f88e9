package spec

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
)

// Operation is an operation of openapi.yaml with what a test needs to request it.
type Operation struct {
	ID     string
	Method string // in upper case
	Path   string // with {name} for each path parameter
	// Needs is the scope that the document requires of a bearer token, such as "tasks:read"; empty for any valid token.
	Needs []string
	// Public reports that no credential is required; Bearer that a bearer token is accepted.
	Public, Bearer bool
	// Internal reports that the operation has a server other than the gateway.
	Internal bool
	// Stream reports that a successful response does not end.
	Stream bool
	// Media and Example are the first media type of the request's body and its first example; "" if there is no body.
	Media   string
	Example []byte
}

// bearerScheme is the name of the security scheme of access tokens.
const bearerScheme = "bearer"

// Operations lists all operations in the order of the document.
func (s *Spec) Operations() ([]Operation, error) {
	var all []Operation
	var wrong error
	s.http.operations(func(method, path string, op *v3.Operation) {
		o := Operation{ID: op.OperationId, Method: strings.ToUpper(method), Path: path}
		item := s.http.model.Paths.PathItems.GetOrZero(path)
		o.Internal = len(item.Servers) > 0
		requirements := op.Security
		if requirements == nil {
			requirements = s.http.model.Security
		}
		o.Public = true
		for _, r := range requirements {
			if r.ContainsEmptyRequirement {
				continue
			}
			if scopes, ok := r.Requirements.Get(bearerScheme); ok {
				o.Bearer, o.Needs = true, slices.Clone(scopes)
			}
			o.Public = false
		}
		if success := op.Responses.Codes.GetOrZero("200"); success != nil {
			_, o.Stream = success.Content.Get("text/event-stream")
		}
		if op.RequestBody != nil {
			if first := orderedmap.First(op.RequestBody.Content); first != nil {
				o.Media = first.Key()
				if example := orderedmap.First(first.Value().Examples); example != nil {
					var value any
					wrong = errors.Join(wrong, example.Value().Value.Decode(&value))
					o.Example, _ = json.Marshal(value)
				}
			}
		}
		all = append(all, o)
	})
	return all, wrong
}
