package idempotency_test

import (
	"testing"

	"taskwire.dev/shared/idempotency"
)

func TestSameJSON(t *testing.T) {
	t.Parallel()
	const body = `{"title":"Café","n":10,"tags":["a","b"],"due_at":null}`
	for again, same := range map[string]bool{
		body: true,
		` { "due_at" : null, "tags":[ "a", "b" ],` + "\n" + `"n": 10, "title":"Café"} `: true,
		`{"title":"Caf\u00e9","n":1e1,"tags":["\u0061","b"],"due_at":null}`:             true,
		`{"title":"Café","n":10.0,"tags":["a","b"],"due_at":null}`:                      true,

		`{"title":"Café","n":10,"tags":["b","a"],"due_at":null}`:        false, // the order of an array counts
		`{"title":"Café","n":10,"tags":["a","b"]}`:                      false, // null is not absent
		`{"title":"Cafe\u0301","n":10,"tags":["a","b"],"due_at":null}`:  false, // other characters
		`{"title":"Café","n":"10","tags":["a","b"],"due_at":null}`:      false,
		`{"title":"Café","n":11,"tags":["a","b"],"due_at":null}`:        false,
		`{"title":"Café","n":10,"tags":["a","b"],"due_at":null,"n":10}`: false, // invalid, so compared as it is
		`{"title":"Café","n":10,"tags":["a","b"],"due_at":null`:         false,
		`[{"title":"Café","n":10,"tags":["a","b"],"due_at":null}]`:      false,
		``: false,
	} {
		first, err := idempotency.FromHeader("k", "POST", "/api/todos", []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		second, err := idempotency.FromHeader("k", "POST", "/api/todos", []byte(again))
		if err != nil {
			t.Fatal(err)
		}
		if err := second.Check(first.Hash[:]); (err == nil) != same {
			t.Errorf("%s: %v", again, err)
		}
		event := idempotency.FromEvent("/laptop", "1", "task.create", "", []byte(body))
		if err := idempotency.FromEvent("/laptop", "1", "task.create", "", []byte(again)).Check(event.Hash[:]); (err == nil) != same {
			t.Errorf("event with %s: %v", again, err)
		}
	}
}

func TestInvalidJSONIsComparedAsItIs(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "nonsense", "{", "\xff", `"\ud800"`} {
		first, _ := idempotency.FromHeader("k", "POST", "/", []byte(body))
		again, _ := idempotency.FromHeader("k", "POST", "/", []byte(body))
		other, _ := idempotency.FromHeader("k", "POST", "/", []byte(body+" "))
		if again.Check(first.Hash[:]) != nil || other.Check(first.Hash[:]) == nil {
			t.Errorf("%q", body)
		}
	}
}
