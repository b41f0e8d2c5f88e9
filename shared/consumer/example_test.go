package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// deadLetters stands for dapr.NewDeadLetters, which needs a sidecar.
type deadLetters struct{}

func (deadLetters) Publish(_ context.Context, l deadletter.DeadLetter) error {
	fmt.Println("dead letter:", l.Reason)
	return nil
}

// A function makes its consumer in Start and mounts it on its router. The handler decodes, does its work once
// (userlog.Log.Do with event.Source() and event.ID() as the Cause), and returns the fault.
func Example() {
	handle := func(_ context.Context, event cloudevents.Event) error {
		if event.Type() != "task.completed" {
			return nil // not ours
		}
		data, err := cloudevent.Data[cloudevent.TaskEventData](event)
		if err != nil {
			return err
		}
		if data.Task == nil {
			return fault.New(fault.Invalid, "the completed task is missing")
		}
		fmt.Println("completed:", data.TaskID)
		return nil
	}
	rt := &httpapi.Router{}
	consumer.New("praise", deadLetters{}, handle).Mount(rt, dapr.Config{AppToken: "secret"}, cloudevent.TopicTaskEvents)

	for _, data := range []string{`{"task_id":"019aa8ef-1000-7b20-9c3d-4e5f60718293","task":{}}`, `{}`} {
		r := httptest.NewRequest(http.MethodPost, "/internal/events/task-events",
			strings.NewReader(`{"specversion":"1.0","id":"1","source":"/laptop","type":"task.completed","data":`+data+`}`))
		r.Header.Set("dapr-api-token", "secret")
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// completed: 019aa8ef-1000-7b20-9c3d-4e5f60718293
	// 200
	// dead letter: invalid: the completed task is missing
	// 200
}
