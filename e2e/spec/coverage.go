package spec

import (
	"cmp"
	"slices"
	"strconv"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// pair is an operation with a response status.
type pair struct {
	operation string
	status    int
}

// Gap is a documented part that no exchange has covered: a status of an operation, or (Status 0) the whole operation.
type Gap struct {
	Operation string // operationId
	Method    string
	Path      string
	Status    int
}

func (g Gap) String() string {
	s := g.Operation + " (" + g.Method + " " + g.Path + ")"
	if g.Status != 0 {
		s += " " + strconv.Itoa(g.Status)
	}
	return s
}

func (s *Spec) note(operation string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[pair{operation, status}] = true
}

// Uncovered lists what is documented and was never seen: an operation without any exchange once, with Status 0, and of
// the others each status.
func (s *Spec) Uncovered() []Gap {
	s.mu.Lock()
	defer s.mu.Unlock()
	var gaps []Gap
	s.http.operations(func(method, path string, op *v3.Operation) {
		gap := Gap{Operation: op.OperationId, Method: method, Path: path}
		var missing []Gap
		documented := 0
		for code := range op.Responses.Codes.FromOldest() {
			gap.Status, _ = strconv.Atoi(code)
			documented++
			if !s.seen[pair{op.OperationId, gap.Status}] {
				missing = append(missing, gap)
			}
		}
		if len(missing) == documented {
			gap.Status = 0
			missing = []Gap{gap}
		}
		gaps = append(gaps, missing...)
	})
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Status, b.Status))
	})
	return gaps
}

// operations calls f with each documented operation.
func (s *httpSpec) operations(f func(method, path string, op *v3.Operation)) {
	for path, item := range s.model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			f(method, path, op)
		}
	}
}
