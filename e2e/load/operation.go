package load

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"

	"taskwire.dev/e2e/client"
)

// operation is one change: a request that can be repeated until it is acknowledged, and what to record then.
type operation struct {
	user    *User
	request client.Request
	want    int
	// done reads the response and records its result.
	done func(*client.Response) error
	// gone accepts 404 from the second try on: for a deletion whose first response was lost.
	gone bool
}

// next chooses a change. A user without an idle task creates one.
func next(u *User, r *mathrand.Rand) operation {
	dice := r.IntN(100)
	if dice >= 50 {
		if t := u.take(); t != nil {
			switch {
			case dice < 70:
				return patch(u, t)
			case dice < 80:
				return complete(u, t)
			case dice < 90:
				return updateByEvent(u, t)
			case dice < 95:
				return remove(u, t)
			default:
				return removeByEvent(u, t)
			}
		}
	}
	if dice%5 == 0 {
		return createByEvent(u)
	}
	return create(u)
}

func create(u *User) operation {
	title := "Write " + rand.Text()
	return operation{
		user: u, want: http.StatusCreated,
		request: client.Request{
			Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": title, "tags": []string{"load"}},
			Header: map[string]string{"Idempotency-Key": rand.Text()},
		},
		done: func(r *client.Response) error {
			var got client.Task
			if err := json.Unmarshal(r.Body, &got); err != nil {
				return err
			}
			u.acknowledge(&Task{}, func(t *Task) { *t = Task{ID: got.ID, Title: got.Title, Version: got.Version} })
			return same("title", got.Title, title)
		},
	}
}

func createByEvent(u *User) operation {
	title := "Command " + rand.Text()
	return operation{
		user: u, want: http.StatusOK,
		request: command("task.create", "", client.Fields{"title": title}),
		done: func(r *client.Response) error {
			got, err := caused(r)
			if err != nil {
				return err
			}
			u.acknowledge(&Task{}, func(t *Task) { *t = Task{ID: got.TaskID, Title: title, Version: 1} })
			return same("title", got.Task.Title, title)
		},
	}
}

func patch(u *User, t *Task) operation {
	title := "Patched " + rand.Text()
	return operation{
		user: u, want: http.StatusOK,
		request: client.Request{
			Method: http.MethodPatch, Path: "/api/todos/" + t.ID, JSON: client.Fields{"title": title},
			Header: map[string]string{"Content-Type": "application/merge-patch+json"},
		},
		done: func(r *client.Response) error { return changed(u, t, r, func(t *Task) { t.Title = title }) },
	}
}

func complete(u *User, t *Task) operation {
	completed := !t.Completed
	return operation{
		user: u, want: http.StatusOK,
		request: client.Request{
			Method: http.MethodPatch, Path: "/api/todos/" + t.ID + "/complete", JSON: client.Fields{"completed": completed},
		},
		done: func(r *client.Response) error { return changed(u, t, r, func(t *Task) { t.Completed = completed }) },
	}
}

func updateByEvent(u *User, t *Task) operation {
	title := "Commanded " + rand.Text()
	return operation{
		user: u, want: http.StatusOK,
		request: command("task.update", t.ID, client.Fields{"title": title}),
		done: func(r *client.Response) error {
			got, err := caused(r)
			if err != nil {
				return err
			}
			version := t.Version + 1
			u.acknowledge(t, func(t *Task) { t.Title, t.Version = title, version })
			return same("version", got.Task.Version, version)
		},
	}
}

func remove(u *User, t *Task) operation {
	return operation{
		user: u, want: http.StatusNoContent, gone: true,
		request: client.Request{Method: http.MethodDelete, Path: "/api/todos/" + t.ID},
		done: func(*client.Response) error {
			u.acknowledge(t, func(t *Task) { t.Deleted, t.Version = true, 0 })
			return nil
		},
	}
}

func removeByEvent(u *User, t *Task) operation {
	return operation{
		user: u, want: http.StatusOK,
		request: command("task.delete", t.ID, nil),
		done: func(*client.Response) error {
			u.acknowledge(t, func(t *Task) { t.Deleted, t.Version = true, 0 })
			return nil
		},
	}
}

// command is a CloudEvent in binary mode; its id makes repeating it safe.
func command(kind, subject string, data client.Fields) client.Request {
	e := client.Event{ID: rand.Text(), Source: "/e2e/load", Type: kind, Subject: subject}
	if data != nil {
		e.Data, _ = json.Marshal(data) // strings only: it cannot fail
	}
	return e.Binary()
}

// caused reads the CloudEvent in the response to a command.
func caused(r *client.Response) (client.TaskData, error) {
	var e client.Event
	var d client.TaskData
	if err := json.Unmarshal(r.Body, &e); err != nil {
		return d, err
	}
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return d, err
	}
	if d.Task == nil {
		return d, fmt.Errorf("the answer carries no task: %s", r.Body)
	}
	return d, nil
}

// changed records a change of a task from its response, the task. The version shows that it was done once.
func changed(u *User, t *Task, r *client.Response, change func(*Task)) error {
	var got client.Task
	if err := json.Unmarshal(r.Body, &got); err != nil {
		return err
	}
	version := t.Version + 1
	u.acknowledge(t, func(t *Task) {
		change(t)
		t.Version = version
	})
	return same("version", got.Version, version)
}

func same[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("acknowledged with %s %v, not %v", what, got, want)
	}
	return nil
}
