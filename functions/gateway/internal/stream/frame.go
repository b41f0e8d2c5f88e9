package stream

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/view"
)

// A frame is one encoded event of the stream (WHATWG HTML, 9.2.5). It is built once and shared by all its streams.
type frame struct {
	seq  int64 // of the change; 0 where the frame is none
	wire []byte
}

// Why a client must read everything again.
const (
	resetEpoch = "epoch" // another epoch, or a position that was never sent
	resetGap   = "gap"   // more was missed than is replayed, or events are missing from the log
	resetSlow  = "slow"  // the client does not read; the stream ends
)

var ping = frame{wire: []byte(": ping\n\n")}

func named(event string, at Head, data any) []byte {
	body, err := json.Marshal(data)
	if err != nil {
		panic(err) // our own types always marshal
	}
	wire := make([]byte, 0, len(body)+len(event)+len(at.Epoch)+48)
	wire = append(wire, "event: "+event+"\nid: "+at.Epoch+"-"...)
	wire = strconv.AppendInt(wire, at.Seq, 10)
	wire = append(wire, "\ndata: "...)
	wire = append(wire, body...) // JSON of encoding/json has no line breaks
	return append(wire, "\n\n"...)
}

// hello says where the stream continues (its id) and where the log ends (its data).
func hello(at, head Head) frame {
	event := named("hello", at, struct {
		Stream string `json:"stream"`
		Seq    int64  `json:"seq"`
	}{head.Epoch, head.Seq})
	return frame{wire: append(retry(time.Second, 4*time.Second), event...)}
}

func changed(epoch string, e task.Event) frame {
	switch {
	case e.EventType.OfLabel():
		return labeled(epoch, e)
	case e.EventType.OfView():
		return viewed(epoch, e)
	case e.EventType.OfComment():
		return commented(epoch, e)
	case !e.EventType.OfTask():
		return notified(epoch, e)
	}
	return frame{seq: e.Seq, wire: named(cloudevent.TypeTaskChanged, Head{epoch, e.Seq}, struct {
		cloudevent.TaskUpdateData
		Task        *task.Task `json:"task"`
		Traceparent string     `json:"traceparent"`
	}{cloudevent.UpdateData(e), e.Task, e.Traceparent})}
}

// notified announces a notification, or with null all at once.
func notified(epoch string, e task.Event) frame {
	data := struct {
		cloudevent.NotificationUpdateData
		Notification json.RawMessage `json:"notification"`
		Traceparent  string          `json:"traceparent"`
	}{cloudevent.NotificationData(e), e.Notification, e.Traceparent}
	if data.Notification == nil {
		data.Notification = json.RawMessage("null")
	}
	return frame{seq: e.Seq, wire: named(cloudevent.NotificationType(e), Head{epoch, e.Seq}, data)}
}

// labeled announces a change of a project, a section or a tag, and what it did to tasks.
func labeled(epoch string, e task.Event) frame {
	entry, err := label.EntryOf(e)
	if err != nil {
		panic(err) // our own types always unmarshal
	}
	data := struct {
		cloudevent.LabelUpdateData
		Project     *label.Label    `json:"project,omitempty"` // one of the three
		Section     *label.Label    `json:"section,omitempty"`
		Tag         *label.Label    `json:"tag,omitempty"`
		Relabels    []label.Relabel `json:"relabels"`
		Traceparent string          `json:"traceparent"`
	}{LabelUpdateData: cloudevent.LabelData(e, entry.ID), Relabels: entry.Relabels, Traceparent: e.Traceparent}
	if data.Relabels == nil {
		data.Relabels = []label.Relabel{}
	}
	switch label.KindOf(e.EventType) {
	case label.Tag:
		data.Tag = &entry.Label
	case label.Section:
		data.Section = &entry.Label
	default:
		data.Project = &entry.Label
	}
	return frame{seq: e.Seq, wire: named(cloudevent.LabelType(e), Head{epoch, e.Seq}, data)}
}

// viewed announces a change of a saved view, which is null if it was deleted.
func viewed(epoch string, e task.Event) frame {
	update, after := cloudevent.ViewData(e)
	return frame{seq: e.Seq, wire: named(cloudevent.TypeViewChanged, Head{epoch, e.Seq}, struct {
		cloudevent.ViewUpdateData
		View        *view.View `json:"view"`
		Traceparent string     `json:"traceparent"`
	}{update, after, e.Traceparent})}
}

// commented announces a change of a comment, which is null if it was deleted. comments is how many the task has, where that changed.
func commented(epoch string, e task.Event) frame {
	update, after := cloudevent.CommentData(e)
	return frame{seq: e.Seq, wire: named(cloudevent.TypeCommentChanged, Head{epoch, e.Seq}, struct {
		cloudevent.CommentUpdateData
		Comment     *comment.Comment `json:"comment"`
		Comments    *int             `json:"comments"`
		Traceparent string           `json:"traceparent"`
	}{update, after, comment.Count(e), e.Traceparent})}
}

func changes(epoch string, events []task.Event) []frame {
	frames := make([]frame, len(events))
	for i, e := range events {
		frames[i] = changed(epoch, e)
	}
	return frames
}

func reset(head Head, reason string) frame {
	return frame{wire: named("sync.reset", head, struct {
		Stream string `json:"stream"`
		Seq    int64  `json:"seq"`
		Reason string `json:"reason"`
	}{head.Epoch, head.Seq, reason})}
}

// retry tells the client when to reconnect, after a random delay, so that clients disconnected together do not reconnect
// together.
func retry(least, spread time.Duration) []byte {
	return fmt.Appendf(nil, "retry: %d\n", (least + rand.N(spread)).Milliseconds())
}

// farewell ends a stream whose client should reconnect soon.
func farewell(spread time.Duration) frame {
	return frame{wire: append(retry(100*time.Millisecond, spread), '\n')}
}

// parseID reads "<epoch>-<seq>".
func parseID(id string) (Head, bool) {
	epoch, number, _ := strings.Cut(id, "-")
	seq, err := strconv.ParseUint(number, 10, 63)
	return Head{epoch, int64(seq)}, err == nil && epoch != ""
}
