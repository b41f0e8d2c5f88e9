package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	liberrors "github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/radix"
	"github.com/pb33f/libopenapi-validator/router"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// httpSpec is openapi.yaml.
type httpSpec struct {
	model     *v3.Document
	validator validator.Validator
	router    router.Router
	problem   *jsonschema.Schema
	// prefixes are the first segments of documented GET paths; other paths belong to the dashboard.
	prefixes map[string]bool
}

func newHTTPSpec(content []byte, docs *documents) (*httpSpec, error) {
	document, err := libopenapi.NewDocument(content)
	if err != nil {
		return nil, err
	}
	built, err := document.BuildV3Model()
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(document, config.WithFormatAssertions())
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	s := &httpSpec{
		model:     &built.Model,
		validator: v,
		router:    router.NewRouter(&built.Model, router.WithPathOnlyMatching(), router.WithPathLookup(radix.BuildPathTree(&built.Model))),
		prefixes:  map[string]bool{},
	}
	for path, item := range built.Model.Paths.PathItems.FromOldest() {
		if item.Get != nil {
			s.prefixes[firstSegment(path)] = true
		}
	}
	s.problem, err = docs.compile(openapiFile, "components", "schemas", "Problem")
	return s, err
}

// frontDoor are statuses of requests that the gateway does not forward, listed under "Requests" in the description of
// openapi.yaml: any operation may have them.
var frontDoor = []int{
	http.StatusRequestTimeout, http.StatusRequestURITooLong, http.StatusMisdirectedRequest, http.StatusRequestHeaderFieldsTooLarge,
}

// malformed matches the gateway's details of a 400, which any operation may have; another one is an operation's own.
var malformed = regexp.MustCompile(`^the (header \S+|path|query) contains a control character or is not UTF-8$|^the query of the URL is malformed$`)

// ofFrontDoor reports whether the gateway has answered instead of an operation.
func ofFrontDoor(resp *http.Response, body []byte) bool {
	if resp.StatusCode != http.StatusBadRequest {
		return slices.Contains(frontDoor, resp.StatusCode)
	}
	if resp.Request != nil && resp.Request.Method == http.MethodHead {
		return true // without a body to tell
	}
	var problem struct {
		Detail string `json:"detail"`
	}
	return json.Unmarshal(body, &problem) == nil && malformed.MatchString(problem.Detail)
}

// CheckExchange checks a request and its response. A response must be documented, whatever the request was; a request
// only if the response is 2xx, since a suite sends wrong ones on purpose. respBody is nil for a response whose body is
// not checked, such as a stream.
func (s *Spec) CheckExchange(req *http.Request, reqBody []byte, resp *http.Response, respBody []byte) error {
	if s.http.dashboard(req) {
		return nil
	}
	// The response to HEAD is that to GET, without the body (RFC 9110, 9.3.2).
	head := req.Method == http.MethodHead
	asked := replay(req, reqBody)
	if head {
		asked.Method = http.MethodGet
	}
	route, err := s.http.router.FindRoute(asked)
	if err != nil {
		return wrap(req, resp, s.http.checkUnrouted(err, resp, respBody))
	}
	if ofFrontDoor(resp, respBody) && checkStatus(route.Operation, resp.StatusCode) != nil {
		return wrap(req, resp, s.http.checkProblem(resp, respBody))
	}
	s.note(route.Operation.OperationId, resp.StatusCode)
	if head {
		respBody = nil
	}
	answered := *resp
	answered.Body = io.NopCloser(bytes.NewReader(respBody))
	var wrong []error
	if head {
		wrong = append(wrong, checkStatus(route.Operation, resp.StatusCode))
	} else {
		_, failures := s.http.validator.ValidateHttpResponse(asked, &answered)
		wrong = append(wrong, explain(failures), checkPresence(route.Operation, resp.StatusCode, respBody))
		wrong = append(wrong, s.checkCaused(route.Operation.OperationId, resp, respBody))
	}
	if resp.StatusCode/100 == 2 {
		_, failures := s.http.validator.ValidateHttpRequestSync(replay(asked, reqBody))
		wrong = append(wrong, explain(failures))
	}
	return wrap(req, resp, errors.Join(wrong...))
}

// dashboard reports whether a request is for a page or a file, which openapi.yaml does not describe.
func (s *httpSpec) dashboard(req *http.Request) bool {
	read := req.Method == http.MethodGet || req.Method == http.MethodHead
	return read && !s.prefixes[firstSegment(req.URL.Path)]
}

// checkUnrouted checks the response to a request for which there is no operation: it is a problem.
func (s *httpSpec) checkUnrouted(routing error, resp *http.Response, body []byte) error {
	if ofFrontDoor(resp, body) {
		return s.checkProblem(resp, body)
	}
	switch resp.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		// What the gateway decides before routing.
	case http.StatusNotFound:
	case http.StatusMethodNotAllowed:
		if resp.Header.Get("Allow") == "" {
			return errors.New("405 without Allow")
		}
	default:
		return fmt.Errorf("the operation is not documented: %w", routing)
	}
	return s.checkProblem(resp, body)
}

// checkProblem checks a response that is a problem, whatever the operation.
func (s *httpSpec) checkProblem(resp *http.Response, body []byte) error {
	if media := mediaType(resp); media != "application/problem+json" {
		return fmt.Errorf("an error of type %q, not a problem", media)
	}
	if resp.Request != nil && resp.Request.Method == http.MethodHead {
		return nil
	}
	return validate(s.problem, body)
}

// checkStatus reports a status that the operation does not document.
func checkStatus(op *v3.Operation, status int) error {
	if op.Responses.Codes.GetOrZero(fmt.Sprint(status)) == nil {
		return fmt.Errorf("status %d is not documented", status)
	}
	return nil
}

// checkPresence reports a body if none is documented, and a missing one if JSON is: the validator lets both pass.
func checkPresence(op *v3.Operation, status int, body []byte) error {
	documented := op.Responses.Codes.GetOrZero(fmt.Sprint(status))
	if documented == nil {
		return nil // reported already
	}
	if orderedmap.Len(documented.Content) == 0 && len(body) > 0 {
		return fmt.Errorf("status %d has no body in the document, but here one of %d bytes", status, len(body))
	}
	for media := orderedmap.First(documented.Content); media != nil; media = media.Next() {
		if strings.HasSuffix(media.Key(), "json") && len(body) == 0 {
			return fmt.Errorf("status %d has a body in the document, but none here", status)
		}
	}
	return nil
}

// checkCaused checks the response to a command as an event, which is described in asyncapi.yaml.
func (s *Spec) checkCaused(operation string, resp *http.Response, body []byte) error {
	if !strings.HasPrefix(operation, "sendCommand") || resp.StatusCode != http.StatusOK {
		return nil
	}
	return s.CheckEvent("task-events", body)
}

// replay is req with its body to be read again.
func replay(req *http.Request, body []byte) *http.Request {
	again := req.Clone(req.Context())
	again.Body = http.NoBody
	if len(body) > 0 {
		again.Body = io.NopCloser(bytes.NewReader(body))
	}
	again.ContentLength = int64(len(body))
	return again
}

func mediaType(resp *http.Response) string {
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return media
}

func firstSegment(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

func wrap(req *http.Request, resp *http.Response, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s -> %d: %w", req.Method, req.URL.Path, resp.StatusCode, err)
}

// explain combines the validator's findings into one error.
func explain(failures []*liberrors.ValidationError) error {
	wrong := make([]error, 0, len(failures))
	for _, f := range failures {
		text := f.Message
		if f.Reason != "" {
			text += ": " + f.Reason
		}
		for _, detail := range f.SchemaValidationErrors {
			text += fmt.Sprintf("\n\t/%s: %s (%s)", strings.Join(detail.InstancePath, "/"), detail.Reason, detail.KeywordLocation)
		}
		wrong = append(wrong, errors.New(text))
	}
	return errors.Join(wrong...)
}
